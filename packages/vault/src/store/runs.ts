import type { FileId, Hash, PracticeId, RunFile, Signed, Subject } from "@sinetti/core";

import { fromColumn, idList, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

/** Whole access chains of the files after `after`, by file, with the gate's halves at rest. */
export async function readRunFiles(
  tx: Tx,
  practice: PracticeId,
  { after, count }: { after: FileId | null; count: number },
): Promise<RunFile[]> {
  const owner = toColumn(practice);
  const rows = await tx<{ file: Uint8Array }[]>`
    select file from files
    where practice = ${owner} ${after === null ? tx`` : tx`and file > ${toColumn(after)}`}
    order by file limit ${count}`;
  const files = rows.map(({ file }) => fromColumn<FileId>(file));
  const named = idList(tx, files);
  const [links, shares] = await Promise.all([
    tx<{ file: Uint8Array; statement: Uint8Array; acceptance: Uint8Array }[]>`
      select file, statement, acceptance from access_links
      where practice = ${owner} and file = any(${named}::bytea[]) order by file, seq`,
    tx<{ file: Uint8Array; epoch: number; sealed: Uint8Array }[]>`
      select file, epoch::float8, sealed from shares
      where practice = ${owner} and file = any(${named}::bytea[]) order by file, epoch`,
  ]);
  const linksByFile = Map.groupBy(links, ({ file }) => fromColumn<FileId>(file));
  const sharesByFile = Map.groupBy(shares, ({ file }) => fromColumn<FileId>(file));
  return files.map((file) => ({
    file,
    statements: (linksByFile.get(file) ?? []).map(({ statement, acceptance }) => ({
      statement,
      acceptance: fromColumn<Hash>(acceptance),
    })),
    shares: (sharesByFile.get(file) ?? []).map(({ epoch, sealed }) => ({ epoch, sealed })),
  }));
}

/** The gate's word by its hash. */
export async function readAcceptances(
  tx: Tx,
  practice: PracticeId,
  hashes: readonly Hash[],
): Promise<Signed[]> {
  const rows = await tx<{ acceptance: Uint8Array }[]>`
    select acceptance from acceptances
    where practice = ${toColumn(practice)} and hash = any(${idList(tx, hashes)}::bytea[])`;
  return rows.map(({ acceptance }) => acceptance);
}

/** Whoever holds a grant for whose newest epoch no wrap lies here: they open nothing until somebody grants anew. */
export async function findLostWraps(
  tx: Tx,
  practice: PracticeId,
): Promise<{ file: FileId; subject: Subject }[]> {
  const rows = await tx<{ file: Uint8Array; type: Subject["type"]; id: Uint8Array }[]>`
    select h.file, h.subject_type as type, h.subject as id from holdings h
    join (select file, max(epoch) as epoch from shares
      where practice = ${toColumn(practice)} group by file) newest using (file)
    where h.practice = ${toColumn(practice)} and not exists (
      select from wraps w where w.practice = h.practice and w.file = h.file
        and w.epoch = newest.epoch and w.subject_type = h.subject_type and w.subject = h.subject)
    order by h.file, h.subject_type, h.subject`;
  return rows.map(({ file, type, id }) => ({
    file: fromColumn<FileId>(file),
    subject: { type, id: fromColumn(id) },
  }));
}
