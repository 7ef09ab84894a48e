import type { Policy } from "./policy.ts";

/** The class of files that a budget counts. */
export type BudgetClass = "care" | "identity";
/** The horizons of a budget, in seconds. */
export const HORIZON_SECONDS = { tenMinutes: 600, day: 86_400, month: 30 * 86_400 } as const;
/** One horizon. */
export type Horizon = keyof typeof HORIZON_SECONDS;
/** Distinct cases opened inside each horizon, as the release log shows them. */
export type Spent = Record<Horizon, number>;

/** The limits of a member with `grants` live cases: 12 per 10 min, max(30, n/2) a day, max(120, 1.25 n) in 30 days for care. */
export function budgetLimits(policy: Policy, budgetClass: BudgetClass, grants: number): Spent {
  const base = policy[budgetClass];
  if (budgetClass === "identity") return { ...base };
  return {
    tenMinutes: base.tenMinutes,
    day: Math.max(base.day, Math.ceil(grants / 2)),
    month: Math.max(base.month, Math.ceil(grants * 1.25)),
  };
}

/** What the budget says of one more case. */
export interface BudgetVerdict {
  /** The horizon that is used up; null: allowed. */
  readonly over: Horizon | null;
  /** Whether some horizon has reached 80 % after it. */
  readonly warn: boolean;
}

/** Share of a horizon from which on a member is warned. */
const WARN_SHARE = 0.8;

/** Whether one more distinct case fits; `extra` raises every horizon (top-ups). */
export function weighCase(spent: Spent, limits: Spent, extra: number): BudgetVerdict {
  let over: Horizon | null = null;
  let warn = false;
  for (const horizon of Object.keys(HORIZON_SECONDS) as Horizon[]) {
    const limit = limits[horizon] + extra;
    if (over === null && spent[horizon] + 1 > limit) over = horizon;
    if (spent[horizon] + 1 >= limit * WARN_SHARE) warn = true;
  }
  return { over, warn };
}
