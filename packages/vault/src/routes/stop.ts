import { VAULT_ROUTES, type Order, type Shaped } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { checkStop, readStop } from "../policy/stopCheck.ts";
import { readFiles } from "../store/files.ts";
import { bumpStops, keepStop } from "../store/stops.ts";
import { inPractice, type Tx } from "../store/transaction.ts";
import type { AccessState } from "@sinetti/core";

const { stop: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;

async function readNamed(tx: Tx, call: Call, order: Order): Promise<AccessState | null> {
  if (order.kind !== "revoke") return null;
  const { file } = order.body;
  const rows = await readFiles(tx, call.practice, { files: [file], lock: false });
  const row = rows.get(file);
  return row === undefined ? null : call.vault.accessStates.read(row.access.head, row.access.bytes);
}

async function obey(call: Call, { order: signed }: Request): Promise<object> {
  const { vault, practice, week } = call;
  const order = readStop(signed);
  const stopped = await inPractice(vault.sql, practice, async (tx) => {
    const [held, access] = await Promise.all([confirmCall(tx, call), readNamed(tx, call, order)]);
    const isKnown =
      held.state.orders[order.id] !== undefined || held.acting.some(({ id }) => id === order.id);
    if (isKnown) return null;
    checkStop(held, { order, signed }, { access, week });
    if (await keepStop(tx, practice, { id: order.id, signed })) await bumpStops(tx, practice);
    return access;
  });
  const held = await vault.practices.renew(practice);
  if (held !== null && stopped !== null) vault.hints.grantStopped(held, stopped);
  return {};
}

export const stop: Handled<Request, object> = {
  route,
  authors: ["device", "code"],
  whileRestored: true,
  handle: obey,
};
