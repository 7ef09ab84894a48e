import { z } from "zod";
import { checkFinnishReference } from "../invoicing/finnishReference.ts";
import { isIban } from "../invoicing/iban.ts";
import { cents, date, id, line, text } from "./fields.ts";
import { putRemoveOf } from "./putRemove.ts";

const number = z.int().min(1).max(999_999);
const party = z.strictObject({
  name: line,
  lines: z.array(line).max(10),
  postalCode: line.exactOptional(),
  city: line.exactOptional(),
  country: line.exactOptional(),
  businessId: line.exactOptional(),
});
/** One line of an invoice: quantity in hundredths, price of one in cents, tax in hundredths of a per cent. */
const invoiceLine = z.strictObject({
  description: line,
  on: date.exactOptional(),
  quantityHundredths: z.int().min(1).max(10_000_000),
  unitCents: cents,
  taxBasisPoints: z.int().min(0).max(10_000),
  /** The attendance that is billed, as the patient's office file names it: none is billed twice. */
  appointment: line.exactOptional(),
});
/** One line of an invoice. */
export type InvoiceLine = z.infer<typeof invoiceLine>;

const document = {
  number,
  issuedOn: date,
  seller: party,
  buyer: party,
  patient: id.exactOptional(),
  currency: z.literal("EUR"),
  lines: z.array(invoiceLine).min(1).max(500),
  /** Why no tax is charged. */
  taxNote: line.exactOptional(),
  remark: text.exactOptional(),
};

const invoice = z.strictObject({
  kind: z.literal("invoice"),
  ...document,
  dueOn: date,
  iban: line.refine(isIban),
  reference: line.refine(checkFinnishReference),
});
/** An invoice with IBAN and Finnish reference number. */
export type Invoice = z.infer<typeof invoice>;

const receipt = z.strictObject({
  kind: z.literal("receipt"),
  ...document,
  method: z.enum(["cash", "card", "transfer"]),
});
/** A receipt for what was paid on the spot. */
export type Receipt = z.infer<typeof receipt>;

const creditNote = z.strictObject({
  kind: z.literal("creditNote"),
  ...document,
  credits: number,
  reason: line,
});
/** A credit note over a numbered invoice; its lines are positive and reduce what is owed. */
export type CreditNote = z.infer<typeof creditNote>;

const payment = z.strictObject({
  kind: z.literal("payment"),
  pays: number,
  receivedOn: date,
  cents,
  reference: line.exactOptional(),
});
/** Money received for a numbered invoice, in cents. */
export type Payment = z.infer<typeof payment>;

/** What a ledger holds under a key. */
export const ledgerValue = z.discriminatedUnion("kind", [invoice, receipt, creditNote, payment]);
/** What a ledger holds under a key. */
export type LedgerValue = z.infer<typeof ledgerValue>;

/** Entries of a ledger file (one per invoicing unit and year). */
export const ledgerBody = putRemoveOf(ledgerValue);
/** Entries of a ledger file. */
export type LedgerBody = z.infer<typeof ledgerBody>;
