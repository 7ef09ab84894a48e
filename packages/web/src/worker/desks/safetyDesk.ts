import { giveOrder, readBudget, type Budget } from "@sinetti/client";
import type { MemberId } from "@sinetti/core";

import type { Session } from "../session.ts";

/** Freezing, and how much is left of the budget. */
export const makeSafetyDesk = (session: Session) => ({
  /** Stops openings at once: of one member, of oneself, or (null) of the practice. Gives whether it stands or waits for a second person. */
  freeze: async (member: string | null): Promise<"done" | "pending"> => {
    const { context } = session.client;
    const given = await giveOrder(context, "freeze", { member: member as MemberId | null });
    return given.state;
  },
  budget: (): Promise<Budget> => readBudget(session.client.context),
});
