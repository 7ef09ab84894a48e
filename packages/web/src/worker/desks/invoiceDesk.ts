import {
  creditInvoice,
  draftInvoices,
  invoicingUnits,
  issueInvoice,
  issueReceipt,
  listUnbilled,
  markBooking,
  openCalendar,
  openDirectory,
  putUnit,
  readFrontDesk,
  readLedger,
  recordPayment,
  type InvoiceDraft,
  type Issued,
  type Unbilled,
  type UnitWish,
} from "@sinetti/client";
import {
  displayName,
  isIban,
  isHeld,
  normaliseIban,
  type InvoicingUnit,
  type Payment,
  type Prices,
  type PrintLanguage,
  type Receipt,
} from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import { documentRows, type DocumentRow } from "../billing/documentRow.ts";
import { documentOf, paperLanguage, printDocument } from "../billing/ledgerPaper.ts";
import { keepPrices, lastPrices } from "../billing/prices.ts";
import type { Session } from "../session.ts";

const PLACE = { site: null, zone: ZONE } as const;

/** The ledger of a unit and year as the list shows it. */
export interface LedgerView {
  readonly unit: string;
  readonly year: number;
  readonly rows: readonly DocumentRow[];
  readonly openCents: number;
  readonly overdueCents: number;
  /** Numbers that are missing, and entries that were set aside; none in a sound ledger. */
  readonly gaps: readonly number[];
  readonly setAside: number;
}

/** One document with what came in for it. */
export interface DocumentView extends DocumentRow {
  readonly document: ReturnType<typeof documentOf>;
  readonly payments: readonly Payment[];
  readonly creditNotes: readonly number[];
}

/** A document before it has a number, and whose it would be. */
export interface DraftRow {
  readonly for: "patient" | "payer";
  readonly draft: InvoiceDraft;
}

/** What can be billed to a patient and the payers. */
export interface DraftView {
  readonly name: string;
  readonly language: PrintLanguage;
  readonly drafts: readonly DraftRow[];
  /** Sessions that the calendar has marked and the patient's office file does not know. */
  readonly unwritten: number;
}

/** What a draft is made of. */
export interface DraftWish {
  readonly unit: string;
  readonly patient: string;
  readonly from: string;
  readonly to: string;
  /** Null: the patient's where it is one of ours, else the one of the screen. */
  readonly language: PrintLanguage | null;
  readonly shown: PrintLanguage;
  readonly prices: Prices;
}

/** Issued under a number, or the number that has billed it already. */
export interface IssuedRow {
  readonly isDone: boolean;
  readonly number: number;
}

const issuedRow = (issued: Issued<{ number: number }>): IssuedRow =>
  issued.ok
    ? { isDone: true, number: issued.value.number }
    : { isDone: false, number: issued.number };

/** Invoices, receipts and credit notes of the practice's invoicing units. */
export const makeInvoiceDesk = (session: Session) => {
  const ledgerOf = (place: { unit: string; year: number }) =>
    readLedger(session.client, place, { zone: ZONE });
  const unwrittenOf = async ({ patient, from, to }: DraftWish) => {
    const { client } = session;
    const [{ bookings }, { office }] = await Promise.all([
      openCalendar(client, PLACE, { from, to }),
      readFrontDesk(client, patient, { zone: ZONE }),
    ]);
    const known = new Set(office.attendances.map(({ key }) => key));
    const isTold = ({ status }: { status: string }): boolean =>
      status === "missed" || status === "cancelled-late";
    return bookings.filter(
      (each) =>
        each.patients.includes(office.patient) &&
        (isHeld(each) || isTold(each)) &&
        !known.has(each.key),
    );
  };
  return {
    units: async (): Promise<readonly InvoicingUnit[]> =>
      invoicingUnits(await openDirectory(session.client.context)),
    /** Whether an account number holds; its form as banks keep it. */
    checkIban: (iban: string): string | null => (isIban(iban) ? normaliseIban(iban) : null),
    putUnit: (wish: UnitWish): Promise<void> => putUnit(session.client.context, wish),
    ledger: async (place: { unit: string; year: number }): Promise<LedgerView> => {
      const ledger = await ledgerOf(place);
      const rows = documentRows(ledger);
      const openOf = (some: readonly DocumentRow[]): number =>
        some.reduce((sum, each) => sum + Math.max(0, each.openCents), 0);
      return {
        ...place,
        rows,
        openCents: openOf(rows),
        overdueCents: openOf(rows.filter(({ state }) => state === "overdue")),
        gaps: ledger.gaps,
        setAside: ledger.setAside.length,
      };
    },
    /** One document of a ledger. Error: `unknown-record`. */
    document: async (wish: {
      unit: string;
      year: number;
      number: number;
    }): Promise<DocumentView> => {
      const { number, ...place } = wish;
      const ledger = await ledgerOf(place);
      const document = documentOf(ledger, number);
      const row = documentRows(ledger).find((each) => each.number === number);
      const status = ledger.invoices.find((each) => each.number === number);
      if (row === undefined) throw new TypeError("a document without a row");
      return {
        ...row,
        document,
        payments: status?.payments ?? [],
        creditNotes: status?.creditNotes ?? [],
      };
    },
    /** Who has sessions to bill; a therapist without the office's role sees their own. */
    unbilled: (wish: { unit: string; from: string; to: string }): Promise<Unbilled> => {
      const { client } = session;
      const { unit, ...range } = wish;
      const isOffice = client.roles.includes("office");
      const own = isOffice ? {} : { therapist: client.member };
      return listUnbilled(client, { ...PLACE, unit }, { ...range, ...own });
    },
    prices: (): Promise<Prices | null> => lastPrices(session.client),
    /** Drafts for a patient and each payer; nothing is kept of them but the prices. */
    draft: async (wish: DraftWish): Promise<DraftView> => {
      const { client } = session;
      const { patient, shown, ...options } = wish;
      const { identity } = await readFrontDesk(client, patient, { zone: ZONE });
      const language = wish.language ?? paperLanguage(identity.person?.language) ?? shown;
      const drafted = await draftInvoices(client, patient, { ...options, language, zone: ZONE });
      await keepPrices(client, wish.prices);
      const own = drafted.patient;
      return {
        name: identity.person === undefined ? "" : displayName(identity.person),
        language,
        drafts: [
          ...(own === null ? [] : [{ for: "patient" as const, draft: own }]),
          ...drafted.payers.map(({ draft }) => ({ for: "payer" as const, draft })),
        ],
        unwritten: (await unwrittenOf(wish)).length,
      };
    },
    /** Writes what the calendar has marked into the patient's office file; gives how many could not be. */
    takeIn: async (wish: DraftWish): Promise<number> => {
      let left = 0;
      for (const booking of await unwrittenOf(wish)) {
        const { status } = booking;
        const { booked, unwritten } = await markBooking(session.client, PLACE, { booking, status });
        if (!booked.ok || unwritten.length > 0) left++;
      }
      return left;
    },
    /** Issues a document under the next number: it cannot be taken back, only credited. */
    issue: async (wish: {
      unit: string;
      draft: InvoiceDraft;
      /** Null: an invoice, to be paid later. */
      method: Receipt["method"] | null;
    }): Promise<IssuedRow> => {
      const { client } = session;
      const { method, ...rest } = wish;
      if (method === null) return issuedRow(await issueInvoice(client, { ...rest, zone: ZONE }));
      return issuedRow(await issueReceipt(client, { ...rest, zone: ZONE, method }));
    },
    /** Gives what is still open, in cents. */
    pay: (
      place: { unit: string; year: number },
      payment: { number: number; receivedOn: string; cents: number; reference?: string },
    ): Promise<number> => recordPayment(session.client, place, payment),
    /** Credits a whole invoice; gives the credit note's number. */
    credit: async (
      place: { unit: string; year: number },
      wish: { number: number; reason: string },
    ): Promise<number> => {
      const note = await creditInvoice(session.client, place, { ...wish, zone: ZONE });
      return note.number;
    },
    /** A document as PDF; `language` null: the patient's. */
    paper: async (
      place: { unit: string; year: number },
      wish: { number: number; language: PrintLanguage | null; shown: PrintLanguage },
    ): Promise<Uint8Array> => printDocument(session.client, await ledgerOf(place), wish),
  };
};
