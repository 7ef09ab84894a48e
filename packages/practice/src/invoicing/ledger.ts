import { PracticeError } from "../error.ts";
import { foldPutRemove } from "../records/putRemove.ts";
import type {
  CreditNote,
  Invoice,
  InvoiceLine,
  LedgerBody,
  LedgerValue,
  Receipt,
} from "../records/ledger.ts";

/** A ledger document that carries a number. */
export type NumberedDocument = Invoice | Receipt | CreditNote;

/** A folded ledger: what holds by key, and the entries that the ledger's rules set aside. */
export interface LedgerState {
  valueByKey: Map<string, LedgerValue>;
  refused: {
    index: number;
    key: string;
    reason: "number-taken" | "cannot-change" | "wrong-key" | "no-such-invoice";
  }[];
}

/** The key of a numbered document; equal numbers collide, so that compare-and-swap on the chain gives none twice. */
export function ledgerKey(number: number): string {
  return `document/${String(number).padStart(6, "0")}`;
}

/**
 * The ledger after `entries` in chain order. A numbered document is never replaced or removed, a payment or credit note
 * names an invoice that exists; what breaks a rule is set aside in `refused`, so that every reader sees the same ledger.
 */
export function foldLedger(
  entries: readonly LedgerBody[],
  before: ReadonlyMap<string, LedgerValue> = new Map(),
): LedgerState {
  const state: LedgerState = { valueByKey: new Map(before), refused: [] };
  entries.forEach((entry, index) => {
    if (entry.op === "snapshot") {
      state.valueByKey = foldPutRemove([entry]);
      return;
    }
    const reason =
      entry.op === "put"
        ? refusePut(state, entry.key, entry.value)
        : refuseChange(state, entry.key);
    if (reason === undefined) state.valueByKey = foldPutRemove([entry], state.valueByKey);
    else state.refused.push({ index, key: entry.key, reason });
  });
  return state;
}

/** The number that the next document must carry: one more than the highest. */
export function nextLedgerNumber(state: LedgerState): number {
  return numberedDocuments(state).reduce((highest, { number }) => Math.max(highest, number), 0) + 1;
}

/** The numbers missing between 1 and the highest; empty in a sound ledger. */
export function ledgerGaps(state: LedgerState): number[] {
  const taken = new Set(numberedDocuments(state).map(({ number }) => number));
  return Array.from({ length: Math.max(0, ...taken) }, (_, index) => index + 1).filter(
    (number) => !taken.has(number),
  );
}

/** Net, tax and gross in cents; tax is rounded half up per rate over the whole document. */
export function documentTotal(lines: readonly InvoiceLine[]): {
  netCents: number;
  taxCents: number;
  grossCents: number;
} {
  const netByRate = new Map<number, number>();
  for (const { unitCents, quantityHundredths, taxBasisPoints } of lines) {
    const net = divideHalfUp(unitCents * quantityHundredths, 100);
    netByRate.set(taxBasisPoints, (netByRate.get(taxBasisPoints) ?? 0) + net);
  }
  let netCents = 0;
  let taxCents = 0;
  for (const [rate, net] of netByRate) {
    netCents += net;
    taxCents += divideHalfUp(net * rate, 10_000);
  }
  return { netCents, taxCents, grossCents: netCents + taxCents };
}

/** What is still owed on an invoice in cents, below zero when overpaid; throws `ledger-invalid` when there is none. */
export function openCents(state: LedgerState, number: number): number {
  const invoice = state.valueByKey.get(ledgerKey(number));
  if (invoice?.kind !== "invoice")
    throw new PracticeError("ledger-invalid", [{ field: "number", rule: "missing" }]);
  let open = documentTotal(invoice.lines).grossCents;
  for (const value of state.valueByKey.values()) {
    if (value.kind === "payment" && value.pays === number) open -= value.cents;
    if (value.kind === "creditNote" && value.credits === number)
      open -= documentTotal(value.lines).grossCents;
  }
  return open;
}

function numberedDocuments(state: LedgerState): NumberedDocument[] {
  return [...state.valueByKey.values()].filter((value) => value.kind !== "payment");
}

function refusePut(
  state: LedgerState,
  key: string,
  value: LedgerValue,
): LedgerState["refused"][number]["reason"] | undefined {
  const numbered = value.kind !== "payment";
  if (numbered !== key.startsWith("document/") || (numbered && key !== ledgerKey(value.number)))
    return "wrong-key";
  if (numbered && state.valueByKey.has(key)) return "number-taken";
  const invoice =
    value.kind === "payment" ? value.pays : value.kind === "creditNote" ? value.credits : undefined;
  if (invoice !== undefined && state.valueByKey.get(ledgerKey(invoice))?.kind !== "invoice")
    return "no-such-invoice";
  return undefined;
}

function refuseChange(state: LedgerState, key: string): "cannot-change" | undefined {
  const value = state.valueByKey.get(key);
  return value !== undefined && value.kind !== "payment" ? "cannot-change" : undefined;
}

function divideHalfUp(value: number, divisor: number): number {
  return Math.sign(value) * Math.floor((Math.abs(value) + divisor / 2) / divisor);
}
