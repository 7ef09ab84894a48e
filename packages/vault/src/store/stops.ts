import { readOrder, type Order, type OrderId, type PracticeId, type Signed } from "@sinetti/core";

import { idList, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

export async function bumpStops(tx: Tx, practice: PracticeId): Promise<void> {
  await tx`update practices set stops_version = stops_version + 1
    where practice = ${toColumn(practice)}`;
}

/** The orders, as signed, that no chain carries yet. */
export async function readUnsequenced(tx: Tx, practice: PracticeId): Promise<Signed[]> {
  const rows = await tx<{ signed: Uint8Array }[]>`
    select signed from stops where practice = ${toColumn(practice)} and not sequenced
    order by order_id`;
  return rows.map(({ signed }) => signed);
}

/** The orders that act although no chain carries them yet. */
export async function readActing(tx: Tx, practice: PracticeId): Promise<Order[]> {
  return (await readUnsequenced(tx, practice)).map(readOrder);
}

/** Keeps a stop; false when an order with this id was there before. */
export async function keepStop(
  tx: Tx,
  practice: PracticeId,
  { id, signed }: { id: OrderId; signed: Signed },
): Promise<boolean> {
  const kept = await tx`
    insert into stops (practice, order_id, signed, sequenced)
    values (${toColumn(practice)}, ${toColumn(id)}, ${signed}, false)
    on conflict do nothing`;
  return kept.count === 1;
}

/** Ends the stops that a chain now carries. */
export async function endStops(
  tx: Tx,
  practice: PracticeId,
  ids: readonly OrderId[],
): Promise<boolean> {
  if (ids.length === 0) return false;
  const ended = await tx`
    update stops set sequenced = true
    where practice = ${toColumn(practice)} and order_id = any(${idList(tx, ids)}::bytea[])
      and not sequenced`;
  return ended.count > 0;
}

/** Remembers revocations that a chain carries, whether or not they came as stops before. */
export async function keepSequenced(
  tx: Tx,
  practice: PracticeId,
  orders: readonly { id: OrderId; signed: Signed }[],
): Promise<void> {
  for (const { id, signed } of orders)
    await tx`
      insert into stops (practice, order_id, signed, sequenced)
      values (${toColumn(practice)}, ${toColumn(id)}, ${signed}, true)
      on conflict (practice, order_id) do update set sequenced = true`;
}
