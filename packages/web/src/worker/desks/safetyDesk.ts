import {
  giveOrder,
  readBudgetView,
  readTopUp,
  topUp,
  type BudgetHorizon,
  type PasskeyAssert,
} from "@sinetti/client";
import { HORIZON_SECONDS, TOP_UP_REASONS, type MemberId, type TopUpReason } from "@sinetti/core";

import type { Session } from "../session.ts";

/** Whether this member can open more by a passkey. */
export interface MoreView {
  /** Cases that it adds. */
  readonly cases: number;
  readonly isReady: boolean;
  /** No passkey of theirs counts yet: they add one, or wait for its day. */
  readonly lacksPasskey: boolean;
  /** What it may be for. */
  readonly reasons: readonly TopUpReason[];
}

/** The longest horizon of a budget that is spent, and when it opens again at the latest. */
export type SpentView = Pick<BudgetHorizon, "horizon" | "spent" | "limit"> & {
  /** ISO instant. */
  readonly until: string;
};

/** Freezing, and how much is left of the budget. */
export const makeSafetyDesk = (session: Session) => ({
  /** Stops openings at once: of one member, of oneself, or (null) of the practice. Gives whether it stands or waits for a second person. */
  freeze: async (member: string | null): Promise<"done" | "pending"> => {
    const { context } = session.client;
    const given = await giveOrder(context, "freeze", { member: member as MemberId | null });
    return given.state;
  },
  /** What is spent of the budgets of records; null: something is left of each. */
  spent: async (): Promise<SpentView | null> => {
    const { context } = session.client;
    const { budgets } = await readBudgetView(context);
    const spent = budgets.flatMap(({ horizons }) =>
      horizons.filter(({ state }) => state === "spent"),
    );
    const [longest] = spent.toSorted(
      (a, b) => HORIZON_SECONDS[b.horizon] - HORIZON_SECONDS[a.horizon],
    );
    if (longest === undefined) return null;
    const { horizon, spent: count, limit } = longest;
    const until = context.world.clock.now() + HORIZON_SECONDS[horizon];
    return { horizon, spent: count, limit, until: new Date(until * 1000).toISOString() };
  },
  more: async (): Promise<MoreView> => {
    const { cases, isReady, passkeys } = await readTopUp(session.client.context);
    const lacksPasskey = !passkeys.some(({ counts }) => counts);
    return { cases, isReady, lacksPasskey, reasons: TOP_UP_REASONS };
  },
  /** Adds to the budget by a passkey; gives whether one was given. */
  topUp: async (reason: TopUpReason, assert: PasskeyAssert): Promise<boolean> =>
    (await topUp(session.client.context, { reason, assert })) !== null,
});
