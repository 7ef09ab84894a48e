import type { BatchId, BatchKey, PracticeId, Subject } from "@sinetti/core";

import { ids, bytes, numbers, texts, idList, fromColumn, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

/** Keeps sealed batch keys; their names are hashes, so what stands there already is the same. */
export async function keepBatchKeys(
  tx: Tx,
  practice: PracticeId,
  { keys, week }: { keys: readonly BatchKey[]; week: number },
): Promise<void> {
  if (keys.length === 0) return;
  await tx`
    insert into batch_keys (practice, batch, subject_type, subject, key_version, sealed, week)
    select ${toColumn(practice)}, batch, subject_type, subject, key_version, sealed, ${week}
    from unnest(
      ${ids(tx, keys, ({ batch }) => batch)}::bytea[],
      ${texts(tx, keys, ({ subject }) => subject.type)}::text[],
      ${ids(tx, keys, ({ subject }) => subject.id)}::bytea[],
      ${numbers(tx, keys, ({ keyVersion }) => keyVersion)}::bigint[],
      ${bytes(tx, keys, ({ sealed }) => sealed)}::bytea[]) as k(batch, subject_type, subject, key_version, sealed)
    on conflict do nothing`;
}

interface Row {
  batch: Uint8Array;
  subject_type: Subject["type"];
  subject: Uint8Array;
  key_version: number;
  sealed: Uint8Array;
}

/** The keys of these batches that are sealed to these subjects. */
export async function readBatchKeys(
  tx: Tx,
  practice: PracticeId,
  { batches, subjects }: { batches: readonly BatchId[]; subjects: readonly Subject[] },
): Promise<BatchKey[]> {
  if (batches.length === 0) return [];
  const rows = await tx<Row[]>`
    select batch, subject_type, subject, key_version::float8, sealed from batch_keys
    where practice = ${toColumn(practice)} and batch = any(${idList(tx, batches)}::bytea[])
      and (subject_type, subject) in (select * from unnest(
        ${texts(tx, subjects, ({ type }) => type)}::text[],
        ${ids(tx, subjects, ({ id }) => id)}::bytea[]))`;
  return rows.map((row) => ({
    batch: fromColumn<BatchId>(row.batch),
    subject: { type: row.subject_type, id: fromColumn(row.subject) },
    keyVersion: row.key_version,
    sealed: row.sealed,
  }));
}
