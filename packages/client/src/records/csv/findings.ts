import {
  CSV_SOURCE_TYPE,
  type CsvIssue,
  type CsvKind,
  type EntryDraft,
  type SourceDocument,
} from "@sinetti/practice";
import type { CsvBook, PlacedRow } from "./csvBook.ts";
import type { RowReport } from "./csvReport.ts";

/** What a reader of rows finds beside the records. */
export interface Findings {
  readonly rejected: RowReport[];
  readonly warnings: RowReport[];
  /** Entries that keep what has no place of its own. */
  readonly kept: EntryDraft<SourceDocument>[];
  /** Rows with values that have no place of their own. */
  keptRows: number;
  readonly taken: Record<CsvKind, number>;
}

/** Tells what could not be read of a row that is taken, or why it is not. */
export function tell(
  book: CsvBook,
  kind: CsvKind,
  { place, row }: PlacedRow,
  { found, isTaken }: { found: Findings; isTaken: boolean },
): void {
  const reports = row.issues.map((issue) => book.report(kind, place, issue));
  (isTaken ? found.warnings : found.rejected).push(...reports);
}

/** Tells of a row that came before. */
export function tellDuplicate(
  book: CsvBook,
  kind: CsvKind,
  { place }: PlacedRow,
  { found, fields }: { found: Findings; fields: readonly string[] },
): void {
  const issues = (fields.length === 0 ? [""] : fields).map((field): CsvIssue => ({
    field,
    reason: "duplicate",
  }));
  found.warnings.push(...issues.map((issue) => book.report(kind, place, issue)));
}

/** Keeps cells that have no place of their own, word for word. */
export function keepCells(
  cells: Record<string, string>,
  { at, kind, row, found }: { at: string; kind: CsvKind; row: PlacedRow["row"]; found: Findings },
): void {
  found.kept.push(keptDraft(cells, { at, kind, row }));
  found.keptRows++;
}

/** An entry that holds cells word for word. */
export function keptDraft(
  cells: Record<string, string>,
  { at, kind, row }: { at: string; kind: CsvKind; row: PlacedRow["row"] },
): EntryDraft<SourceDocument> {
  const content = JSON.stringify(cells);
  const sha256 = row.table.sha256(content);
  const sourceId = `${kind}/kept-${row.hash.slice(0, 32)}`;
  return {
    sourceId,
    body: {
      v: 1,
      type: "sourceDocument",
      at,
      sourceType: CSV_SOURCE_TYPE,
      sourceId,
      sha256,
      documents: [{ sourceId, kind: "csv-row", encoding: "json", sha256, content }],
    },
  };
}
