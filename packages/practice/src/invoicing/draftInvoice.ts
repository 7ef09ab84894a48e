import type { InvoiceLine } from "../records/ledger.ts";
import type { AttendanceOutcome } from "../records/office.ts";
import type { AttendedSession, KnownPayer } from "./officeState.ts";

/** What is charged, in cents for one appointment; what was cancelled in time costs nothing. */
export interface Prices {
  readonly session: number;
  /** Not charged when left out. */
  readonly missed?: number;
  readonly cancelledLate?: number;
}

/** The lines of the patient's invoice, and of the payers' by the entry of their decision. */
export interface DraftedLines {
  readonly patient: InvoiceLine[];
  readonly byPayer: ReadonlyMap<string, InvoiceLine[]>;
}

type Charged = "held" | "missed" | "cancelledLate";

const CHARGED: Partial<Record<AttendanceOutcome, Charged>> = {
  attended: "held",
  late: "held",
  missed: "missed",
  "cancelled-late": "cancelledLate",
};

/** What names an appointment of a patient in the ledger, as the patient's invoice bills it or the payer's share of it. */
export function billingKey(patient: string, appointment: string, of: "whole" | "share"): string {
  return `${patient}/${appointment}${of === "share" ? "/share" : ""}`;
}

/**
 * Invoice lines of a patient's appointments, oldest first: each at its price, with the share that a payer's decision takes over as
 * a line below it. `say` gives the words; what was billed already (`billed`, by billing key) is left out, for patient and payer apart.
 */
export function draftLines(
  sessions: readonly AttendedSession[],
  options: {
    /** The identity file's id. */
    patient: string;
    prices: Prices;
    payers: readonly KnownPayer[];
    billed: ReadonlySet<string>;
    say: (what: Charged | "share", session: AttendedSession, payer?: KnownPayer) => string;
    taxBasisPoints?: number;
  },
): DraftedLines {
  const { prices, payers, billed, say, taxBasisPoints = 0 } = options;
  const own: InvoiceLine[] = [];
  const byPayer = new Map<string, InvoiceLine[]>();
  for (const session of sessions.toSorted((a, b) => a.start.localeCompare(b.start))) {
    const charged = CHARGED[session.outcome];
    if (charged === undefined) continue;
    const unitCents = charged === "held" ? prices.session : (prices[charged] ?? 0);
    if (unitCents === 0) continue;
    const base = { on: session.start.slice(0, 10), quantityHundredths: 100, taxBasisPoints };
    const payer = payers.find(({ entry }) => charged === "held" && entry === session.payer);
    const share = Math.min(payer?.payer.shareCents ?? 0, unitCents);
    const whole = billingKey(options.patient, session.key, "whole");
    if (!billed.has(whole)) {
      own.push({ ...base, description: say(charged, session), unitCents, appointment: whole });
      if (payer !== undefined && share > 0)
        own.push({ ...base, description: say("share", session, payer), unitCents: -share });
    }
    const ofPayer = billingKey(options.patient, session.key, "share");
    if (payer === undefined || share === 0 || billed.has(ofPayer)) continue;
    const description = say("share", session, payer);
    const line = { ...base, description, unitCents: share, appointment: ofPayer };
    byPayer.set(payer.entry, [...(byPayer.get(payer.entry) ?? []), line]);
  }
  return { patient: own, byPayer };
}
