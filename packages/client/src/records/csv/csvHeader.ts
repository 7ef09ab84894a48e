import {
  CsvError,
  RowCutter,
  detectDelimiter,
  isKnownHeader,
  namedDelimiter,
  parseCells,
  uniqueHeaders,
  type CsvKind,
  type Delimiter,
  type Units,
} from "@sinetti/practice";
import type { UnitReader } from "./unitReader.ts";

const HEAD = 256 * 1024;
const SAMPLE_LINES = 50;
const LF = 10;
const CR = 13;

/** How the rows after the header are cut, and where they begin. */
export interface Body {
  readonly delimiter: Delimiter;
  readonly lineBreak: number;
  readonly from: number;
  readonly row: number;
  readonly line: number;
}

/**
 * Reads the header: the first row that is not empty, after a `sep=` line if there is one. Throws CsvError `no-header`, or
 * `delimiter-unknown` where none is told.
 */
export async function readHeader(
  reader: UnitReader,
  { kind, told }: { kind: CsvKind; told: Delimiter | undefined },
): Promise<{ headers: string[]; body: Body }> {
  const units = await reader.read(0, HEAD);
  const lineBreak = units.includes(LF) ? LF : CR;
  const { from, row, line, named } = skipToHeader(reader, units, lineBreak);
  const sample = sampleLines(reader, units.subarray(from), lineBreak);
  const isKnown = (header: string): boolean => isKnownHeader(kind, header);
  const delimiter = told ?? named ?? detectDelimiter(sample, isKnown);
  const cutter = new RowCutter(units, {
    delimiter: delimiter.charCodeAt(0),
    lineBreak,
    isPlausible: () => false,
  });
  const { end, next, isWhole, lines } = cutter.cut(from);
  const text = isWhole ? reader.decode(units.subarray(from, end)) : null;
  const cells = text === null ? null : parseCells(text, delimiter);
  if (cells === null) throw new CsvError("no-header");
  while (cells.at(-1)?.trim() === "") cells.pop();
  const body = { delimiter, lineBreak, from: next, row: row + 1, line: line + lines };
  return { headers: uniqueHeaders(cells), body };
}

/** A spreadsheet does not show the `sep=` line, so it is no row. */
function skipToHeader(
  reader: UnitReader,
  units: Units,
  lineBreak: number,
): { from: number; row: number; line: number; named: Delimiter | undefined } {
  let [from, row, line] = [0, 1, 1];
  let named: Delimiter | undefined;
  for (;;) {
    const end = units.indexOf(lineBreak, from);
    const text = reader.decode(units.subarray(from, end === -1 ? units.length : end)) ?? "";
    const separator = from === 0 ? namedDelimiter(text) : undefined;
    if (separator === undefined && text.trim() !== "") return { from, row, line, named };
    if (end === -1) throw new CsvError("no-header");
    if (separator === undefined) row++;
    named ??= separator;
    line++;
    from = end + 1;
  }
}

/** The first lines, each by itself: one that is of another encoding is empty. */
function sampleLines(reader: UnitReader, units: Units, lineBreak: number): string[] {
  const lines: string[] = [];
  for (let from = 0; from < units.length && lines.length < SAMPLE_LINES;) {
    const found = units.indexOf(lineBreak, from);
    const end = found === -1 ? units.length : found;
    lines.push((reader.decode(units.subarray(from, end)) ?? "").replace(/\r$/, ""));
    from = end + 1;
  }
  return lines;
}
