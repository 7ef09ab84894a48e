import type { Ledger } from "@sinetti/client";
import {
  documentTotal,
  type CreditNote,
  type InvoiceStatus,
  type Receipt,
} from "@sinetti/practice";

/** Where a document of the ledger stands. */
export type DocumentState = InvoiceStatus["state"] | "received" | "credit";

/** One numbered document, as the list shows it. */
export interface DocumentRow {
  readonly number: number;
  readonly kind: "invoice" | "receipt" | "creditNote";
  readonly issuedOn: string;
  readonly buyer: string;
  readonly totalCents: number;
  /** What is still to be paid; below zero: overpaid. */
  readonly openCents: number;
  readonly dueOn: string | null;
  readonly state: DocumentState;
}

type Plain = Receipt | CreditNote;

function plainRow(document: Plain): DocumentRow {
  return {
    number: document.number,
    kind: document.kind,
    issuedOn: document.issuedOn,
    buyer: document.buyer.name,
    totalCents: documentTotal(document.lines).grossCents,
    openCents: 0,
    dueOn: null,
    state: document.kind === "receipt" ? "received" : "credit",
  };
}

/** Every document of a ledger, the newest first. */
export function documentRows({ invoices, receipts, creditNotes }: Ledger): DocumentRow[] {
  const rows = invoices.map(({ number, invoice, totalCents, openCents, state }): DocumentRow => ({
    number,
    kind: "invoice",
    issuedOn: invoice.issuedOn,
    buyer: invoice.buyer.name,
    totalCents,
    openCents,
    dueOn: invoice.dueOn,
    state,
  }));
  return [...rows, ...receipts.map(plainRow), ...creditNotes.map(plainRow)].sort(
    (a, b) => b.number - a.number,
  );
}
