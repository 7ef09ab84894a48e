import type { EntryId, FileId, Hash, PracticeId, RecordState, Signed } from "@sinetti/core";

import type { Asked, Page } from "./accessLinks.ts";
import { ids, bytes, numbers, fromColumn, toColumn } from "./columns.ts";
import type { FileRow } from "./files.ts";
import type { PracticeMark } from "./practices.ts";
import type { Sql, Tx } from "./transaction.ts";

/** One append as it is stored. */
export interface RecordLink {
  readonly file: FileId;
  readonly seq: number;
  readonly hash: Hash;
  readonly statement: Signed;
  readonly entries: readonly EntryId[];
  readonly boxes: readonly Uint8Array[];
}

/** Which of these entries their files have already. */
export async function readHeldEntries(
  tx: Tx,
  practice: PracticeId,
  entries: readonly { file: FileId; entry: EntryId }[],
): Promise<{ file: FileId; entry: EntryId }[]> {
  const rows = await tx<{ file: Uint8Array; entry: Uint8Array }[]>`
    select e.file, e.entry from unnest(
      ${ids(tx, entries, ({ file }) => file)}::bytea[],
      ${ids(tx, entries, ({ entry }) => entry)}::bytea[]) as a(file, entry)
    join entries e on e.practice = ${toColumn(practice)} and e.file = a.file and e.entry = a.entry`;
  return rows.map(({ file, entry }) => ({ file: fromColumn(file), entry: fromColumn(entry) }));
}

/** The hashes that stand at these places of record chains. */
export async function readRecordHashes(
  tx: Tx,
  practice: PracticeId,
  places: readonly { file: FileId; seq: number }[],
): Promise<Set<Hash>> {
  if (places.length === 0) return new Set();
  const rows = await tx<{ hash: Uint8Array }[]>`
    select l.hash from unnest(
      ${ids(tx, places, ({ file }) => file)}::bytea[],
      ${numbers(tx, places, ({ seq }) => seq)}::bigint[]) as a(file, seq)
    join record_links l on l.practice = ${toColumn(practice)} and l.file = a.file
      and l.seq = a.seq`;
  return new Set(rows.map(({ hash }) => fromColumn<Hash>(hash)));
}

function sizeOf({ statement, boxes }: RecordLink): number {
  return boxes.reduce((sum, box) => sum + box.length, statement.length);
}

/** What was decided, and by what: the mark of the practice and the rows of the files, which must still stand. */
export interface DecidedAppends {
  readonly mark: PracticeMark;
  readonly files: readonly { readonly row: FileRow; readonly state: RecordState }[];
  readonly links: readonly RecordLink[];
}

/** Writes appends and the heads that they lead to in one statement; false, and nothing written, when something has moved. */
export async function writeAppends(
  sql: Sql | Tx,
  practice: PracticeId,
  { mark, files, links }: DecidedAppends,
): Promise<boolean> {
  const entries = links.flatMap(({ file, seq, entries: named, boxes }) =>
    boxes.map((box, position) => ({ file, seq, position, entry: named[position] ?? null, box })),
  );
  const [row] = await sql<{ written: boolean }[]>`
    select commit_appends(
      ${toColumn(practice)}, ${toColumn(mark.head.hash)}, ${mark.stopsVersion},
      ${ids(sql, files, ({ state }) => state.file)},
      ${ids(sql, files, (file) => file.row.access.head)},
      ${ids(sql, files, (file) => file.row.record.head?.hash ?? null)},
      ${numbers(sql, files, ({ state }) => state.head?.seq ?? null)},
      ${ids(sql, files, ({ state }) => state.head?.hash ?? null)},
      ${numbers(sql, files, ({ state }) => state.entries)},
      ${numbers(sql, files, ({ state }) => state.seenSeq)},
      ${numbers(sql, files, ({ state }) => state.accessSeq)},
      ${numbers(sql, files, ({ state }) => state.snapshotSeq)},
      ${ids(sql, links, ({ file }) => file)},
      ${numbers(sql, links, ({ seq }) => seq)},
      ${ids(sql, links, ({ hash }) => hash)},
      ${bytes(sql, links, ({ statement }) => statement)},
      ${numbers(sql, links, sizeOf)},
      ${ids(sql, entries, ({ file }) => file)},
      ${ids(sql, entries, ({ entry }) => entry)},
      ${numbers(sql, entries, ({ seq }) => seq)},
      ${numbers(sql, entries, ({ position }) => position)},
      ${bytes(sql, entries, ({ box }) => box)}
    ) as written`;
  return row?.written === true;
}

/** One link of a page, with its boxes when they were asked for. */
export interface PagedRecord {
  readonly statement: Signed;
  readonly boxes: Uint8Array[];
}

/** Links of record chains in the order asked, and, with `boxes`, what they sealed. */
export async function readRecords(
  tx: Tx,
  practice: PracticeId,
  { asked, page, boxes }: { asked: readonly Asked[]; page: Page; boxes: boolean },
): Promise<Map<FileId, PagedRecord[]>> {
  const owner = toColumn(practice);
  const size = boxes ? tx`l.bytes` : tx`octet_length(l.statement)`;
  const links = tx`
    select file, seq, statement, place from (
      select l.file, l.seq, l.statement, a.place,
        sum(${size}) over (order by a.place, l.seq) as running,
        row_number() over (order by a.place, l.seq) as number
      from unnest(
        ${ids(tx, asked, ({ file }) => file)}::bytea[],
        ${numbers(tx, asked, ({ from }) => from)}::bigint[]) with ordinality as a(file, first, place)
      join record_links l on l.practice = ${owner} and l.file = a.file
        and l.seq >= a.first and l.seq < a.first + ${page.count}
    ) sized
    where running <= ${page.maxBytes} or number = 1`;
  const [rows, boxRows] = await Promise.all([
    tx<{ file: Uint8Array; seq: number; statement: Uint8Array }[]>`
      select file, seq::float8, statement from (${links}) page order by place, seq`,
    boxes
      ? tx<{ file: Uint8Array; seq: number; box: Uint8Array }[]>`
          select e.file, e.seq::float8, e.box from (${links}) page
          join entries e on e.practice = ${owner} and e.file = page.file and e.seq = page.seq
          order by page.place, page.seq, e.position`
      : [],
  ]);
  const byPlace = new Map<string, Uint8Array[]>();
  for (const { file, seq, box } of boxRows) {
    const key = `${fromColumn(file)}:${seq}`;
    const list = byPlace.get(key);
    if (list === undefined) byPlace.set(key, [box]);
    else list.push(box);
  }
  const byFile = new Map<FileId, PagedRecord[]>();
  for (const { file, seq, statement } of rows) {
    const id = fromColumn<FileId>(file);
    const read = { statement, boxes: byPlace.get(`${id}:${seq}`) ?? [] };
    const list = byFile.get(id);
    if (list === undefined) byFile.set(id, [read]);
    else list.push(read);
  }
  return byFile;
}
