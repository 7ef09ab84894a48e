import type { Client } from "@sinetti/client";
import { budgetLimits, policyAt, type BudgetClass, type Horizon } from "@sinetti/core";

import type { Seen } from "./officerView.ts";
import type { Records, Robber } from "./robber.ts";

/** How many patients' files one horizon of a budget lets out. */
export interface HorizonYield {
  readonly class: BudgetClass;
  readonly horizon: Horizon;
  readonly records: number;
  /** Computed: by the signed policy and core's budget code, for as many as the member holds; nobody waited for it. */
  readonly how: "measured" | "computed";
}

/** What one way through an unlocked session gave. */
export interface WayYields {
  /** Patients of whom the member holds a care file, and an identity file. */
  readonly held: Records;
  readonly opened: Records;
  readonly files: number;
  readonly entries: number;
  readonly asked: number;
  readonly refusals: Readonly<Record<string, number>>;
  /** The first refusal, and what was out by then; null: there was none. */
  readonly firstRefusal: { readonly code: string; readonly records: Records } | null;
  /** The word that ended it; `everything`: nothing was left to ask. */
  readonly endedBy: string;
  readonly seconds: number;
  /** None where it was stopped. */
  readonly horizons: readonly HorizonYield[];
  /** What was out when the thief's own screen was warned of the budget; nobody else is told. */
  readonly warned: Records | null;
  /** What was out when somebody else was first alarmed, and by what; null: nobody is. */
  readonly alarm: { readonly signal: string; readonly records: Records } | null;
  readonly seen: Seen;
  /** Log lines of the member's own device that it does not know; it asks once a day, when it is next used. */
  readonly unknownToDevice: number;
}

/** After these there is no tomorrow for the thief. */
const STOPS: ReadonlySet<string> = new Set(["canary", "frozen"]);
const LONGER: readonly Horizon[] = ["day", "month"];

/** What ten minutes gave, and what the policy says of the rest. */
function horizonYields(
  { practice }: Client,
  { held, opened }: { held: Records; opened: Records },
): HorizonYield[] {
  const policy = policyAt(practice);
  return (["care", "identity"] as const).flatMap((budgetClass) => {
    const limits = budgetLimits(policy, budgetClass, held.care);
    const measured: HorizonYield = {
      class: budgetClass,
      horizon: "tenMinutes",
      records: opened[budgetClass],
      how: "measured",
    };
    const computed = LONGER.map((horizon): HorizonYield => ({
      class: budgetClass,
      horizon,
      records: Math.min(held[budgetClass], limits[horizon]),
      how: "computed",
    }));
    return [measured, ...computed];
  });
}

/** What is the same of every way, from what the thief counted. */
export function wayYields(
  robber: Robber,
  rest: Pick<WayYields, "held" | "endedBy" | "seconds" | "alarm" | "seen" | "unknownToDevice">,
): WayYields {
  const { records: opened, files, entries, asked, refusals, first, warned } = robber;
  return {
    ...rest,
    opened,
    files,
    entries,
    asked,
    refusals,
    firstRefusal: first,
    warned,
    horizons: STOPS.has(rest.endedBy)
      ? []
      : horizonYields(robber.client, { held: rest.held, opened }),
  };
}
