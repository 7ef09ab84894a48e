import { idToBytes, type OrderId, type PracticeId } from "@sinetti/core";

import { column, type Tx } from "./database.ts";

/** Keeps a stop; gives whether it is new. */
export async function insertStop(
  tx: Tx,
  practice: PracticeId,
  { order, signed, arrivedAt }: { order: OrderId; signed: Uint8Array; arrivedAt: number },
): Promise<boolean> {
  const rows = await tx`
    insert into stops (practice, order_id, signed, arrived_at)
    values (${idToBytes(practice)}, ${idToBytes(order)}, ${signed}, ${arrivedAt})
    on conflict do nothing returning 1`;
  return rows.length > 0;
}

/** The stops, as signed, that no chain carries yet, oldest first. */
export async function readUnsequenced(tx: Tx, practice: PracticeId): Promise<Uint8Array[]> {
  const rows = await tx<{ signed: Uint8Array }[]>`
    select signed from stops where practice = ${idToBytes(practice)} and not sequenced
    order by arrived_at, order_id`;
  return rows.map(({ signed }) => signed);
}

/** Marks stops as standing in their chains now; gives how many were not marked before. */
export async function sequenceStops(
  tx: Tx,
  practice: PracticeId,
  orders: readonly OrderId[],
): Promise<number> {
  const rows = await tx`
    update stops set sequenced = true
    where practice = ${idToBytes(practice)} and not sequenced
      and order_id = any(${tx.array(orders.map(idToBytes), 17)}) returning 1`;
  return rows.length;
}

/** A revocation that the chain of its file carries. */
export interface CarriedRevoke {
  readonly id: OrderId;
  readonly signed: Uint8Array;
}

/**
 * Remembers revocations that a chain carries now, whether or not they came as stops before: one that comes afterwards would
 * otherwise be new, and take back what was granted since.
 */
export async function keepCarried(
  tx: Tx,
  practice: PracticeId,
  { revokes, arrivedAt }: { revokes: readonly CarriedRevoke[]; arrivedAt: number },
): Promise<void> {
  await tx`
    insert into stops (practice, order_id, signed, arrived_at, sequenced)
    select ${idToBytes(practice)}, order_id, signed, ${arrivedAt}, true
    from unnest(
      ${column(
        tx,
        "bytea",
        revokes.map(({ id }) => idToBytes(id)),
      )},
      ${column(
        tx,
        "bytea",
        revokes.map(({ signed }) => signed),
      )}
    ) as revoke (order_id, signed)
    on conflict (practice, order_id) do update set sequenced = true`;
}

/** When a stop arrived, unix seconds. */
export async function findArrival(
  tx: Tx,
  practice: PracticeId,
  order: OrderId,
): Promise<number | undefined> {
  const [row] = await tx<{ arrived_at: string }[]>`
    select arrived_at from stops
    where practice = ${idToBytes(practice)} and order_id = ${idToBytes(order)}`;
  return row === undefined ? undefined : Number(row.arrived_at);
}
