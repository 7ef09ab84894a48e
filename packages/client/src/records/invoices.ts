import { generateEntryId } from "@sinetti/core/secret";
import {
  addDays,
  documentTotal,
  invoiceStatuses,
  ledgerGaps,
  ledgerKey,
  makeFinnishReference,
  nextLedgerNumber,
  openCents,
  type CreditNote,
  type Invoice,
  type InvoiceLine,
  type InvoiceStatus,
  type LedgerState,
  type LedgerValue,
  type Receipt,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { asParty, billedIn, todayIn, type InvoiceDraft } from "./draftInvoices.ts";
import { LedgerBook, type LedgerPlace } from "./ledgerBook.ts";

/** A ledger as it stands. */
export interface Ledger {
  readonly unit: string;
  readonly year: number;
  readonly invoices: readonly InvoiceStatus[];
  readonly receipts: readonly Receipt[];
  readonly creditNotes: readonly CreditNote[];
  /** Numbers that are missing; none in a sound ledger. */
  readonly gaps: readonly number[];
  /** Entries that the ledger's rules set aside, such as what went out after its number was taken. */
  readonly setAside: LedgerState["refused"];
}

/** What came of issuing: the document, or the number under which one of its appointments is billed already. */
export type Issued<D> =
  | { readonly ok: true; readonly value: D }
  | { readonly ok: false; readonly reason: "already-billed"; readonly number: number };

/** Opens a unit's ledger of a year, made at first use. Errors: `input-rejected`, `refused`. */
export async function readLedger(
  client: Client,
  place: LedgerPlace,
  { zone }: { zone: string },
): Promise<Ledger> {
  const { state } = await LedgerBook.open(client, place);
  const values = [...state.valueByKey.values()];
  return {
    ...place,
    invoices: invoiceStatuses(state, todayIn(client, zone)),
    receipts: values.flatMap((value) => (value.kind === "receipt" ? [value] : [])),
    creditNotes: values.flatMap((value) => (value.kind === "creditNote" ? [value] : [])),
    gaps: ledgerGaps(state),
    setAside: state.refused,
  };
}

/** Numbers and issues an invoice, unless one of its appointments is billed already. Errors: `input-rejected`, `refused`. */
export async function issueInvoice(
  client: Client,
  { unit: id, zone, draft }: { unit: string; zone: string; draft: InvoiceDraft },
): Promise<Issued<Invoice>> {
  const issuedOn = todayIn(client, zone);
  const year = Number(issuedOn.slice(0, 4));
  const book = await LedgerBook.open(client, { unit: id, year });
  const { paymentDays, iban } = book.unit;
  return issue(book, draft, (common) => ({
    kind: "invoice",
    ...common,
    issuedOn,
    dueOn: addDays(issuedOn, paymentDays),
    iban,
    reference: makeFinnishReference(`${year}${String(common.number).padStart(5, "0")}`),
  }));
}

/** Numbers and issues a receipt for what was paid on the spot. Errors: `input-rejected`, `refused`. */
export async function issueReceipt(
  client: Client,
  {
    unit,
    zone,
    draft,
    method,
  }: { unit: string; zone: string; draft: InvoiceDraft; method: Receipt["method"] },
): Promise<Issued<Receipt>> {
  const issuedOn = todayIn(client, zone);
  const book = await LedgerBook.open(client, { unit, year: Number(issuedOn.slice(0, 4)) });
  return issue(book, draft, (common) => ({ kind: "receipt", ...common, issuedOn, method }));
}

type Common = Pick<
  Receipt,
  "number" | "seller" | "buyer" | "patient" | "currency" | "lines" | "taxNote" | "remark"
>;

function commonOf(book: LedgerBook, draft: InvoiceDraft, number: number): Common {
  const { unit } = book;
  const { patient, remark } = draft;
  return {
    number,
    seller: {
      ...asParty(unit),
      ...(unit.businessId !== undefined && { businessId: unit.businessId }),
    },
    buyer: draft.buyer,
    ...(patient !== undefined && { patient }),
    currency: "EUR",
    lines: [...draft.lines],
    ...(unit.taxNote !== undefined && { taxNote: unit.taxNote }),
    ...(remark !== undefined && { remark }),
  };
}

function issue<D extends Invoice | Receipt>(
  book: LedgerBook,
  draft: InvoiceDraft,
  make: (common: Common) => D,
): Promise<Issued<D>> {
  return book.write<Issued<D>>((state) => {
    const billed = billedIn(book);
    const again = draft.lines.flatMap(({ appointment }) => billed.get(appointment ?? "") ?? []);
    if (again[0] !== undefined)
      return { changes: null, result: { ok: false, reason: "already-billed", number: again[0] } };
    const value = make(commonOf(book, draft, nextLedgerNumber(state)));
    return { changes: [{ key: ledgerKey(value.number), value }], result: { ok: true, value } };
  });
}

function invoiceOf(state: LedgerState, number: number): Invoice {
  const value = state.valueByKey.get(ledgerKey(number));
  if (value?.kind !== "invoice") throw new ClientError("unknown-record");
  return value;
}

/** Records money that came in for an invoice; gives what is still open, in cents. Errors: `unknown-record`, `refused`. */
export async function recordPayment(
  client: Client,
  place: LedgerPlace,
  payment: { number: number; receivedOn: string; cents: number; reference?: string },
): Promise<number> {
  const book = await LedgerBook.open(client, place);
  const { number, ...rest } = payment;
  const key = `payment/${generateEntryId()}`;
  const value: LedgerValue = { kind: "payment", pays: number, ...rest };
  await book.write((state) => {
    invoiceOf(state, number);
    return { changes: [{ key, value }], result: undefined };
  });
  return openCents(book.state, number);
}

/** Issues a credit note over an invoice, over all of it unless `lines` say less. Errors: `unknown-record`, `input-rejected`, `refused`. */
export async function creditInvoice(
  client: Client,
  place: LedgerPlace,
  wish: { number: number; reason: string; zone: string; lines?: readonly InvoiceLine[] },
): Promise<CreditNote> {
  const book = await LedgerBook.open(client, place);
  const issuedOn = todayIn(client, wish.zone);
  return book.write((state) => {
    const { buyer, patient, remark: _remark, ...invoice } = invoiceOf(state, wish.number);
    const lines = wish.lines ?? invoice.lines;
    const credited = [...state.valueByKey.values()]
      .flatMap((value) =>
        value.kind === "creditNote" && value.credits === wish.number ? [value] : [],
      )
      .reduce((sum, each) => sum + documentTotal(each.lines).grossCents, 0);
    const total = documentTotal(invoice.lines).grossCents;
    if (credited + documentTotal(lines).grossCents > total)
      throw new ClientError("input-rejected", { detail: "lines: more than the invoice" });
    const draft = { buyer, lines, ...(patient !== undefined && { patient }) };
    const common = commonOf(book, draft, nextLedgerNumber(state));
    const value: CreditNote = {
      kind: "creditNote",
      ...common,
      issuedOn,
      credits: wish.number,
      reason: wish.reason,
    };
    return { changes: [{ key: ledgerKey(value.number), value }], result: value };
  });
}
