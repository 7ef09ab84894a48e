import {
  billedAppointments,
  draftLines,
  instantToLocalTime,
  invoiceLineText,
  type Invoice,
  type InvoiceLine,
  type KnownPayer,
  type Prices,
  type PrintLanguage,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { LedgerBook } from "./ledgerBook.ts";
import { readFrontDesk } from "./office.ts";

type Party = Invoice["buyer"];

/** A document before it has a number. */
export interface InvoiceDraft {
  readonly buyer: Party;
  /** The identity file's id. */
  readonly patient?: string;
  readonly lines: readonly InvoiceLine[];
  readonly remark?: string;
}

/** The drafts of what a patient has not been billed yet: the patient's, and one for each payer. */
export interface DraftedInvoices {
  readonly patient: InvoiceDraft | null;
  readonly payers: readonly (KnownPayer & { readonly draft: InvoiceDraft })[];
}

/** The day in a zone. */
export function todayIn({ context }: Client, zone: string): string {
  return instantToLocalTime(context.world.clock.now() * 1000, zone).slice(0, 10);
}

/** Drafts invoices of what a patient attended and nobody has billed yet, up to and including `to`. Errors: `unknown-record`, `refused`. */
export async function draftInvoices(
  client: Client,
  patient: string,
  options: {
    unit: string;
    zone: string;
    language: PrintLanguage;
    prices: Prices;
    from?: string;
    to?: string;
  },
): Promise<DraftedInvoices> {
  const { unit, zone, language, prices } = options;
  const today = todayIn(client, zone);
  const { from = "", to = today } = options;
  const { identity, office } = await readFrontDesk(client, patient, { zone });
  const book = await LedgerBook.open(client, { unit, year: Number(today.slice(0, 4)) });
  const { patient: own, byPayer } = draftLines(
    office.attendances.filter(({ start }) => start >= from && start.slice(0, 10) <= to),
    {
      patient: office.patient,
      prices,
      payers: office.payers,
      billed: new Set(billedIn(book).keys()),
      say: (what, { minutes }, known) =>
        invoiceLineText(what, {
          language,
          minutes,
          ...(known && { payer: known.payer.name ?? known.payer.payer }),
        }),
    },
  );
  const buyer = office.billingAddress ?? personAsBuyer(identity.person);
  return {
    patient:
      own.length === 0 ? null : { buyer: asParty(buyer), patient: office.patient, lines: own },
    payers: office.payers.flatMap(({ entry, payer }) => {
      const lines = byPayer.get(entry);
      const name = payer.name ?? payer.payer;
      if (lines === undefined) return [];
      return [
        { entry, payer, draft: { buyer: { name, lines: [] }, patient: office.patient, lines } },
      ];
    }),
  };
}

type Addressed = Pick<Party, "name" | "lines" | "postalCode" | "city" | "country">;

/** A party of a document without what stands elsewhere. */
export function asParty({ name, lines, postalCode, city, country }: Addressed): Party {
  return {
    name,
    lines: lines.slice(0, 10),
    ...(postalCode !== undefined && { postalCode }),
    ...(city !== undefined && { city }),
    ...(country !== undefined && { country }),
  };
}

function personAsBuyer(
  person: Awaited<ReturnType<typeof readFrontDesk>>["identity"]["person"],
): Addressed {
  if (person === undefined) throw new ClientError("unknown-record");
  const { name, addresses } = person;
  const full = [...name.given, name.family ?? ""].join(" ").trim();
  const [address] = addresses;
  return { lines: [], ...address, name: full === "" ? (name.text ?? "–") : full };
}

/** What this ledger and the one before it bill already, by billing key. */
export function billedIn({ state, before }: LedgerBook): Map<string, number> {
  const last = before === null ? [] : billedAppointments(before);
  return new Map([...last, ...billedAppointments(state)]);
}
