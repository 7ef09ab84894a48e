import {
  bytesToHash,
  bytesToId,
  idToBytes,
  type FileId,
  type Hash,
  type Link,
  type PracticeId,
  type RunFile,
} from "@sinetti/core";

import { column, type Tx } from "./database.ts";

/** The ids of files after `after`, in order, with the state of each. */
export async function readRunStates(
  tx: Tx,
  practice: PracticeId,
  { after, count }: { after: FileId | null; count: number },
): Promise<{ file: FileId; state: Uint8Array }[]> {
  const rows = await tx<{ file: Uint8Array; access_state: Uint8Array }[]>`
    select file, access_state from files
    where practice = ${idToBytes(practice)} ${after === null ? tx`` : tx`and file > ${idToBytes(after)}`}
    order by file limit ${count}`;
  return rows.map(({ file, access_state: state }) => ({ file: bytesToId<FileId>(file), state }));
}

/** Whole access chains of these files, with their halves at rest. */
export async function readRunFiles(
  tx: Tx,
  practice: PracticeId,
  files: readonly FileId[],
): Promise<RunFile[]> {
  const id = idToBytes(practice);
  const named = column(tx, "bytea", files.map(idToBytes));
  const [links, shares] = await Promise.all([
    tx<{ file: Uint8Array; statement: Uint8Array; acceptance: Uint8Array }[]>`
      select file, statement, acceptance from access_links
      where practice = ${id} and file = any(${named}) order by file, seq`,
    tx<{ file: Uint8Array; epoch: string; sealed: Uint8Array }[]>`
      select file, epoch, sealed from shares
      where practice = ${id} and file = any(${named}) order by file, epoch`,
  ]);
  const linksByFile = Map.groupBy(links, ({ file }) => bytesToId<FileId>(file));
  const sharesByFile = Map.groupBy(shares, ({ file }) => bytesToId<FileId>(file));
  return files.map((file) => ({
    file,
    statements: (linksByFile.get(file) ?? []).map(({ statement, acceptance }) => ({
      statement,
      acceptance: bytesToHash(acceptance),
    })),
    shares: (sharesByFile.get(file) ?? []).map(({ epoch, sealed }) => ({
      epoch: Number(epoch),
      sealed,
    })),
  }));
}

/** The acceptances with these hashes. */
export async function readAcceptances(
  tx: Tx,
  practice: PracticeId,
  hashes: readonly Hash[],
): Promise<Uint8Array[]> {
  const rows = await tx<{ signed: Uint8Array }[]>`
    select signed from acceptances
    where practice = ${idToBytes(practice)} and id = any(${column(tx, "bytea", hashes.map(idToBytes))})`;
  return rows.map(({ signed }) => signed);
}

/** Writes statements that were accepted before, each under its own acceptance. */
export async function insertRunLinks(
  tx: Tx,
  practice: PracticeId,
  links: readonly { link: Link; acceptance: Hash; signed: Uint8Array }[],
): Promise<void> {
  const id = idToBytes(practice);
  const words = new Map(links.map(({ acceptance, signed }) => [acceptance, signed]));
  await tx`
    insert into acceptances (practice, id, signed)
    select ${id}, * from unnest(
      ${column(tx, "bytea", [...words.keys()].map(idToBytes))}, ${column(tx, "bytea", [...words.values()])})
    on conflict do nothing`;
  await tx`
    insert into access_links (practice, file, seq, statement, acceptance)
    select ${id}, * from unnest(
      ${column(
        tx,
        "bytea",
        links.map(({ link }) => idToBytes(link.statement.id)),
      )},
      ${column(
        tx,
        "int8",
        links.map(({ link }) => link.statement.seq),
      )},
      ${column(
        tx,
        "bytea",
        links.map(({ link }) => link.signed),
      )},
      ${column(
        tx,
        "bytea",
        links.map(({ acceptance }) => idToBytes(acceptance)),
      )})`;
}
