import { GATE_ROUTES, type FileId, type MemberId, type Shaped } from "@sinetti/core";
import type { Context } from "./context.ts";

type Approval = Shaped<(typeof GATE_ROUTES)["openingApprove"]["request"]>;
/** What a member has spent of each budget, and the limits. */
export type Budget = Shaped<(typeof GATE_ROUTES)["budgetRead"]["answer"]>["classes"];

/**
 * Consents, as another person, to openings of `subject`: beyond the budget, of cold files, of a sleeping stand-in, or after a
 * canary; kept in the gate's log. ServiceRefusal `not-authorised` for oneself.
 */
export async function approveOpenings(
  context: Context,
  wish: Omit<Approval, "subject"> & { subject: MemberId },
): Promise<void> {
  await context.services.call("gate", GATE_ROUTES.openingApprove, wish);
}

/** What this member has spent, and may. */
export async function readBudget(context: Context): Promise<Budget> {
  const { answer } = await context.services.call("gate", GATE_ROUTES.budgetRead, {});
  return answer.classes;
}

/** Flags the file of an invented patient: whoever opens it is stopped. For a privacy officer; the gate alone knows. */
export async function setCanary(context: Context, file: FileId, on: boolean): Promise<void> {
  await context.services.call("gate", GATE_ROUTES.canarySet, { file, on });
}
