import { GATE_ROUTES, readOrder, weekOf, type Hash, type OrderKind } from "@sinetti/core";
import { signApproval } from "@sinetti/core/secret";
import { eraseFile } from "./changeAccess.ts";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import { deviceAuthor, submitOrder, type Given } from "./giveOrder.ts";

/** Weeks that an approval stays good. */
const APPROVAL_WEEKS = 2;

/** An order that waits at the gate. */
export interface PendingOrder {
  readonly order: Hash;
  readonly kind: OrderKind;
  readonly approvals: number;
  /** Unix seconds from which it may be sequenced without a second person; null: it waits for the person. */
  readonly dueAt: number | null;
}

/** The orders that wait for a second person or for their time. */
export async function listPending(context: Context): Promise<PendingOrder[]> {
  const { answer } = await context.services.call("gate", GATE_ROUTES.orderPending, {});
  return answer.orders.map(({ order, hash, approvals, dueAt }) => ({
    order: hash,
    kind: readOrder(order).kind,
    approvals: approvals.length,
    dueAt,
  }));
}

/** Approves one exact order as a second person, and sequences it if that was all it lacked. */
export async function approvePending(context: Context, order: Hash): Promise<Given> {
  await context.practice.sync(context.services);
  const find = async (): Promise<{ order: Uint8Array; approvals: Uint8Array[] }> => {
    const { answer } = await context.services.call("gate", GATE_ROUTES.orderPending, {});
    const found = answer.orders.find(({ hash }) => hash === order);
    if (found === undefined)
      throw new ClientError("unknown-record", { detail: "no such order waits" });
    return found;
  };
  await find();
  const until = weekOf(context.world.clock.now()) + APPROVAL_WEEKS;
  const approval = signApproval(
    { practice: context.practice.state.practice, order, author: deviceAuthor(context), until },
    context.device.statement.secret,
  );
  await context.services.call("gate", GATE_ROUTES.orderApprove, { approval });
  const found = await find();
  if (readOrder(found.order).kind === "erase") {
    await eraseFile(context, found);
    return { state: "done" };
  }
  return submitOrder(context, { order: found.order, approvals: found.approvals });
}
