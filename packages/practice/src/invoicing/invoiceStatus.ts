import type { Invoice, Payment } from "../records/ledger.ts";
import { documentTotal, openCents, type LedgerState } from "./ledger.ts";

/** Where an invoice stands. */
export interface InvoiceStatus {
  readonly number: number;
  readonly invoice: Invoice;
  readonly totalCents: number;
  /** Below zero: overpaid. */
  readonly openCents: number;
  readonly payments: readonly Payment[];
  readonly creditNotes: readonly number[];
  /** Credit notes take all of it back, also where it was paid before. */
  readonly isCredited: boolean;
  readonly state: "open" | "overdue" | "paid" | "credited" | "overpaid";
}

/** Every invoice of a ledger as it stands on `today` (`YYYY-MM-DD`), by number. */
export function invoiceStatuses(state: LedgerState, today: string): InvoiceStatus[] {
  return [...state.valueByKey.values()]
    .flatMap((value) => (value.kind === "invoice" ? [value] : []))
    .map((invoice) => statusOf(state, { invoice, today }))
    .sort((a, b) => a.number - b.number);
}

function statusOf(
  state: LedgerState,
  { invoice, today }: { invoice: Invoice; today: string },
): InvoiceStatus {
  const { number } = invoice;
  const values = [...state.valueByKey.values()];
  const payments = values.flatMap((each) =>
    each.kind === "payment" && each.pays === number ? [each] : [],
  );
  const credits = values.flatMap((each) =>
    each.kind === "creditNote" && each.credits === number ? [each] : [],
  );
  const totalCents = documentTotal(invoice.lines).grossCents;
  const credited = credits.reduce((sum, { lines }) => sum + documentTotal(lines).grossCents, 0);
  const open = openCents(state, number);
  const isCredited = credits.length > 0 && credited >= totalCents;
  return {
    number,
    invoice,
    totalCents,
    openCents: open,
    payments,
    creditNotes: credits.map((each) => each.number),
    isCredited,
    state: stateOf(open, { isCredited, isLate: today > invoice.dueOn }),
  };
}

function stateOf(
  open: number,
  { isCredited, isLate }: { isCredited: boolean; isLate: boolean },
): InvoiceStatus["state"] {
  if (open < 0) return "overpaid";
  if (open === 0) return isCredited ? "credited" : "paid";
  return isLate ? "overdue" : "open";
}

/** The billing keys that invoices and receipts hold already, with their numbers: those of a wholly credited invoice are free again. */
export function billedAppointments(state: LedgerState): Map<string, number> {
  const credited = new Set(
    invoiceStatuses(state, "").flatMap((each) => (each.isCredited ? [each.number] : [])),
  );
  const billed = new Map<string, number>();
  for (const value of state.valueByKey.values()) {
    if (value.kind !== "invoice" && value.kind !== "receipt") continue;
    if (credited.has(value.number)) continue;
    for (const { appointment } of value.lines)
      if (appointment !== undefined) billed.set(appointment, value.number);
  }
  return billed;
}
