import { activeStaff, type Author, type Hash } from "@sinetti/core";
import type { Context } from "./context.ts";
import { readPendingOrders, type LyingOrder } from "./pending.ts";

/** An order that would bring in somebody, and that this member should know of while it waits. */
export interface IntrudingOrder {
  readonly order: Hash;
  readonly kind: "recover" | "device.add";
  /** What signed it. */
  readonly by: Author["by"];
  /** Unix seconds from which it acts; null: it waits for a second person. */
  readonly dueAt: number | null;
}

/** The orders that would bring in a device of this member which is not this one, or somebody by the trustees' key. */
export async function listIntruding(context: Context): Promise<IntrudingOrder[]> {
  const { owner } = context.device;
  const isStaff = activeStaff(context.practice.state).includes(owner.member);
  return (await readPendingOrders(context)).flatMap((lying) => {
    const kind = kindOf(lying, owner, isStaff);
    if (kind === null) return [];
    const { hash, order, dueAt } = lying;
    return [{ order: hash, kind, by: order.author.by, dueAt }];
  });
}

function kindOf(
  { order }: LyingOrder,
  { member, device }: Context["device"]["owner"],
  isStaff: boolean,
): IntrudingOrder["kind"] | null {
  if (order.kind === "recover") return isStaff && order.body.member !== member ? order.kind : null;
  if (order.kind !== "device.add" || order.body.member !== member) return null;
  return order.body.device.device === device ? null : order.kind;
}
