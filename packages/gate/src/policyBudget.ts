import {
  budgetLimits,
  HORIZON_SECONDS,
  weighCase,
  type BudgetClass,
  type BudgetVerdict,
  type CaseId,
  type Horizon,
  type Policy,
  type Spent,
} from "@sinetti/core";

/** A case that the member opened in the last 30 days, as the log shows it. */
export interface OpenedUnit {
  readonly class: BudgetClass;
  readonly unit: CaseId;
  /** The last opening that counted, unix seconds. */
  readonly lastAt: number;
  /** The last opening for a crisis beyond what was allowed. */
  readonly crisisAt: number | null;
}

const HORIZONS = Object.keys(HORIZON_SECONDS) as Horizon[];
/** One case beyond everything, for a patient in crisis, in this many seconds. */
const CRISIS_SECONDS = 600;

/** A member's budget at one moment; what passes is counted at once, so that a batch cannot pass as a whole. */
export class MemberBudget {
  readonly #policy: Policy;
  readonly #time: number;
  readonly #isSpent: boolean;
  /** Live cases of the member, and cases that top-ups add. */
  readonly #cases: number;
  readonly #extra: number;
  readonly #lastAt: Record<BudgetClass, Map<CaseId, number>> = {
    care: new Map(),
    identity: new Map(),
  };
  readonly #crises = new Set<CaseId>();

  constructor(options: {
    policy: Policy;
    time: number;
    cases: number;
    extra: number;
    /** Everything counts as spent: after a restore nobody knows what was. */
    isSpent: boolean;
    opened: readonly OpenedUnit[];
  }) {
    this.#policy = options.policy;
    this.#time = options.time;
    this.#cases = options.cases;
    this.#extra = options.extra;
    this.#isSpent = options.isSpent;
    for (const opened of options.opened) {
      this.#lastAt[opened.class].set(opened.unit, opened.lastAt);
      if (opened.crisisAt !== null && opened.crisisAt > options.time - CRISIS_SECONDS)
        this.#crises.add(opened.unit);
    }
  }

  limits(budgetClass: BudgetClass): Spent {
    return budgetLimits(this.#policy, budgetClass, this.#cases);
  }

  /** Distinct cases in each horizon. */
  spent(budgetClass: BudgetClass): Spent {
    const limits = this.limits(budgetClass);
    const count = (horizon: Horizon): number => {
      const since = this.#time - HORIZON_SECONDS[horizon];
      const opened = [...this.#lastAt[budgetClass].values()].filter((at) => at > since).length;
      return this.#isSpent ? Math.max(opened, limits[horizon] + this.#extra) : opened;
    };
    return { tenMinutes: count("tenMinutes"), day: count("day"), month: count("month") };
  }

  /** Whether one more opening of this case fits; where it was opened already inside a horizon, it costs nothing there. */
  weigh(budgetClass: BudgetClass, unit: CaseId): BudgetVerdict {
    const lastAt = this.#lastAt[budgetClass].get(unit) ?? Number.NEGATIVE_INFINITY;
    const spent = this.spent(budgetClass);
    for (const horizon of HORIZONS)
      if (lastAt > this.#time - HORIZON_SECONDS[horizon]) spent[horizon] = -1;
    return weighCase(spent, this.limits(budgetClass), this.#extra);
  }

  /** Counts an opening. */
  spend(budgetClass: BudgetClass, unit: CaseId): void {
    this.#lastAt[budgetClass].set(unit, this.#time);
  }

  /** Whether this case may open for a crisis; counts it when it may. */
  takeCrisis(unit: CaseId): boolean {
    if (this.#crises.size > 0 && !this.#crises.has(unit)) return false;
    this.#crises.add(unit);
    return true;
  }
}
