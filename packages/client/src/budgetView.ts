import type { BudgetClass, Horizon, Outcome } from "@sinetti/core";
import type { Context } from "./context.ts";
import { readOpenings, type OwnApproval } from "./openings.ts";

/** Share of a horizon from which on it is nearly spent, as the gate warns. */
const NEAR_SHARE = 0.8;

/** One horizon of a budget. */
export interface BudgetHorizon {
  readonly horizon: Horizon;
  readonly spent: number;
  readonly limit: number;
  readonly left: number;
  readonly state: "fine" | "near" | "spent";
}

/** A member's budget of one class, the tightest state first among its horizons. */
export interface BudgetView {
  readonly class: BudgetClass;
  readonly state: BudgetHorizon["state"];
  readonly horizons: readonly BudgetHorizon[];
}

const RANK = { spent: 0, near: 1, fine: 2 } as const;

/** What this member may still open, what is near, what is spent, and which consents of others are live. One request. */
export async function readBudgetView(
  context: Context,
): Promise<{ budgets: readonly BudgetView[]; approvals: readonly OwnApproval[] }> {
  const { classes, approvals } = await readOpenings(context);
  const budgets = classes.map(({ class: of, horizons }): BudgetView => {
    const views = horizons
      .map(({ horizon, spent, limit }): BudgetHorizon => {
        const state = spent >= limit ? "spent" : spent >= limit * NEAR_SHARE ? "near" : "fine";
        return { horizon, spent, limit, left: Math.max(0, limit - spent), state };
      })
      .sort((a, b) => RANK[a.state] - RANK[b.state]);
    return { class: of, state: views[0]?.state ?? "fine", horizons: views };
  });
  return { budgets, approvals };
}

/** What somebody can do about a record that did not open. */
export type WayOn =
  /** A passkey adds to the budget, once a day (`topUp`). */
  | "top-up"
  /** Another person consents to openings (`approveOpenings`). */
  | "ask-approval"
  /** The patient is in crisis (`openInCrisis`). */
  | "crisis"
  /** The budget comes back with time. */
  | "wait"
  /** A colleague or a privacy officer renews the grant. */
  | "ask-renewal"
  /** Somebody who holds the record grants it. */
  | "ask-grant"
  /** Two people thaw. */
  | "ask-thaw"
  /** Open again: something was newer than this device knew. */
  | "again"
  /** Nothing here opens it. */
  | "nothing";

const WAYS_ON: Record<Exclude<Outcome, "released">, readonly WayOn[]> = {
  "not-granted": ["ask-grant"],
  lapsed: ["ask-renewal"],
  "approval-needed": ["ask-approval"],
  "over-budget": ["wait", "top-up", "ask-approval", "crisis"],
  cold: ["ask-approval", "crisis"],
  frozen: ["ask-thaw"],
  erased: ["nothing"],
  "unknown-file": ["nothing"],
  "stale-epoch": ["again"],
  canary: ["ask-thaw"],
};

/** What can be done about an opening that the gate refused, the plainest first. */
export function waysOn(outcome: Exclude<Outcome, "released">): readonly WayOn[] {
  return WAYS_ON[outcome];
}
