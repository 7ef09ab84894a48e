import type { Attendance, Payer } from "../records/office.ts";
import type { KnownPayer, OfficeState } from "./officeState.ts";

/** Where a payer's decision stands on a day. */
export interface PayerStatus {
  used: number;
  left: number;
  valid: boolean;
  warnings: ("sessions-low" | "sessions-spent" | "ending" | "ended" | "not-begun")[];
}

const COUNTS = new Set<Attendance["outcome"]>(["attended", "late"]);
const DAY_MS = 86_400_000;

/** Sessions used and left under a decision (entry id `payerEntry`) on `today` (`YYYY-MM-DD`), with the warnings it asks for. */
export function payerStatus(
  payer: Payer,
  attendances: readonly Attendance[],
  options: { payerEntry: string; today: string },
): PayerStatus {
  const own = attendances.filter(
    ({ payer: entry, outcome }) => entry === options.payerEntry && COUNTS.has(outcome),
  );
  const used = payer.sessionsUsedBefore + own.length;
  const left = Math.max(0, payer.sessionsGranted - used);
  const daysLeft = Math.floor((Date.parse(payer.validTo) - Date.parse(options.today)) / DAY_MS);
  const warnings: PayerStatus["warnings"] = [];
  if (left === 0) warnings.push("sessions-spent");
  else if (left <= payer.warnSessionsLeft) warnings.push("sessions-low");
  if (daysLeft < 0) warnings.push("ended");
  else if (daysLeft <= payer.warnDaysLeft) warnings.push("ending");
  if (options.today < payer.validFrom) warnings.push("not-begun");
  return {
    used,
    left,
    valid: daysLeft >= 0 && options.today >= payer.validFrom && left > 0,
    warnings,
  };
}

/** The decision under which a session on `day` falls: valid then with sessions left, the one that ends first; undefined: none. */
export function payerOn(
  state: Pick<OfficeState, "payers" | "attendances">,
  day: string,
): KnownPayer | undefined {
  return state.payers
    .filter(
      ({ entry, payer }) =>
        payerStatus(payer, state.attendances, { payerEntry: entry, today: day }).valid,
    )
    .toSorted((a, b) => a.payer.validTo.localeCompare(b.payer.validTo))[0];
}
