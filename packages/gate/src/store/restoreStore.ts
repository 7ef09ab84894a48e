import {
  bytesToHash,
  bytesToId,
  idToBytes,
  type FileId,
  type LostHeads,
  type OrderId,
  type Place,
  type PracticeId,
  type RestoreId,
} from "@sinetti/core";

import { column, type Tx } from "./database.ts";

/** The last run that brought a practice back. */
export interface Restored {
  readonly restore: RestoreId;
  /** Gate time. */
  readonly at: number;
  readonly isResumed: boolean;
}

/** The last run that brought the practice back; null: none ever did. */
export async function readRestored(tx: Tx, practice: PracticeId): Promise<Restored | null> {
  const [row] = await tx<{ restore: Uint8Array; at: string; resumed: boolean }[]>`
    select restore, at, resume is not null as resumed from restores
    where practice = ${idToBytes(practice)}`;
  if (row === undefined) return null;
  return {
    restore: bytesToId<RestoreId>(row.restore),
    at: Number(row.at),
    isResumed: row.resumed,
  };
}

/** Marks a practice as brought back by a run; an earlier one counts no more. */
export async function insertRestore(
  tx: Tx,
  practice: PracticeId,
  { restore, at }: { restore: RestoreId; at: number },
): Promise<void> {
  await tx`
    insert into restores (practice, restore, at)
    values (${idToBytes(practice)}, ${idToBytes(restore)}, ${at})
    on conflict (practice) do update set restore = excluded.restore, at = excluded.at, resume = null`;
}

/** Ends the stillness after this run, if it is this gate's. */
export async function resumeRestore(
  tx: Tx,
  practice: PracticeId,
  { restore, order }: { restore: RestoreId; order: Uint8Array },
): Promise<void> {
  await tx`
    update restores set resume = ${order}
    where practice = ${idToBytes(practice)} and restore = ${idToBytes(restore)} and resume is null`;
}

/** Remembers a resumption; false when it has acted before. */
export async function insertResume(tx: Tx, practice: PracticeId, order: OrderId): Promise<boolean> {
  const rows = await tx`
    insert into resumes (practice, order_id) values (${idToBytes(practice)}, ${idToBytes(order)})
    on conflict do nothing returning 1`;
  return rows.length > 0;
}

/** The highest heads that readers reported, of the files after `after`, by file. */
export async function readReportedHeads(
  tx: Tx,
  practice: PracticeId,
  { after, count }: { after: FileId | null; count: number },
): Promise<{ file: FileId; record: Place }[]> {
  const rows = await tx<{ file: Uint8Array; seq: string; hash: Uint8Array }[]>`
    select file, record_seq as seq, record_hash as hash from files
    where practice = ${idToBytes(practice)} and record_hash is not null
      ${after === null ? tx`` : tx`and file > ${idToBytes(after)}`}
    order by file limit ${count}`;
  return rows.map(({ file, seq, hash }) => ({
    file: bytesToId<FileId>(file),
    record: { seq: Number(seq), hash: bytesToHash(hash) },
  }));
}

/** Lowers reported heads to what is left; one that is lower already stays. */
export async function lowerHeads(tx: Tx, practice: PracticeId, lost: LostHeads): Promise<void> {
  if (lost.length === 0) return;
  await tx`
    update files f set record_seq = new.seq, record_hash = new.hash
    from unnest(
      ${column(
        tx,
        "bytea",
        lost.map(({ file }) => idToBytes(file)),
      )},
      ${column(
        tx,
        "int8",
        lost.map(({ record }) => record?.seq ?? null),
      )},
      ${column(
        tx,
        "bytea",
        lost.map(({ record }) => (record === null ? null : idToBytes(record.hash))),
      )}
    ) as new (file, seq, hash)
    where f.practice = ${idToBytes(practice)} and f.file = new.file
      and f.record_seq > coalesce(new.seq, -1)`;
}
