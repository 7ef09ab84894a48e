import {
  bytesToHash,
  bytesToId,
  hashOrder,
  idToBytes,
  LIMITS,
  type Hash,
  type MemberId,
  type Order,
  type PracticeId,
} from "@sinetti/core";

import { column, type Tx } from "./database.ts";

/** An order that lies at the gate. */
export interface PendingOrder {
  readonly hash: Hash;
  readonly signed: Uint8Array;
  readonly dueAt: number | null;
  readonly cancelled: boolean;
}

interface PendingRow {
  hash: Uint8Array;
  signed: Uint8Array;
  due_at: string | null;
  cancelled: boolean;
}

function toPending({ hash, signed, due_at: dueAt, cancelled }: PendingRow): PendingOrder {
  return {
    hash: bytesToHash(hash),
    signed,
    dueAt: dueAt === null ? null : Number(dueAt),
    cancelled,
  };
}

/** Lays an order down, once. */
export async function insertPending(
  tx: Tx,
  {
    order,
    signed,
    now,
    dueAt,
  }: { order: Order; signed: Uint8Array; now: number; dueAt: number | null },
): Promise<void> {
  await tx`
    insert into pending_orders (practice, hash, order_id, signed, kind, proposed_at, due_at)
    values (${idToBytes(order.practice)}, ${idToBytes(hashOrder(signed))}, ${idToBytes(order.id)}, ${signed},
      ${order.kind}, ${now}, ${dueAt})
    on conflict (practice, hash) do nothing`;
}

/** The order with this hash. */
export async function findPending(
  tx: Tx,
  practice: PracticeId,
  hash: Hash,
): Promise<PendingOrder | undefined> {
  const [row] = await tx<PendingRow[]>`
    select hash, signed, due_at, cancelled from pending_orders
    where practice = ${idToBytes(practice)} and hash = ${idToBytes(hash)}`;
  return row === undefined ? undefined : toPending(row);
}

/** The orders that wait, oldest first: those that act by themselves before others, and the newest of both. */
export async function readPending(
  tx: Tx,
  practice: PracticeId,
): Promise<(PendingOrder & { approvals: Uint8Array[] })[]> {
  const rows = await tx<(PendingRow & { proposed_at: string; approvals: Uint8Array[] })[]>`
    select o.hash, o.signed, o.due_at, o.cancelled, o.proposed_at,
      array(select a.signed from pending_approvals a
        where a.practice = o.practice and a.hash = o.hash
        order by a.approver limit ${LIMITS.approvals}) as approvals
    from pending_orders o
    where o.practice = ${idToBytes(practice)} and not o.cancelled
    order by o.due_at is null, o.proposed_at desc, o.hash limit ${LIMITS.itemsPerBatch}`;
  return rows
    .toSorted((a, b) => Number(a.proposed_at) - Number(b.proposed_at))
    .map((row) => ({ ...toPending(row), approvals: row.approvals }));
}

/** The orders, as signed, that wait for their time alone. */
export async function readTimed(tx: Tx, practice: PracticeId): Promise<Uint8Array[]> {
  const rows = await tx<{ signed: Uint8Array }[]>`
    select signed from pending_orders
    where practice = ${idToBytes(practice)} and not cancelled and due_at is not null`;
  return rows.map(({ signed }) => signed);
}

/** Keeps one approval of each approver. */
export async function insertApproval(
  tx: Tx,
  practice: PracticeId,
  { hash, approver, signed }: { hash: Hash; approver: Uint8Array; signed: Uint8Array },
): Promise<void> {
  await tx`
    insert into pending_approvals (practice, hash, approver, signed)
    values (${idToBytes(practice)}, ${idToBytes(hash)}, ${approver}, ${signed})
    on conflict do nothing`;
}

/** Keeps one withdrawal of each member; gives the members who withdrew. */
export async function insertCancellation(
  tx: Tx,
  practice: PracticeId,
  { hash, member, signed }: { hash: Hash; member: MemberId; signed: Uint8Array },
): Promise<MemberId[]> {
  const id = idToBytes(practice);
  await tx`
    insert into pending_cancellations (practice, hash, member, signed)
    values (${id}, ${idToBytes(hash)}, ${idToBytes(member)}, ${signed}) on conflict do nothing`;
  const rows = await tx<{ member: Uint8Array }[]>`
    select member from pending_cancellations where practice = ${id} and hash = ${idToBytes(hash)}`;
  return rows.map((row) => bytesToId<MemberId>(row.member));
}

/** Marks an order as withdrawn; it stays, so that it cannot be proposed anew. */
export async function cancelPending(tx: Tx, practice: PracticeId, hash: Hash): Promise<void> {
  await tx`
    update pending_orders set cancelled = true
    where practice = ${idToBytes(practice)} and hash = ${idToBytes(hash)}`;
}

/** Takes away orders that have been sequenced. */
export async function deletePending(
  tx: Tx,
  practice: PracticeId,
  hashes: readonly Hash[],
): Promise<void> {
  const key = tx`practice = ${idToBytes(practice)} and hash = any(${column(tx, "bytea", hashes.map(idToBytes))})`;
  await Promise.all([
    tx`delete from pending_orders where ${key}`,
    tx`delete from pending_approvals where ${key}`,
    tx`delete from pending_cancellations where ${key}`,
  ]);
}
