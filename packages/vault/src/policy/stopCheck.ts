import {
  authorKey,
  checkOrder,
  knowsPlace,
  mayRevoke,
  readOrder,
  STOP_KINDS,
  verifyOrder,
  type AccessState,
  type Order,
  type Signed,
} from "@sinetti/core";

import type { Held } from "../practiceStates.ts";
import { refuse } from "../problem.ts";

/** A stop in the form that the vault reads it in; whether it may be given is not checked yet. */
export function readStop(signed: Signed): Order {
  const order = readOrder(signed);
  if (!STOP_KINDS.some((kind) => kind === order.kind)) refuse("malformed");
  return order;
}

/** Checks that the author of a stop may give it; `access`: the state of the file that a revocation names. */
export function checkStop(
  { state }: Held,
  { order, signed }: { order: Order; signed: Signed },
  { access, week }: { access: AccessState | null; week: number },
): void {
  if (order.practice !== state.practice) refuse("malformed");
  if (order.seen.seq >= state.heads.length) refuse("behind");
  if (order.kind !== "revoke") return checkOrder(state, { signed, order, approvals: [], week });
  if (!knowsPlace(state, order.seen)) refuse("stale-head");
  const { key, member } = authorKey(state, order.author);
  if (member === null || order.author.by !== "device") return refuse("not-authorised");
  verifyOrder(signed, key);
  const { subject } = order.body;
  if (access === null) return refuse("unknown-file");
  const at = order.seen.seq;
  if (!mayRevoke(access, state, { member, subject, at })) refuse("not-authorised");
}
