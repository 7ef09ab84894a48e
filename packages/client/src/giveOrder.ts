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
  const isStop = (STOP_KINDS as readonly OrderKind[]).includes(kind);
  await (isStop
    ? context.practice.syncIfReachable(context.services)
    : context.practice.sync(context.services));
  const order = signOwnOrder(context, kind, body);
  return isStop ? giveStop(context, order) : submitOrder(context, { order, approvals: [] });
}

/** Gives a signed stop of the practice to every service and puts it into the chain, or lays it down for a second person. */
export async function giveStop(context: Context, order: Signed): Promise<Given> {
  let given: Given = { state: "done" };
  try {
    await sendStop(context, { order, vault: null }, async () => {
      given = await submitOrder(context, { order, approvals: [] });
    });
  } catch (error) {
    if (isRefusal(error, "second-person-missing", "pending")) return propose(context, order);
    throw error;
  }
  return given;
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

/** Lays an order down at the gate until its second person or its time. */
export async function propose(context: Context, order: Signed): Promise<Given> {
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

/** A stop, and the vault that keeps the file of a revocation (null: the stop is of the practice). */
export interface Stop {
  readonly order: Signed;
  readonly vault: "who" | "what" | null;
}

/**
 * Brings a stop to every service that it concerns, then puts it into its chain; each service obeys on arrival, and one that is
 * down gets it when it is back. The other vault must not learn of a revocation's file: the vaults share no id.
 */
export async function sendStop(
  context: Context,
  { order, vault }: Stop,
  sequence: () => Promise<void>,
): Promise<void> {
  const item: OutboxItemOf<"stop"> = {
    kind: "stop",
    order,
    vault,
    who: vault === "what",
    what: vault === "who",
    gate: false,
  };
  await runStop(context, await context.outbox.add<"stop">(item), sequence);
}

/**
 * Brings a stop to the services that have not had it, then sequences it; only then is it struck from the outbox.
 * Error: the first refusal; a service that is down keeps it waiting without one.
 */
export async function runStop(
  context: Context,
  started: Waiting<"stop">,
  sequence: () => Promise<void>,
): Promise<void> {
  let waiting = started;
  try {
    const { item } = waiting;
    // The gate first: it alone knows the hours in which a stop takes a second person, and no vault may stop for one that it refuses.
    const gate = await bringStop(context, item, "gate");
    const [who, what] = await Promise.all([
      bringStop(context, item, "who"),
      bringStop(context, item, "what"),
    ]);
    waiting = await context.outbox.update(waiting, { ...item, who, what, gate });
    await sequence();
    if (waiting.item.who && waiting.item.what && waiting.item.gate)
      await context.outbox.done(waiting);
    else context.outbox.release(waiting);
  } catch (error) {
    if (isRefusal(error)) await context.outbox.done(waiting);
    else context.outbox.release(waiting);
    throw error;
  }
}

/** Whether the service has the stop now; false: it does not answer. */
async function bringStop(
  context: Context,
  item: OutboxItemOf<"stop">,
  service: "who" | "what" | "gate",
): Promise<boolean> {
  if (item[service]) return true;
  const route = service === "gate" ? GATE_ROUTES.stop : VAULT_ROUTES.stop;
  const call = (): Promise<unknown> => context.services.call(service, route, { order: item.order });
  try {
    await (service === "gate" ? call() : withCatchUp(context, service, call));
    return true;
  } catch (error) {
    if (isRefusal(error, "order-reused")) return true;
    if (error instanceof ClientError && error.code === "unreachable") return false;
    throw error;
  }
}
