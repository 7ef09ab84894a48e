import {
  VAULT_ROUTES,
  concatBytes,
  decodeShape,
  encodeShape,
  hashWrap,
  type FileId,
  type Hash,
  type PracticeId,
  type Subject,
  type Wrap,
} from "@sinetti/core";

import { ids, bytes, numbers, texts, idList, fromColumn, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";
import type postgres from "postgres";

const stagedShape = VAULT_ROUTES.wrapsStage.request;

export interface StagedWraps {
  readonly statement: Hash;
  readonly hash: Hash;
  readonly wraps: Wrap[];
}

/** Keeps wraps under the statement that will come; the same again changes nothing. */
export async function stageWraps(
  tx: Tx,
  practice: PracticeId,
  { items, week }: { items: readonly StagedWraps[]; week: number },
): Promise<void> {
  await tx`
    insert into staged_wraps (practice, statement, wraps_hash, wraps, week)
    select ${toColumn(practice)}, statement, hash, wraps, ${week} from unnest(
      ${ids(tx, items, ({ statement }) => statement)}::bytea[],
      ${ids(tx, items, ({ hash }) => hash)}::bytea[],
      ${bytes(tx, items, ({ statement, wraps }) =>
        encodeShape(stagedShape, { items: [{ statement, wraps }], batchKeys: [] }),
      )}::bytea[]) as staged(statement, hash, wraps)
    on conflict do nothing`;
}

export async function readStaged(
  tx: Tx,
  practice: PracticeId,
  statements: readonly Hash[],
): Promise<Map<Hash, Wrap[][]>> {
  const rows = await tx<{ statement: Uint8Array; wraps: Uint8Array }[]>`
    select statement, wraps from staged_wraps
    where practice = ${toColumn(practice)} and statement = any(${idList(tx, statements)}::bytea[])`;
  const staged = new Map<Hash, Wrap[][]>();
  for (const row of rows) {
    const statement = fromColumn<Hash>(row.statement);
    const wraps = decodeShape(stagedShape, row.wraps).items.map((item) => item.wraps);
    staged.set(statement, [...(staged.get(statement) ?? []), ...wraps]);
  }
  return staged;
}

export async function dropStaged(
  tx: Tx,
  practice: PracticeId,
  statements: readonly Hash[],
): Promise<void> {
  await tx`delete from staged_wraps
    where practice = ${toColumn(practice)} and statement = any(${idList(tx, statements)}::bytea[])`;
}

/** Drops what was staged before `week` and never named by a statement. */
export async function sweepStaged(tx: Tx, practice: PracticeId, week: number): Promise<void> {
  const owner = toColumn(practice);
  await Promise.all([
    tx`delete from staged_wraps where practice = ${owner} and week < ${week}`,
    tx`delete from batch_keys k where k.practice = ${owner} and k.week < ${week} and not exists (
         select from wraps w where w.practice = ${owner} and w.batch = k.batch)`,
  ]);
}

export interface FileWrap {
  readonly file: FileId;
  readonly epoch: number;
  readonly wrap: Wrap;
}

/** Writes the wraps of statements that were taken; a later grant to the same subject brings its wrap again. */
export async function writeWraps(
  tx: Tx,
  practice: PracticeId,
  wraps: readonly FileWrap[],
): Promise<void> {
  if (wraps.length === 0) return;
  await tx`
    ${insertion(tx, practice, wraps)}
    on conflict (practice, file, epoch, subject_type, subject)
    do update set key_version = excluded.key_version, batch = excluded.batch,
      sealed = excluded.sealed`;
}

/** Writes wraps where none lie yet. */
export async function insertWraps(
  tx: Tx,
  practice: PracticeId,
  wraps: readonly FileWrap[],
): Promise<void> {
  if (wraps.length > 0) await tx`${insertion(tx, practice, wraps)} on conflict do nothing`;
}

function insertion(
  tx: Tx,
  practice: PracticeId,
  wraps: readonly FileWrap[],
): postgres.PendingQuery<postgres.Row[]> {
  const columns = wraps.map(({ wrap }) => wrap);
  return tx`
    insert into wraps (practice, file, epoch, subject_type, subject, key_version, batch, sealed)
    select ${toColumn(practice)}, * from unnest(
      ${ids(tx, wraps, ({ file }) => file)}::bytea[],
      ${numbers(tx, wraps, ({ epoch }) => epoch)}::bigint[],
      ${texts(tx, columns, ({ subject }) => subject.type)}::text[],
      ${ids(tx, columns, ({ subject }) => subject.id)}::bytea[],
      ${numbers(tx, columns, ({ keyVersion }) => keyVersion)}::bigint[],
      ${ids(tx, columns, ({ batch }) => batch)}::bytea[],
      ${bytes(tx, columns, ({ sealed }) => sealed)}::bytea[])`;
}

/** Keeps the hashes of wraps that came later than their statement, for whoever verifies it. */
export async function keepLateHashes(
  tx: Tx,
  practice: PracticeId,
  staged: readonly StagedWraps[],
): Promise<void> {
  if (staged.length === 0) return;
  await tx`
    insert into late_wraps (practice, statement, wraps)
    select l.practice, l.hash, late.wraps from unnest(
      ${ids(tx, staged, ({ statement }) => statement)}::bytea[],
      ${bytes(tx, staged, ({ wraps }) => concatBytes(...wraps.map((wrap) => toColumn(hashWrap(wrap)))))}::bytea[])
      as late(statement, wraps)
    join access_links l on l.practice = ${toColumn(practice)} and l.hash = late.statement
    where l.wraps is null
    on conflict do nothing`;
}

/** Drops the wraps of subjects who hold no grant on the file any more. */
export async function dropWraps(
  tx: Tx,
  practice: PracticeId,
  former: readonly { file: FileId; subject: Subject }[],
): Promise<void> {
  if (former.length === 0) return;
  await tx`
    delete from wraps using unnest(
      ${ids(tx, former, ({ file }) => file)}::bytea[],
      ${texts(tx, former, ({ subject }) => subject.type)}::text[],
      ${ids(tx, former, ({ subject }) => subject.id)}::bytea[]) as gone(file, subject_type, subject)
    where wraps.practice = ${toColumn(practice)} and wraps.file = gone.file
      and wraps.subject_type = gone.subject_type and wraps.subject = gone.subject`;
}

interface WrapRow {
  file: Uint8Array;
  subject_type: Subject["type"];
  subject: Uint8Array;
  key_version: number;
  batch: Uint8Array | null;
  sealed: Uint8Array;
}

/** The wraps of the newest epoch of each file for these subjects. */
export async function readWraps(
  tx: Tx,
  practice: PracticeId,
  { files, subjects }: { files: readonly FileId[]; subjects: readonly Subject[] },
): Promise<FileWrap[]> {
  const rows = await tx<(WrapRow & { epoch: number })[]>`
    select w.file, w.epoch::float8, w.subject_type, w.subject, w.key_version::float8, w.batch,
      w.sealed
    from wraps w
    where w.practice = ${toColumn(practice)}
      and w.file = any(${idList(tx, files)}::bytea[])
      and w.epoch = (select max(n.epoch) from wraps n
        where n.practice = w.practice and n.file = w.file)
      and (w.subject_type, w.subject) in (select * from unnest(
        ${texts(tx, subjects, ({ type }) => type)}::text[],
        ${ids(tx, subjects, ({ id }) => id)}::bytea[]))`;
  return rows.map((row) => ({
    file: fromColumn<FileId>(row.file),
    epoch: row.epoch,
    wrap: {
      subject: { type: row.subject_type, id: fromColumn(row.subject) },
      keyVersion: row.key_version,
      batch: row.batch === null ? null : fromColumn(row.batch),
      sealed: row.sealed,
    },
  }));
}
