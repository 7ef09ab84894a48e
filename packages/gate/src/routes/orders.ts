import {
  activeStaff,
  authorKey,
  checkOrder,
  checkResumeAuthor,
  CoreError,
  type GATE_ROUTES,
  hashOrder,
  holdsNow,
  knowsPlace,
  LIMITS,
  RIGHTS,
  idToBytes,
  readApproval,
  readCancellation,
  readOrder,
  verifyApproval,
  verifyCancellation,
  verifyOrder,
  weekOf,
  type Author,
  type Hash,
  type Order,
  type PracticeState,
  type Shaped,
} from "@sinetti/core";

import { holds } from "../accessNow.ts";
import { cancellersNeeded, dueAt, mayCancel, type OrderCase } from "../policyWait.ts";
import { hasRole } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { findFile } from "../store/fileStore.ts";
import {
  cancelPending,
  findPending,
  insertApproval,
  insertCancellation,
  insertPending,
  readPending,
  readTimed,
  type PendingOrder,
} from "../store/orderStore.ts";
import { transact, type Unit } from "../transaction.ts";
import { readYouth } from "../youth.ts";
import type { Empty, Exchange } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;

/** Orders of one author that may wait for their time at once: fewer than are shown. */
const TIMED_ORDERS = LIMITS.itemsPerBatch / 2;

type FileOrder = Extract<Order, { kind: "erase" | "unhold" }>;

/** An order of a file's chain, which only finds its second person here. */
async function checkOfFile(unit: Unit, order: FileOrder, signed: Uint8Array): Promise<void> {
  const { tx, practice, view, time } = unit;
  const { state } = view;
  allow(order.practice === practice, "unknown-practice");
  allow(knowsPlace(state, order.seen), "stale-head");
  const { key, member } = authorKey(state, order.author);
  verifyOrder(signed, key);
  const found = await findFile(tx, practice, order.body.file);
  allow(found !== undefined, "unknown-file");
  const isGuard = member !== null && hasRole(view, member, "privacy");
  const held = holdsNow(found.state, weekOf(time));
  if (order.kind === "unhold") {
    allow(isGuard, "not-authorised");
    return allow(
      held.some(({ hold }) => hold === order.body.hold),
      "not-found",
    );
  }
  const ask = { rights: RIGHTS.grant, time };
  allow(
    isGuard || (member !== null && holds(view, found.state, { member, ...ask })),
    "not-authorised",
  );
  allow(held.length === 0, "on-hold");
}

/** Everything of an order but its second person. */
async function checkProposal(unit: Unit, orderCase: OrderCase, signed: Uint8Array): Promise<void> {
  const { order, state, youth } = orderCase;
  if (order.kind === "erase" || order.kind === "unhold") return checkOfFile(unit, order, signed);
  if (order.kind === "resume") return void checkResumeAuthor(state, signed);
  const week = Math.max(weekOf(unit.time), state.week);
  try {
    checkOrder(state, { signed, order, approvals: [], week, youth });
  } catch (error) {
    const isWaiting = error instanceof CoreError && error.code === "second-person-missing";
    if (!isWaiting) throw error;
  }
}

async function readCase(unit: Unit, order: Order): Promise<OrderCase> {
  const { state } = unit.view;
  const { member: author } = authorKey(state, order.author);
  return { state, order, author, approvals: [], youth: await readYouth(unit) };
}

const ownerOf = (state: PracticeState, { by, id }: Author): string =>
  by === "device" ? (state.devices[id]?.member ?? id) : id;

/**
 * Nobody hides an order that acts by itself behind many others: whoever it is done to must find it among those that are shown.
 * Who is alone has nobody to hide it from. Error: `too-large`.
 */
async function checkRoom({ tx, practice, view: { state } }: Unit, order: Order): Promise<void> {
  if (activeStaff(state).length === 1) return;
  const owner = ownerOf(state, order.author);
  const waiting = await readTimed(tx, practice);
  const own = waiting.filter((signed) => ownerOf(state, readOrder(signed).author) === owner);
  allow(own.length < TIMED_ORDERS, "too-large");
}

/** Lays an order down until its second person, its wait, or its withdrawal. */
export async function proposeOrder({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["orderPropose"]["request"]>>): Promise<
  Shaped<Routes["orderPropose"]["answer"]>
> {
  const order = readOrder(body.order);
  const hash = hashOrder(body.order);
  const { isNew, ...laid } = await transact(gate, { request, lock: "chain" }, async (unit) => {
    const before = await findPending(unit.tx, unit.practice, hash);
    if (before !== undefined) return { hash, dueAt: before.dueAt, isNew: false };
    const orderCase = await readCase(unit, order);
    await checkProposal(unit, orderCase, body.order);
    const due = dueAt(orderCase, unit.time);
    if (due !== null) await checkRoom(unit, order);
    await insertPending(unit.tx, { order, signed: body.order, now: unit.time, dueAt: due });
    return { hash, dueAt: due, isNew: true };
  });
  if (isNew) gate.hints.ordersChanged(request.practice);
  const { by } = order.author;
  if (isNew && (by === "kit" || by === "recovery")) gate.metrics.raise(by);
  return laid;
}

/** What waits. */
export async function readPendingOrders({
  gate,
  request,
}: Exchange<object>): Promise<Shaped<Routes["orderPending"]["answer"]>> {
  const orders = await transact(
    gate,
    { request, lock: "none", ahead: (tx) => readPending(tx, request.practice) },
    async (_unit, found) => found,
  );
  return {
    orders: orders.map(({ signed: order, hash, approvals, dueAt: due }) => ({
      order,
      hash,
      approvals,
      dueAt: due,
    })),
  };
}

async function findOpen(unit: Unit, hash: Hash): Promise<PendingOrder> {
  const pending = await findPending(unit.tx, unit.practice, hash);
  allow(pending !== undefined && !pending.cancelled, "not-found");
  return pending;
}

/** Keeps a second person's consent; whoever sees enough of them submits the statement. */
export async function approveOrder({
  gate,
  request,
  body,
}: Exchange<{ approval: Uint8Array }>): Promise<Empty> {
  const { author, order, practice } = readApproval(body.approval);
  allow(body.approval.length <= LIMITS.cellBytes, "too-large");
  await transact(gate, { request, lock: "chain" }, async (unit) => {
    const { state } = unit.view;
    allow(practice === unit.practice, "unknown-practice");
    allow(author.by === "device" || author.by === "code", "not-authorised");
    const pending = await findOpen(unit, order);
    const { key, member } = authorKey(state, author);
    const week = Math.max(weekOf(unit.time), state.week);
    verifyApproval(body.approval, key, { order, week });
    const approver = idToBytes(member ?? author.id);
    await insertApproval(unit.tx, unit.practice, {
      hash: pending.hash,
      approver,
      signed: body.approval,
    });
  });
  gate.hints.ordersChanged(request.practice);
  if (author.by === "code") gate.metrics.raise("break-glass");
  return {};
}

/** Withdraws an order for whoever may. */
export async function cancelOrder({
  gate,
  request,
  body,
}: Exchange<{ cancellation: Uint8Array }>): Promise<Empty> {
  const { author, order: hash, practice } = readCancellation(body.cancellation);
  await transact(gate, { request, lock: "chain" }, async (unit) => {
    allow(practice === unit.practice, "unknown-practice");
    allow(author.by === "device", "not-authorised");
    const pending = await findOpen(unit, hash);
    const order = readOrder(pending.signed);
    const { key, member } = authorKey(unit.view.state, author);
    verifyCancellation(body.cancellation, key);
    const orderCase = await readCase(unit, order);
    allow(member !== null && mayCancel(orderCase, member), "not-authorised");
    const withdrawal = { hash, member, signed: body.cancellation };
    const members = await insertCancellation(unit.tx, unit.practice, withdrawal);
    if (members.length >= cancellersNeeded(unit.view.state, order))
      await cancelPending(unit.tx, unit.practice, hash);
  });
  gate.hints.ordersChanged(request.practice);
  return {};
}
