import {
  CoreError,
  GATE_ROUTES,
  LINKS_PER_ANSWER,
  STOP_KINDS,
  VAULT_ROUTES,
  checkOrder,
  hashOrder,
  hashStatement,
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
import { ClientError, isRefusal, isRefusedForGood } from "./errors.ts";
import { withCatchUp } from "./handOver.ts";
import type { OutboxItemOf, Waiting } from "./outbox.ts";
import { trusteesConsent } from "./trustees.ts";

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
  if (isStop) return giveStop(context, signOwnOrder(context, kind, body));
  return submitOrder(context, readyOrder(context, kind, body));
}

/** An order of this device, with the consent of the trustees who brought its member in, where that counts. */
function readyOrder<K extends OrderKind>(
  context: Context,
  kind: K,
  body: OrderBody<K>,
): ReadyOrder {
  const order = signOwnOrder(context, kind, body);
  return { order, approvals: trusteesConsent(context, order) };
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

/** An order with the consents that it has. */
export interface ReadyOrder {
  readonly order: Signed;
  readonly approvals: Signed[];
}

/** Gives many orders of one kind: what may stand goes in batches, what lacks a second person is laid down at the gate. */
export async function giveOrders<K extends OrderKind>(
  context: Context,
  kind: K,
  bodies: readonly OrderBody<K>[],
): Promise<Given[]> {
  await context.practice.sync(context.services);
  return submitOrders(
    context,
    bodies.map((body) => readyOrder(context, kind, body)),
  );
}

/** Sequences orders with their approvals in batches; what a batch is refused for shows when they go one by one. */
export async function submitOrders(
  context: Context,
  orders: readonly ReadyOrder[],
): Promise<Given[]> {
  const given: Given[] = [];
  for (let start = 0; start < orders.length; start += LINKS_PER_ANSWER) {
    const batch = orders.slice(start, start + LINKS_PER_ANSWER);
    if (batch.length > 1 && (await tryBatch(context, batch)))
      given.push(...batch.map((): Given => ({ state: "done" })));
    else for (const each of batch) given.push(await submitOrder(context, each));
  }
  return given;
}

async function tryBatch(context: Context, orders: readonly ReadyOrder[]): Promise<boolean> {
  if (!orders.every((each) => isSeconded(context, each))) return false;
  try {
    await runOrder(
      context,
      await context.outbox.add<"order">({ kind: "order", orders: [...orders] }),
    );
    return true;
  } catch (error) {
    if (isRefusedForGood(error)) return false;
    throw error;
  }
}

/** False: it lacks a second person. Error: `refused` for whatever else speaks against it. */
function isSeconded(context: Context, { order, approvals }: ReadyOrder): boolean {
  const week = weekOf(context.world.clock.now());
  try {
    checkOrder(context.practice.state, { signed: order, order: readOrder(order), approvals, week });
    return true;
  } catch (error) {
    if (error instanceof CoreError && error.code === "second-person-missing") return false;
    throw new ClientError("refused", {
      detail: error instanceof CoreError ? error.code : "order",
      cause: error,
    });
  }
}

/** Sequences an order with its approvals, or lays it down. */
export async function submitOrder(context: Context, ready: ReadyOrder): Promise<Given> {
  if (!isSeconded(context, ready)) return propose(context, ready.order);
  const waiting = await context.outbox.add<"order">({ kind: "order", orders: [ready] });
  try {
    await runOrder(context, waiting);
    return { state: "done" };
  } catch (error) {
    if (isRefusal(error, "pending", "second-person-missing")) return propose(context, ready.order);
    throw error;
  }
}

/** Lays an order down at the gate until its second person or its time. */
export async function propose(context: Context, order: Signed): Promise<Given> {
  const { answer } = await context.services.call("gate", GATE_ROUTES.orderPropose, { order });
  return { state: "pending", order: hashOrder(order), dueAt: answer.dueAt };
}

/** Sequences orders, all or none: the gate, then both vaults. */
export async function runOrder(context: Context, waiting: Waiting<"order">): Promise<void> {
  const { orders } = waiting.item;
  try {
    for (let tries = 0; ; tries++) {
      const left = orders.filter(({ order }) => !isSequenced(context, order));
      if (left.length === 0) break;
      try {
        await sequenceOrders(context, left);
      } catch (error) {
        const isBehind = isRefusal(error, "conflict", "order-reused", "broken-chain");
        if (!isBehind || tries >= CONFLICT_TRIES) throw error;
        await context.practice.sync(context.services);
      }
    }
    await Promise.all([
      context.practice.handTo(context.services, "who"),
      context.practice.handTo(context.services, "what"),
    ]);
    await context.outbox.done(waiting);
  } catch (error) {
    const isInChain = orders.every(({ order }) => isSequenced(context, order));
    if (isRefusedForGood(error) && !isInChain) await context.outbox.done(waiting);
    else context.outbox.release(waiting);
    throw error;
  }
}

function isSequenced({ practice }: Context, order: Signed): boolean {
  return practice.state.orders[readOrder(order).id] !== undefined;
}

async function sequenceOrders(context: Context, orders: readonly ReadyOrder[]): Promise<void> {
  const { practice, device, services } = context;
  const statements: Signed[] = [];
  let head = practiceHead(practice.state);
  for (const { order, approvals } of orders) {
    const content = { device: device.owner.device, order, approvals, head };
    const statement = signOrderStatement(practice.state, content, device.statement.secret);
    head = { seq: head.seq + 1, hash: hashStatement(statement) };
    statements.push(statement);
  }
  const { answer } = await services.call("gate", GATE_ROUTES.practiceSubmit, { statements });
  await practice.take(
    statements.map((statement) => ({ statement, acceptance: answer.acceptance })),
  );
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
    const gate = await bringToGate(context, item);
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
    if (isRefusedForGood(error)) await context.outbox.done(waiting);
    else context.outbox.release(waiting);
    throw error;
  }
}

/**
 * The gate first: it alone knows the hours in which a freeze of somebody else takes a second person, and no vault may stop for one
 * that lacks it. Nothing else that it says keeps a stop from the vaults, which judge for themselves: a gate in other hands would
 * refuse whatever stops who holds it.
 */
async function bringToGate(context: Context, item: OutboxItemOf<"stop">): Promise<boolean> {
  try {
    return await bringStop(context, item, "gate");
  } catch (error) {
    const mayLackPerson = isRefusal(error, "second-person-missing") && freezesOther(context, item);
    if (error instanceof ClientError && !mayLackPerson)
      await Promise.allSettled(
        (["who", "what"] as const).map((vault) => bringStop(context, item, vault)),
      );
    throw error;
  }
}

function freezesOther({ practice }: Context, { order: signed }: OutboxItemOf<"stop">): boolean {
  const { author, ...order } = readOrder(signed);
  return order.kind === "freeze" && order.body.member !== practice.state.devices[author.id]?.member;
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
