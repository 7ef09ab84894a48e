import {
  LIMITS,
  VAULT_ROUTES,
  grantsAt,
  isSameSubject,
  phaseAt,
  readOrder,
  rolesAt,
  type AccessState,
  type FileId,
  type MemberId,
  type Order,
  type Shaped,
} from "@sinetti/core";

import { confirmCall, deviceOf, type Call, type Handled } from "../call.ts";
import { rightsNow } from "../policy/fileRights.ts";
import type { Held } from "../practiceStates.ts";
import { readFiles } from "../store/files.ts";
import { readUnsequenced } from "../store/stops.ts";
import { inPractice, type Tx } from "../store/transaction.ts";

const { stopsRead: route } = VAULT_ROUTES;
type Answer = Shaped<typeof route.answer>;
type Revoke = Extract<Order, { kind: "revoke" }>;

const isRevoke = (order: Order): order is Revoke => order.kind === "revoke";

/** Whether the revocation still takes something, and the caller may know of the file. */
function isShown(
  { held, member, week }: { held: Held; member: MemberId; week: number },
  state: AccessState,
  { body }: Revoke,
): boolean {
  if (phaseAt(state) === "erased") return false;
  if (!grantsAt(state).some(({ grant }) => isSameSubject(grant.subject, body.subject)))
    return false;
  if (rolesAt(held.state, member).some((role) => role === "privacy" || role === "admin"))
    return true;
  const { standing, approved } = rightsNow(held, state, { member, week });
  return standing + approved > 0;
}

async function readNamed(
  tx: Tx,
  { vault, practice }: Call,
  orders: readonly Order[],
): Promise<Map<FileId, AccessState>> {
  const files = [...new Set(orders.filter(isRevoke).map(({ body }) => body.file))];
  if (files.length === 0) return new Map();
  const rows = await readFiles(tx, practice, { files, lock: false });
  return new Map(
    [...rows].map(([file, { access }]) => [
      file,
      vault.accessStates.read(access.head, access.bytes),
    ]),
  );
}

async function read(call: Call): Promise<Answer> {
  const { member } = deviceOf(call);
  const { vault, practice, week } = call;
  return inPractice(vault.sql, practice, async (tx) => {
    const held = await confirmCall(tx, call);
    const { restore } = held;
    if (held.acting.length === 0) return { orders: [], restore };
    const acting = new Set(held.acting.map(({ id }) => id));
    const stops = (await readUnsequenced(tx, practice))
      .map((signed) => ({ signed, order: readOrder(signed) }))
      .filter(({ order }) => acting.has(order.id));
    const states = await readNamed(tx, call, held.acting);
    const shown = stops.filter(({ order }) => {
      const state = isRevoke(order) ? states.get(order.body.file) : undefined;
      if (!isRevoke(order)) return true;
      return state !== undefined && isShown({ held, member, week }, state, order);
    });
    // What stops people comes first: many revocations must not hide a freeze.
    shown.sort((a, b) => Number(isRevoke(a.order)) - Number(isRevoke(b.order)));
    return { orders: shown.slice(0, LIMITS.itemsPerBatch).map(({ signed }) => signed), restore };
  });
}

export const stopsRead: Handled<object, Answer> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: read,
};
