import {
  CoreError,
  GATE_ROUTES,
  hashOrder,
  introductionWords,
  readOrder,
  weekOf,
  type Author,
  type Hash,
  type MemberId,
  type Order,
  type OrderKind,
  type Role,
  type ServiceName,
  type Signed,
} from "@sinetti/core";
import { signApproval, signCancellation } from "@sinetti/core/secret";
import { eraseFile } from "./changeAccess.ts";
import type { Context } from "./context.ts";
import { ClientError, hardStop } from "./errors.ts";
import { liftHold } from "./holds.ts";
import { deviceAuthor, submitOrders, type Given } from "./giveOrder.ts";
import { aimOf, type OrderAim } from "./pendingAim.ts";
import { presentResume } from "./presentResume.ts";

/** Weeks that an approval stays good. */
const APPROVAL_WEEKS = 2;

/** An order that waits at the gate. */
export interface PendingOrder {
  readonly order: Hash;
  readonly kind: OrderKind;
  /** What signed it: a device, or a key of paper. */
  readonly by: Author["by"];
  readonly approvals: number;
  /** Unix seconds from which it may be sequenced without a second person; null: it waits for the person. */
  readonly dueAt: number | null;
  /** Of somebody new: their roles, and the words that their own device shows. */
  readonly newcomer: { member: MemberId; roles: readonly Role[]; words: string } | null;
  /** Of a declared policy: the database, and the SHA-256 of the file. */
  readonly declared: { database: ServiceName; policy: Hash } | null;
  /** Who asks, for whom, and what it changes. */
  readonly aim: OrderAim;
}

/** An order as it lies at the gate. */
export interface LyingOrder {
  readonly hash: Hash;
  readonly signed: Signed;
  readonly order: Order;
  readonly approvals: Signed[];
  readonly dueAt: number | null;
}

/**
 * What lies at the gate, read but not judged; 256 at most. Hard stop: one under a hash that is not its own, by which somebody would
 * approve or withdraw another than they see.
 */
export async function readPendingOrders({ services }: Context): Promise<LyingOrder[]> {
  const { answer } = await services.call("gate", GATE_ROUTES.orderPending, {});
  return answer.orders.map(({ order: signed, hash, approvals, dueAt }) => {
    if (hashOrder(signed) !== hash) throw hardStop("an order under another hash than its own");
    return { hash, signed, order: readLying(signed), approvals, dueAt };
  });
}

function readLying(signed: Signed): Order {
  try {
    return readOrder(signed);
  } catch (error) {
    throw error instanceof CoreError ? hardStop(`an order: ${error.code}`, error) : error;
  }
}

/** The orders that wait for a second person or for their time. */
export async function listPending(context: Context): Promise<PendingOrder[]> {
  return (await readPendingOrders(context)).map(({ hash, order, approvals, dueAt }) => ({
    order: hash,
    kind: order.kind,
    by: order.author.by,
    approvals: approvals.length,
    dueAt,
    newcomer: newcomerOf(order),
    declared: declaredOf(order),
    aim: aimOf(context.practice.state, order),
  }));
}

function newcomerOf(order: Order): PendingOrder["newcomer"] {
  if (order.kind !== "member.add" && order.kind !== "recover") return null;
  const { member, roles, ...introduction } = order.body;
  return { member, roles, words: introductionWords(introduction) };
}

function declaredOf(order: Order): PendingOrder["declared"] {
  if (order.kind !== "posture.policy") return null;
  const { database, policy } = order.body;
  return { database, policy };
}

/** Withdraws an order that waits, for whoever gave it or whom it is done to; a recovery is withdrawn by two of the staff. */
export async function refusePending(context: Context, order: Hash): Promise<void> {
  const { practice, device, services } = context;
  const cancellation = signCancellation(
    { practice: practice.state.practice, order, author: deviceAuthor(context) },
    device.statement.secret,
  );
  await services.call("gate", GATE_ROUTES.orderCancel, { cancellation });
}

/** Approves one exact order as a second person, and sequences it if that was all it lacked. */
export async function approvePending(context: Context, order: Hash): Promise<Given> {
  const [given] = await approveMany(context, [order]);
  if (given === undefined) throw new TypeError("nothing became of an approval");
  return given;
}

/** Approves exact orders as a second person, and sequences those that lacked nothing else. Error: `unknown-record`, before any is approved. */
export async function approveMany(context: Context, orders: readonly Hash[]): Promise<Given[]> {
  const { practice, services, device, world } = context;
  await practice.sync(services);
  await findLying(context, orders);
  const until = weekOf(world.clock.now()) + APPROVAL_WEEKS;
  for (const order of orders) {
    const content = {
      practice: practice.state.practice,
      order,
      author: deviceAuthor(context),
      until,
    };
    const approval = signApproval(content, device.statement.secret);
    await services.call("gate", GATE_ROUTES.orderApprove, { approval });
  }
  const approved = await findLying(context, orders);
  const given = new Map<Hash, Given>();
  for (const lying of approved) {
    const done = await carryOut(context, lying);
    if (done !== null) given.set(lying.hash, done);
  }
  const others = approved.filter(({ hash }) => !given.has(hash));
  const submitted = await submitOrders(
    context,
    others.map(({ signed, approvals }) => ({ order: signed, approvals })),
  );
  others.forEach(({ hash }, index) => given.set(hash, submitted[index] ?? { state: "done" }));
  return orders.flatMap((hash) => given.get(hash) ?? []);
}

/** Carries out an order that the practice chain does not; null: it does. Whoever may not see a file leaves its order to who gave it. */
async function carryOut(
  context: Context,
  { hash, order: { kind }, signed: order, approvals, dueAt }: LyingOrder,
): Promise<Given | null> {
  if (kind === "resume") return presentResume(context, { order, approvals });
  if (kind !== "erase" && kind !== "unhold") return null;
  try {
    await (kind === "erase" ? eraseFile : liftHold)(context, { order, approvals });
    return { state: "done" };
  } catch (error) {
    if (!(error instanceof ClientError && error.code === "unknown-record")) throw error;
    return { state: "pending", order: hash, dueAt };
  }
}

async function findLying(context: Context, orders: readonly Hash[]): Promise<LyingOrder[]> {
  const lying = new Map((await readPendingOrders(context)).map((each) => [each.hash, each]));
  return orders.map((order) => {
    const found = lying.get(order);
    if (found === undefined)
      throw new ClientError("unknown-record", { detail: "no such order waits" });
    return found;
  });
}
