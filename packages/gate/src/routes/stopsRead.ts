import {
  LIMITS,
  RIGHTS,
  grantsAt,
  isSameSubject,
  readOrder,
  type AccessState,
  type FileId,
  type GATE_ROUTES,
  type MemberId,
  type Order,
  type Shaped,
} from "@sinetti/core";

import { holds } from "../accessNow.ts";
import { hasRole, memberOf, waitingRestore } from "../practiceView.ts";
import { readFiles } from "../store/fileStore.ts";
import { readUnsequenced } from "../store/stopStore.ts";
import { transact, type Unit } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

type Revoke = Extract<Order, { kind: "revoke" }>;
const isRevoke = (order: Order): order is Revoke => order.kind === "revoke";

/** Whether the revocation still takes something, and the caller may know of the file. */
function isShown(
  { view, time }: Unit,
  { body }: Revoke,
  { state, member }: { state: AccessState | undefined; member: MemberId },
): boolean {
  if (state === undefined) return false;
  if (!grantsAt(state).some(({ grant }) => isSameSubject(grant.subject, body.subject)))
    return false;
  return (
    hasRole(view, member, "privacy") ||
    hasRole(view, member, "admin") ||
    holds(view, state, { member, rights: RIGHTS.read, time })
  );
}

async function readNamed(
  { tx, practice }: Unit,
  orders: readonly Order[],
): Promise<Map<FileId, AccessState>> {
  const files = [...new Set(orders.filter(isRevoke).map(({ body }) => body.file))];
  if (files.length === 0) return new Map();
  const found = await readFiles(tx, practice, { files });
  return new Map([...found].map(([file, { state }]) => [file, state]));
}

/** The stops that the gate obeys and no chain carries yet. */
export async function readStops({
  gate,
  request,
}: Exchange<object>): Promise<Shaped<(typeof GATE_ROUTES)["stopsRead"]["answer"]>> {
  const { member } = memberOf(request.caller);
  return transact(gate, { request, lock: "none" }, async (unit) => {
    const { tx, practice, view } = unit;
    const restore = waitingRestore(view);
    if (view.stops.length === 0) return { orders: [], restore };
    const acting = new Set(view.stops.map(({ id }) => id));
    const stops = (await readUnsequenced(tx, practice))
      .map((signed) => ({ signed, order: readOrder(signed) }))
      .filter(({ order }) => acting.has(order.id));
    const states = await readNamed(unit, view.stops);
    const shown = stops.filter(
      ({ order }) =>
        !isRevoke(order) || isShown(unit, order, { state: states.get(order.body.file), member }),
    );
    // What stops people comes first: many revocations must not hide a freeze.
    shown.sort((a, b) => Number(isRevoke(a.order)) - Number(isRevoke(b.order)));
    return { orders: shown.slice(0, LIMITS.itemsPerBatch).map(({ signed }) => signed), restore };
  });
}
