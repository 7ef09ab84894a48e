import { concatBytes, type FileId, type Hash, type PracticeId, type Signed } from "@sinetti/core";

import type { TakenAccess } from "../policy/accessFold.ts";
import { bytes, fromColumn, idList, ids, numbers, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

export async function insertAccessLinks(
  tx: Tx,
  practice: PracticeId,
  links: readonly TakenAccess[],
): Promise<void> {
  const statements = links.map(({ link }) => link.statement);
  await tx`
    insert into access_links (practice, file, seq, hash, statement, acceptance, wraps)
    select ${toColumn(practice)}, * from unnest(
      ${ids(tx, statements, ({ id }) => id)}::bytea[],
      ${numbers(tx, statements, ({ seq }) => seq)}::bigint[],
      ${ids(tx, links, ({ link }) => link.hash)}::bytea[],
      ${bytes(tx, links, ({ link }) => link.signed)}::bytea[],
      ${ids(tx, links, ({ acceptance }) => acceptance)}::bytea[],
      ${bytes(tx, links, ({ wraps }) => wraps && concatBytes(...wraps.map(toColumn)))}::bytea[])`;
}

export async function insertAcceptances(
  tx: Tx,
  practice: PracticeId,
  acceptances: readonly { hash: Hash; signed: Signed }[],
): Promise<void> {
  await tx`
    insert into acceptances (practice, hash, acceptance)
    select ${toColumn(practice)}, * from unnest(
      ${ids(tx, acceptances, ({ hash }) => hash)}::bytea[],
      ${bytes(tx, acceptances, ({ signed }) => signed)}::bytea[])
    on conflict do nothing`;
}

/** The statements of access chains with these hashes. */
export async function findAccessLinks(
  tx: Tx,
  practice: PracticeId,
  hashes: readonly Hash[],
): Promise<{ file: FileId; hash: Hash; statement: Signed }[]> {
  const rows = await tx<{ file: Uint8Array; hash: Uint8Array; statement: Uint8Array }[]>`
    select file, hash, statement from access_links
    where practice = ${toColumn(practice)} and hash = any(${idList(tx, hashes)}::bytea[])`;
  return rows.map(({ file, hash, statement }) => ({
    file: fromColumn(file),
    hash: fromColumn(hash),
    statement,
  }));
}

/** A stretch of a file's chain that was asked for. */
export interface Asked {
  readonly file: FileId;
  readonly from: number;
}

export interface Page {
  /** Statements of one chain at most. */
  readonly count: number;
  /** Bytes of all chains together, beyond which only the very first link comes. */
  readonly maxBytes: number;
}

/** Statements of access chains, in the order asked. */
export async function readAccessLinks(
  tx: Tx,
  practice: PracticeId,
  { asked, page }: { asked: readonly Asked[]; page: Page },
): Promise<Map<FileId, Signed[]>> {
  const rows = await tx<{ file: Uint8Array; statement: Uint8Array }[]>`
    select file, statement from (
      select l.file, l.seq, l.statement, a.place,
        sum(octet_length(l.statement)) over (order by a.place, l.seq) as running,
        row_number() over (order by a.place, l.seq) as number
      from unnest(
        ${ids(tx, asked, ({ file }) => file)}::bytea[],
        ${numbers(tx, asked, ({ from }) => from)}::bigint[]) with ordinality as a(file, first, place)
      join access_links l on l.practice = ${toColumn(practice)} and l.file = a.file
        and l.seq >= a.first and l.seq < a.first + ${page.count}
    ) links
    where running <= ${page.maxBytes} or number = 1
    order by place, seq`;
  const byFile = new Map<FileId, Signed[]>();
  for (const { file, statement } of rows) {
    const id = fromColumn<FileId>(file);
    const list = byFile.get(id);
    if (list === undefined) byFile.set(id, [statement]);
    else list.push(statement);
  }
  return byFile;
}
