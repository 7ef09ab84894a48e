import {
  ClientError,
  invoicingUnits,
  openDirectory,
  readFrontDesk,
  type Client,
  type Ledger,
} from "@sinetti/client";
import {
  creditNotePaper,
  invoicePaper,
  receiptPaper,
  type CreditNote,
  type Invoice,
  type PrintLanguage,
  type Receipt,
} from "@sinetti/practice";

import { ZONE } from "../../zone.ts";

type Document = Invoice | Receipt | CreditNote;

/** A document of a ledger by its number. Error: `unknown-record`. */
export function documentOf({ invoices, receipts, creditNotes }: Ledger, number: number): Document {
  const all: Document[] = [...invoices.map(({ invoice }) => invoice), ...receipts, ...creditNotes];
  const found = all.find((each) => each.number === number);
  if (found === undefined) throw new ClientError("unknown-record");
  return found;
}

/** The language of papers that a patient's own language stands for; null: none of ours. */
export const paperLanguage = (language: string | null | undefined): PrintLanguage | null =>
  (["fi", "sv", "en"] as const).find((each) => language?.toLowerCase().startsWith(each)) ?? null;

/** The patient's language where this member may read it and it is one of ours. */
async function languageOf(
  client: Client,
  patient: string | undefined,
): Promise<PrintLanguage | null> {
  if (patient === undefined) return null;
  try {
    const { identity } = await readFrontDesk(client, patient, { zone: ZONE });
    return paperLanguage(identity.person?.language);
  } catch (error) {
    if (error instanceof ClientError && ["refused", "unknown-record"].includes(error.code))
      return null;
    throw error;
  }
}

/** A document as PDF: in a language, or in the patient's, else in the one of the screen. */
export async function printDocument(
  client: Client,
  ledger: Ledger,
  wish: { number: number; language: PrintLanguage | null; shown: PrintLanguage },
): Promise<Uint8Array> {
  const document = documentOf(ledger, wish.number);
  const unit = invoicingUnits(await openDirectory(client.context)).find(
    ({ id }) => id === ledger.unit,
  );
  const language = wish.language ?? (await languageOf(client, document.patient)) ?? wish.shown;
  const how = {
    language,
    made: new Date(client.context.world.clock.now() * 1000).toISOString(),
    ...(unit !== undefined && { unit }),
  };
  const { renderPdf } = await import("@sinetti/paper/pdf");
  if (document.kind === "invoice") return renderPdf(invoicePaper(document, how));
  if (document.kind === "receipt") return renderPdf(receiptPaper(document, how));
  return renderPdf(creditNotePaper(document, how));
}
