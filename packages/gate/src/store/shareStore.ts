import { bytesToId, idToBytes, type FileId, type PracticeId } from "@sinetti/core";

import { column, type Tx } from "./database.ts";

/** A gate half at rest. */
export interface SealedShare {
  readonly file: FileId;
  readonly epoch: number;
  readonly sealed: Uint8Array;
}

interface ShareRow {
  file: Uint8Array;
  epoch: string;
  sealed: Uint8Array;
}

const toShare = ({ file, epoch, sealed }: ShareRow): SealedShare => ({
  file: bytesToId<FileId>(file),
  epoch: Number(epoch),
  sealed,
});

/** Writes halves, once for each file and epoch. */
export async function insertShares(
  tx: Tx,
  practice: PracticeId,
  shares: readonly SealedShare[],
): Promise<void> {
  await tx`
    insert into shares (practice, file, epoch, sealed)
    select ${idToBytes(practice)}, * from unnest(
      ${column(
        tx,
        "bytea",
        shares.map(({ file }) => idToBytes(file)),
      )},
      ${column(
        tx,
        "int8",
        shares.map(({ epoch }) => epoch),
      )},
      ${column(
        tx,
        "bytea",
        shares.map(({ sealed }) => sealed),
      )}
    )`;
}

/** Every half of these files. */
export async function readShares(
  tx: Tx,
  practice: PracticeId,
  files: readonly FileId[],
): Promise<SealedShare[]> {
  const rows = await tx<ShareRow[]>`
    select file, epoch, sealed from shares
    where practice = ${idToBytes(practice)} and file = any(${column(tx, "bytea", files.map(idToBytes))})
    order by file, epoch`;
  return rows.map(toShare);
}

/** The half of the newest epoch of each of these files. */
export async function readNewestShares(
  tx: Tx,
  practice: PracticeId,
  files: readonly FileId[],
): Promise<Map<FileId, SealedShare>> {
  const rows = await tx<ShareRow[]>`
    select s.file, s.epoch, s.sealed from files f join shares s using (practice, file, epoch)
    where f.practice = ${idToBytes(practice)}
      and f.file = any(${column(tx, "bytea", files.map(idToBytes))})`;
  return new Map(rows.map((row) => [bytesToId<FileId>(row.file), toShare(row)]));
}

/** Erasure: destroys every half of these files. */
export async function destroyShares(
  tx: Tx,
  practice: PracticeId,
  files: readonly FileId[],
): Promise<void> {
  await tx`
    delete from shares
    where practice = ${idToBytes(practice)} and file = any(${column(tx, "bytea", files.map(idToBytes))})`;
}
