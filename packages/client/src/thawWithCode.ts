import { hashOrder, practiceHead, weekOf, type OrderId } from "@sinetti/core";
import { signApproval, signOrder } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { deviceAuthor, submitOrder, type Given } from "./giveOrder.ts";
import { readPaperCode } from "./paperCode.ts";

/** Weeks that the member's consent stays good. */
const APPROVAL_WEEKS = 2;

/**
 * Ends a freeze by the practice's paper code and this member's consent, also where the member is frozen and where nobody
 * else is there; the gate still waits its hour. Errors: `input-rejected` for no such code, `refused` for another practice's.
 */
export async function thawWithCode(
  context: Context,
  { freeze, code }: { freeze: OrderId; code: string },
): Promise<Given> {
  const key = readPaperCode(code);
  await context.practice.sync(context.services);
  const { state } = context.practice;
  const { practice } = state;
  const author = { by: "code" as const, id: practice };
  const order = signOrder(
    { practice, author, seen: practiceHead(state), kind: "thaw", body: { freeze } },
    key.secret,
  );
  const until = weekOf(context.world.clock.now()) + APPROVAL_WEEKS;
  const consent = { practice, order: hashOrder(order), author: deviceAuthor(context), until };
  const approval = signApproval(consent, context.device.statement.secret);
  return submitOrder(context, { order, approvals: [approval] });
}
