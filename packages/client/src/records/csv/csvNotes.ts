import {
  cellsBesideText,
  noteSource,
  readNoteRow,
  type EntryBody,
  type EntryDraft,
  type NoteRow,
} from "@sinetti/practice";
import type { CsvBook, PlacedRow } from "./csvBook.ts";
import { keepCells, tell, tellDuplicate, type Findings } from "./findings.ts";

const ID_LETTERS = 200;

interface ReadNote {
  readonly placed: PlacedRow;
  readonly note: NoteRow;
}

/**
 * The notes of one person by their days. A note is named by its number and content, or by its content alone, never by its place in the
 * file: the same note twice is one, another text under one number is another note, and of notes without numbers that differ only
 * beside the text each is kept.
 */
export function readNotes(
  book: CsvBook,
  rows: readonly PlacedRow[],
  { at, author, found }: { at: string; author: string; found: Findings },
): EntryDraft<EntryBody<"care">>[] {
  const notes = rows.flatMap((placed): ReadNote[] => {
    const note = readNoteRow(placed.row);
    tell(book, "notes", placed, { found, isTaken: note !== undefined });
    return note === undefined ? [] : [{ placed, note }];
  });
  const drafts = [...Map.groupBy(notes, baseId)].flatMap(([base, alike]) =>
    distinct(book, alike, { at, found }).map(({ placed: { row }, note }, ordinal) => {
      const sourceId = ordinal === 0 ? base : `${base}/${ordinal}`;
      if (row.kept !== null) found.keptRows++;
      found.taken.notes++;
      return {
        sourceId,
        body: { ...note.note, author, source: noteSource(row, sourceId) },
      };
    }),
  );
  return drafts.sort((a, b) => (a.body.at < b.body.at ? -1 : a.body.at > b.body.at ? 1 : 0));
}

function baseId({ note: { id, contentHash }, placed }: ReadNote): string {
  const hash = contentHash.slice(0, 32);
  if (id === undefined) return `note/${hash}`;
  const short = id.length > ID_LETTERS ? placed.row.table.sha256(id) : id;
  return `note/${short}/${hash}`;
}

/** Of notes with one day and text, those that are not the same note again; in an order that the file's does not change. */
function distinct(
  book: CsvBook,
  alike: readonly ReadNote[],
  { at, found }: { at: string; found: Findings },
): ReadNote[] {
  const kept: ReadNote[] = [];
  const hashes = new Set<string>();
  for (const each of alike) {
    const { placed, note } = each;
    const isSame = hashes.has(placed.row.hash);
    hashes.add(placed.row.hash);
    if (!isSame && (note.id === undefined || kept.length === 0)) {
      kept.push(each);
      continue;
    }
    tellDuplicate(book, "notes", placed, { found, fields: isSame ? [] : ["id"] });
    const beside = isSame ? null : cellsBesideText(placed.row);
    if (beside !== null) keepCells(beside, { at, kind: "notes", row: placed.row, found });
  }
  return kept.sort((a, b) => (a.placed.row.hash < b.placed.row.hash ? -1 : 1));
}
