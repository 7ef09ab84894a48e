import type { OrderId } from "@sinetti/core";
import type { Context } from "./context.ts";
import { deviceAuthor, giveOrder, type Given } from "./giveOrder.ts";
import { readPendingOrders } from "./pending.ts";

/** `waitedBefore`: this device had asked already, and nothing was given anew. */
export type ThawAsked = Given & { readonly waitedBefore: boolean };

/** Asks to end a freeze, once: a second order of this device for the same freeze would wait beside the first for ever. */
export async function askThaw(context: Context, freeze: OrderId): Promise<ThawAsked> {
  const own = deviceAuthor(context);
  const waiting = (await readPendingOrders(context)).find(
    ({ order }) =>
      order.kind === "thaw" &&
      order.body.freeze === freeze &&
      order.author.by === own.by &&
      order.author.id === own.id,
  );
  if (waiting === undefined)
    return { ...(await giveOrder(context, "thaw", { freeze })), waitedBefore: false };
  const { hash: order, dueAt } = waiting;
  return { state: "pending", order, dueAt, waitedBefore: true };
}
