import {
  CoreError,
  GATE_ROUTES,
  STOP_KINDS,
  VAULT_ROUTES,
  checkOrder,
  practiceHead,
  readOrder,
  weekOf,
  type Author,
  type Hash,
  type OrderBody,
  type OrderKind,
  type Signed,
} from "@sinetti/core";
import { signOrder, signOrderStatement } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError, isRefusal } from "./errors.ts";
import { withCatchUp } from "./handOver.ts";
import type { OutboxItemOf, Waiting } from "./outbox.ts";

const CONFLICT_TRIES = 5;

/** What became of an order: it stands in the chain, or it waits at the gate for a second person or a time. */
export type Given =
  | { readonly state: "done" }
  | { readonly state: "pending"; readonly order: Hash; readonly dueAt: number | null };

/** This device as an author. */
export function deviceAuthor(context: Context): Author {
  return { by: "device", id: context.device.owner.device };
}

/** Signs an order of this device at the newest head. */
export function signOwnOrder<K extends OrderKind>(
  context: Context,
  kind: K,
  body: OrderBody<K>,
): Signed {
  const { practice, device } = context;
  return signOrder(
    {
      practice: practice.state.practice,
      author: deviceAuthor(context),
      seen: practiceHead(practice.state),
      kind,
      body,
    },
    device.statement.secret,
  );
}

/** Gives an order of the practice chain: stops go to every service first; what lacks a second person is laid down at the gate. */
export async function giveOrder<K extends OrderKind>(
  context: Context,
  kind: K,
  body: OrderBody<K>,
): Promise<Given> {
  await context.practice.sync(context.services);
  const order = signOwnOrder(context, kind, body);
  if ((STOP_KINDS as readonly OrderKind[]).includes(kind)) await sendStop(context, order);
  return submitOrder(context, { order, approvals: [] });
}

/** Sequences an order with its approvals, or lays it down. */
export async function submitOrder(
  context: Context,
  { order, approvals }: { order: Signed; approvals: Signed[] },
): Promise<Given> {
  const week = weekOf(context.world.clock.now());
  try {
    checkOrder(context.practice.state, { signed: order, order: readOrder(order), approvals, week });
  } catch (error) {
    if (error instanceof CoreError && error.code === "second-person-missing")
      return propose(context, order);
    throw new ClientError("refused", {
      detail: error instanceof CoreError ? error.code : "order",
      cause: error,
    });
  }
  const waiting = await context.outbox.add<"order">({
    kind: "order",
    order,
    approvals,
    statement: null,
  });
  try {
    await runOrder(context, waiting);
    return { state: "done" };
  } catch (error) {
    if (isRefusal(error, "pending", "second-person-missing")) return propose(context, order);
    throw error;
  }
}

async function propose(context: Context, order: Signed): Promise<Given> {
  const { answer } = await context.services.call("gate", GATE_ROUTES.orderPropose, { order });
  return { state: "pending", order: answer.hash, dueAt: answer.dueAt };
}

/** Sequences an order: the gate, then both vaults. */
export async function runOrder(context: Context, started: Waiting<"order">): Promise<void> {
  let waiting = started;
  try {
    for (let tries = 0; ; tries++) {
      const { order, approvals } = waiting.item;
      if (context.practice.state.orders[readOrder(order).id] === undefined) {
        const statement = signOrderStatement(
          context.practice.state,
          { device: context.device.owner.device, order, approvals },
          context.device.statement.secret,
        );
        waiting = await context.outbox.update(waiting, { ...waiting.item, statement });
        try {
          const { answer } = await context.services.call("gate", GATE_ROUTES.practiceSubmit, {
            statement,
          });
          await context.practice.take([{ statement, acceptance: answer.acceptance }]);
        } catch (error) {
          if (
            !isRefusal(error, "conflict", "order-reused", "broken-chain") ||
            tries >= CONFLICT_TRIES
          )
            throw error;
          await context.practice.sync(context.services);
          continue;
        }
      }
      await Promise.all([
        context.practice.handTo(context.services, "who"),
        context.practice.handTo(context.services, "what"),
      ]);
      await context.outbox.done(waiting);
      return;
    }
  } catch (error) {
    const isSequenced =
      context.practice.state.orders[readOrder(waiting.item.order).id] !== undefined;
    if (isRefusal(error) && !isSequenced) await context.outbox.done(waiting);
    else context.outbox.release(waiting);
    throw error;
  }
}

/** Brings a stop to every service; each obeys on arrival, and one that is down gets it when it is back. */
export async function sendStop(context: Context, order: Signed): Promise<void> {
  const waiting = await context.outbox.add<"stop">({
    kind: "stop",
    order,
    who: false,
    what: false,
    gate: false,
  });
  await runStop(context, waiting);
}

/** Brings a stop to the services that have not had it. Error: the first refusal; a service that is down keeps it waiting without one. */
export async function runStop(context: Context, waiting: Waiting<"stop">): Promise<void> {
  const { item } = waiting;
  const bring = async (service: "who" | "what" | "gate"): Promise<boolean> => {
    if (item[service]) return true;
    const call = (): Promise<unknown> =>
      context.services.call(service, service === "gate" ? GATE_ROUTES.stop : VAULT_ROUTES.stop, {
        order: item.order,
      });
    try {
      await (service === "gate" ? call() : withCatchUp(context, service, call));
      return true;
    } catch (error) {
      if (isRefusal(error, "order-reused")) return true;
      if (error instanceof ClientError && error.code === "unreachable") return false;
      throw error;
    }
  };
  try {
    const [who, what, gate] = await Promise.all([bring("who"), bring("what"), bring("gate")]);
    if (who && what && gate) return await context.outbox.done(waiting);
    const next: OutboxItemOf<"stop"> = { ...item, who, what, gate };
    context.outbox.release(await context.outbox.update(waiting, next));
  } catch (error) {
    if (isRefusal(error)) await context.outbox.done(waiting);
    else context.outbox.release(waiting);
    throw error;
  }
}
