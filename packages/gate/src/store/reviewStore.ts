import {
  bytesToId,
  idToBytes,
  RIGHTS,
  type FileId,
  type MemberId,
  type PracticeId,
  type TeamId,
} from "@sinetti/core";

import { column, type Tx } from "./database.ts";

/** When a file was released to somebody last. */
export interface LastUse {
  readonly member: MemberId;
  readonly at: number;
  /** Whether one since `exemptSince` passed in a crisis or by a consent, past a budget. */
  readonly isExempt: boolean;
}

/** Files on which grants stand, in their order after `after`: all, those of a subject, those among `files`, or those of which one ends. */
export async function readGrantedFiles(
  tx: Tx,
  practice: PracticeId,
  {
    subject,
    files,
    endsBy,
    after,
    limit,
  }: {
    subject: MemberId | TeamId | null;
    files: readonly FileId[] | null;
    endsBy: number | null;
    after: FileId | null;
    limit: number;
  },
): Promise<FileId[]> {
  const ofSubject = subject === null ? tx`` : tx`and subject = ${idToBytes(subject)}`;
  const among =
    files === null ? tx`` : tx`and file = any(${column(tx, "bytea", files.map(idToBytes))})`;
  const ending = endsBy === null ? tx`` : tx`and expires between 1 and ${endsBy}`;
  const from = after === null ? tx`` : tx`and file > ${idToBytes(after)}`;
  const rows = await tx<{ file: Uint8Array }[]>`
    select distinct file from holdings
    where practice = ${idToBytes(practice)} ${ofSubject} ${among} ${ending} ${from}
    order by file limit ${limit}`;
  return rows.map(({ file }) => bytesToId<FileId>(file));
}

/**
 * Files with halves, in their order after `after`, on which none of these subjects stands with the right to hand on; with `last`, those
 * on which this member does.
 */
export async function readUnheldFiles(
  tx: Tx,
  practice: PracticeId,
  {
    living,
    last,
    after,
    limit,
  }: {
    living: readonly (MemberId | TeamId)[];
    last: MemberId | null;
    after: FileId | null;
    limit: number;
  },
): Promise<FileId[]> {
  const subjects = column(tx, "bytea", living.map(idToBytes));
  const from = after === null ? tx`` : tx`and f.file > ${idToBytes(after)}`;
  const of =
    last === null
      ? tx``
      : tx`and f.file in (
          select file from holdings
          where practice = ${idToBytes(practice)} and subject = ${idToBytes(last)}
            and rights & ${RIGHTS.grant} <> 0)`;
  const rows = await tx<{ file: Uint8Array }[]>`
    select f.file from files f
    where f.practice = ${idToBytes(practice)} ${from} ${of}
      and exists (select from shares s where s.practice = f.practice and s.file = f.file)
      and not exists (
        select from holdings h
        where h.practice = f.practice and h.file = f.file
          and h.rights & ${RIGHTS.grant} <> 0 and h.subject = any(${subjects}))
    order by f.file limit ${limit}`;
  return rows.map(({ file }) => bytesToId<FileId>(file));
}

/** The statements of each of these files' chains, in their order. */
export async function readChains(
  tx: Tx,
  practice: PracticeId,
  files: readonly FileId[],
): Promise<Map<FileId, Uint8Array[]>> {
  const rows = await tx<{ file: Uint8Array; statement: Uint8Array }[]>`
    select file, statement from access_links
    where practice = ${idToBytes(practice)} and file = any(${column(tx, "bytea", files.map(idToBytes))})
    order by file, seq`;
  const chains = new Map<FileId, Uint8Array[]>();
  for (const { file, statement } of rows) {
    const id = bytesToId<FileId>(file);
    const chain = chains.get(id);
    if (chain === undefined) chains.set(id, [statement]);
    else chain.push(statement);
  }
  return chains;
}

/** When each of these files was released to each member last; what a machine asked for itself is no use. */
export async function readLastUses(
  tx: Tx,
  practice: PracticeId,
  { files, exemptSince }: { files: readonly FileId[]; exemptSince: number },
): Promise<Map<FileId, LastUse[]>> {
  const rows = await tx<
    { file: Uint8Array; member: Uint8Array; at: string; exempt: boolean | null }[]
  >`
    select i.file, i.member, max(i.time) as at,
      bool_or(i.exempt in ('crisis', 'approval') and i.time > ${exemptSince}) as exempt
    from log_items i join log l on l.practice = i.practice and l.idx = i.idx
    where i.practice = ${idToBytes(practice)} and l.kind = 'release' and i.outcome = 'released'
      and i.member is not null
      and i.file = any(${column(tx, "bytea", files.map(idToBytes))})
    group by i.file, i.member`;
  const uses = rows.map(({ file, member, at, exempt }) => ({
    file: bytesToId<FileId>(file),
    use: { member: bytesToId<MemberId>(member), at: Number(at), isExempt: exempt === true },
  }));
  return new Map(
    [...Map.groupBy(uses, ({ file }) => file)].map(([file, of]) => [
      file,
      of.map(({ use }) => use),
    ]),
  );
}

/** What only the gate knows of a file. */
export interface FileFacts {
  readonly canary: boolean;
  readonly createdAt: number;
}

/** Since when each of these files is there, and whether it is a canary. */
export async function readFileFacts(
  tx: Tx,
  practice: PracticeId,
  files: readonly FileId[],
): Promise<Map<FileId, FileFacts>> {
  const rows = await tx<{ file: Uint8Array; canary: boolean; created_at: string }[]>`
    select file, canary, created_at from files
    where practice = ${idToBytes(practice)}
      and file = any(${column(tx, "bytea", files.map(idToBytes))})`;
  return new Map(
    rows.map(({ file, canary, created_at: at }) => [
      bytesToId<FileId>(file),
      { canary, createdAt: Number(at) },
    ]),
  );
}
