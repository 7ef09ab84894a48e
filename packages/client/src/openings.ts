import { GATE_ROUTES, type FileId, type MemberId, type Shaped } from "@sinetti/core";
import { signRequest } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { readPaperCode } from "./paperCode.ts";

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

/** A live consent of somebody else to openings of this member. */
export type OwnApproval = Shaped<(typeof GATE_ROUTES)["budgetRead"]["answer"]>["approvals"][number];

/** The gate takes four hours from the paper code; its clock may be behind this one. */
const BREAK_GLASS_SECONDS = 4 * 3600 - 300;

/**
 * Consents to openings of this member by the practice's paper code, which alarms; for four hours at most, whatever is wished.
 * Returns the unix seconds at which it ends. Error: `input-rejected` for no such code.
 */
export async function approveOpeningsWithCode(
  context: Context,
  { code, ...wish }: Omit<Approval, "subject"> & { code: string },
): Promise<number> {
  const key = readPaperCode(code);
  const { practice, member } = context.device.owner;
  const services = context.services.as({
    practice,
    author: { by: "code", id: practice },
    sign: (base) => Promise.resolve(signRequest(key, base)),
  });
  const until = Math.min(wish.until, Math.floor(context.world.clock.now()) + BREAK_GLASS_SECONDS);
  await services.call("gate", GATE_ROUTES.openingApprove, { ...wish, subject: member, until });
  return until;
}

/** The consents to openings of this member that are live now, the one that ends first before the others. */
export async function readApprovals(context: Context): Promise<readonly OwnApproval[]> {
  return (await readOpenings(context)).approvals;
}

/** What this member has spent, and may, and the consents of others that are live. */
export async function readOpenings(
  context: Context,
): Promise<Shaped<(typeof GATE_ROUTES)["budgetRead"]["answer"]>> {
  return (await context.services.call("gate", GATE_ROUTES.budgetRead, {})).answer;
}

/** What this member has spent, and may. */
export async function readBudget(context: Context): Promise<Budget> {
  return (await readOpenings(context)).classes;
}

/** Flags the file of an invented patient: whoever opens it is stopped. For a privacy officer; the gate alone knows. */
export async function setCanary(context: Context, file: FileId, on: boolean): Promise<void> {
  await context.services.call("gate", GATE_ROUTES.canarySet, { file, on });
}
