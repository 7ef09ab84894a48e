import {
  authorKey,
  checkOrder,
  knowsPlace,
  mayRevoke,
  readOrder,
  STOP_KINDS,
  verifyOrder,
  weekOf,
  type AccessState,
  type Order,
} from "@sinetti/core";

import { checkFreezer } from "../freezeRule.ts";
import { allow } from "../problem.ts";
import { findFile } from "../store/fileStore.ts";
import { appendLog } from "../store/logStore.ts";
import { bumpOverlay } from "../store/practiceStore.ts";
import { insertStop } from "../store/stopStore.ts";
import { refreshView, transact, type Unit } from "../transaction.ts";
import { readYouth } from "../youth.ts";
import type { Empty, Exchange } from "./exchange.ts";

async function checkRevoke(
  { tx, view }: Unit,
  { order, signed }: { order: Extract<Order, { kind: "revoke" }>; signed: Uint8Array },
): Promise<AccessState> {
  const { state } = view;
  allow(order.practice === state.practice, "unknown-practice");
  allow(knowsPlace(state, order.seen), "stale-head");
  allow(order.author.by === "device", "not-authorised");
  const { key, member } = authorKey(state, order.author);
  verifyOrder(signed, key);
  const found = await findFile(tx, state.practice, order.body.file);
  allow(found !== undefined, "unknown-file");
  const { subject } = order.body;
  const at = order.seen.seq;
  allow(
    member !== null && mayRevoke(found.state, state, { member, subject, at }),
    "not-authorised",
  );
  return found.state;
}

/** Whether the author of a stop may give it now; gives the file that it is about, if it is about one. */
export async function checkStop(
  unit: Unit,
  order: Order,
  signed: Uint8Array,
): Promise<AccessState | null> {
  if (order.kind === "revoke") return checkRevoke(unit, { order, signed });
  const { view, time } = unit;
  const youth = await readYouth(unit);
  const week = Math.max(weekOf(time), view.state.week);
  checkOrder(view.state, { signed, order, approvals: [], week, youth });
  const { member: author } = authorKey(view.state, order.author);
  await checkFreezer(unit, { state: view.state, order, author, approvals: [], youth });
  return null;
}

/** Takes a stop: in force from here on, sequenced afterwards. The same order again changes nothing. */
export async function takeStop({
  gate,
  request,
  body,
}: Exchange<{ order: Uint8Array }>): Promise<Empty> {
  const order = readOrder(body.order);
  allow((STOP_KINDS as readonly string[]).includes(order.kind), "not-authorised");
  const revoked = await transact(gate, { request, lock: "chain-and-log" }, async (unit) => {
    const { tx, practice, view, log, time } = unit;
    const isKnown =
      view.state.orders[order.id] !== undefined || view.stops.some(({ id }) => id === order.id);
    if (isKnown) return null;
    const file = await checkStop(unit, order, body.order);
    const arrived = { order: order.id, signed: body.order, arrivedAt: time };
    if (!(await insertStop(tx, practice, arrived))) return null;
    await bumpOverlay(tx, practice);
    if (order.kind !== "freeze" && order.kind !== "revoke") return null;
    const { caller, nonce } = request;
    const line = { kind: order.kind, member: caller.member, device: caller.device, nonce };
    await appendLog(tx, practice, { line, head: log, time });
    return file;
  });
  // Whoever is stopped is cut off from hints now, and not when the next request comes.
  const view = await refreshView(gate, request.practice);
  if (revoked !== null) gate.hints.grantStopped(view, revoked);
  if (order.kind === "freeze") gate.metrics.raise("freeze");
  if (order.author.by === "code") gate.metrics.raise("break-glass");
  return {};
}
