import type { RetentionClass, RetentionStart } from "./retentionClasses.ts";

/** What is known of a patient; dates as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
export interface RetentionFacts {
  readonly born?: string;
  readonly died?: string;
  /** When care ended; absent: it goes on, or nobody knows. */
  readonly careEnded?: string;
}

/** A legal hold; `until` is the day on which it ends, null when somebody must lift it. */
export interface HeldUntil {
  readonly until: string | null;
}

/** Why a record is kept until a day. */
export interface RetentionReason {
  readonly after: RetentionStart;
  /** The date that the years were counted from, as it is known. */
  readonly from: string;
  readonly years: number;
  /** Whether the rule for minors has moved the day. */
  readonly forMinor: boolean;
}

/** The day from which a record may be erased. */
export interface Retention {
  /** `YYYY-MM-DD`. */
  readonly due: string;
  readonly reason: RetentionReason;
  /** `kept`: not yet. `due`: its time is over. `on-hold`: over, and held. */
  readonly state: "kept" | "due" | "on-hold";
}

/** Why nothing can be said: a date that the class counts from is missing. */
export type RetentionUnknown = "care-goes-on" | "birth-unknown";

/** The last day that a date of which only a part is known can mean. */
function latestDay(date: string): string {
  const [year = "", month = "12", day] = date.split("-");
  if (day !== undefined) return date;
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return `${year}-${month}-${String(last).padStart(2, "0")}`;
}

/** The same day some years later; 29 February is 1 March in a year without one, so that nothing is over too early. */
export function addYears(date: string, years: number): string {
  const [year = "", month = "", day = ""] = latestDay(date).split("-");
  const at = new Date(Date.UTC(Number(year) + years, Number(month) - 1, Number(day)));
  return at.toISOString().slice(0, 10);
}

function startOf(facts: RetentionFacts, after: RetentionStart): string | undefined {
  if (after === "death") return facts.died;
  return after === "birth" ? facts.born : (facts.careEnded ?? facts.died);
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}

/** The day before which a minor's record is kept; null: the rule does not touch it, undefined: the birth date is missing. */
function minorDay(
  { minors }: RetentionClass,
  { born }: RetentionFacts,
  from: string,
): string | null | undefined {
  if (minors === undefined) return null;
  if (born === undefined) return undefined;
  const grown = addYears(born, minors.age);
  return latestDay(from) < grown ? addYears(grown, minors.years) : null;
}

/**
 * The day from which a record may be erased, why, and whether it is to be kept today (`YYYY-MM-DD`). Of a date that is
 * known in part the last day counts, so that nothing is erased too early. Source: the class.
 */
export function retentionOf(
  facts: RetentionFacts,
  {
    retentionClass,
    holds,
    today,
  }: { retentionClass: RetentionClass; holds: readonly HeldUntil[]; today: string },
): { ok: true; value: Retention } | { ok: false; reason: RetentionUnknown } {
  for (const { after, years } of retentionClass.periods) {
    const from = startOf(facts, after);
    if (from === undefined) continue;
    const plain = addYears(from, years);
    const minor = minorDay(retentionClass, facts, from);
    if (minor === undefined) return { ok: false, reason: "birth-unknown" };
    const due = minor === null ? plain : laterOf(plain, minor);
    const reason = { after, from, years, forMinor: due !== plain };
    const isHeld = holds.some(({ until }) => until === null || today < until);
    const state = today < due ? "kept" : isHeld ? "on-hold" : "due";
    return { ok: true, value: { due, reason, state } };
  }
  const countsCare = retentionClass.periods.some(({ after }) => after === "care-end");
  return { ok: false, reason: countsCare ? "care-goes-on" : "birth-unknown" };
}
