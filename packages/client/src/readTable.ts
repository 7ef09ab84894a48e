import { RowCutter, isEmptyRow, parseCells } from "@sinetti/practice";

/** A small table is no larger than this. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_ROWS = 20_000;

/** What is wrong with a cell: its row in the file (1 is the header), its column, and the rule; never what it holds. */
export interface TableProblem {
  readonly row: number;
  readonly field: string;
  readonly rule: string;
}

/** One row by column; a cell that is missing is "". */
export interface TableRow<C extends string> {
  readonly row: number;
  readonly cells: Readonly<Record<C, string>>;
}

/** A table as read, or why it is none. */
export type ReadTable<C extends string> =
  | { readonly ok: true; readonly columns: readonly C[]; readonly rows: readonly TableRow<C>[] }
  | { readonly ok: false; readonly problems: readonly TableProblem[] };

/**
 * Reads a small table that a person wrote: UTF-8 or Windows-1252, commas, semicolons or tabs, a header in any of the words that
 * `names` gives for a column. Empty rows are passed over.
 */
export function readTable<C extends string>(
  bytes: Uint8Array,
  names: Readonly<Record<C, readonly string[]>>,
): ReadTable<C> {
  if (bytes.length > MOST_BYTES) return wrong(1, "too-large");
  const text = decodeText(bytes);
  const lines = parseLines(text);
  const [header, ...rest] = lines ?? [];
  if (header === undefined) return wrong(1, lines === null ? "not-a-table" : "empty");
  if (rest.length > MOST_ROWS) return wrong(MOST_ROWS + 1, "too-many-rows");
  const columns = header.cells.map((cell) => columnOf(cell, names));
  const known = columns.filter((column) => column !== null);
  if (new Set(known).size !== known.length) return wrong(header.row, "column-twice");
  const rows = rest.map(({ row, cells }) => ({
    row,
    cells: Object.fromEntries(
      (Object.keys(names) as C[]).map((column) => {
        const at = columns.indexOf(column);
        return [column, (at === -1 ? "" : (cells[at] ?? "")).trim().normalize("NFC")];
      }),
    ) as Record<C, string>,
  }));
  return { ok: true, columns: known, rows };
}

function wrong(row: number, rule: string): { ok: false; problems: TableProblem[] } {
  return { ok: false, problems: [{ row, field: "file", rule }] };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Null: it does not parse. A quoted cell may hold line breaks, so the row is the line on which it ends. */
function parseLines(text: string): { row: number; cells: string[] }[] | null {
  const delimiter = delimiterOf(text);
  const units = Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  const cutter = new RowCutter(units, {
    delimiter: delimiter.charCodeAt(0),
    lineBreak: (text.includes("\n") ? "\n" : "\r").charCodeAt(0),
    isPlausible: () => false,
  });
  const rows: { row: number; cells: string[] }[] = [];
  let row = 0;
  for (let at = 0; at < units.length;) {
    const { from, end, next, lines, isWhole } = cutter.cut(at);
    const cells = isWhole ? parseCells(text.slice(from, end), delimiter) : null;
    if (cells === null) return null;
    row += lines;
    if (!isEmptyRow(cells)) rows.push({ row, cells });
    at = next;
  }
  return rows;
}

function delimiterOf(text: string): string {
  const header = text.split(/\r?\n|\r/, 1)[0] ?? "";
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

function columnOf<C extends string>(
  cell: string,
  names: Readonly<Record<C, readonly string[]>>,
): C | null {
  const word = cell.trim().toLowerCase();
  return (Object.keys(names) as C[]).find((column) => names[column].includes(word)) ?? null;
}
