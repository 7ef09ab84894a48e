import {
  CsvError,
  DATE_FIELDS,
  DateColumn,
  RowCutter,
  checkColumns,
  detectColumns,
  fitCells,
  isEmptyRow,
  isPlausibleRow,
  mappedColumns,
  parseCells,
  type CsvKind,
  type CsvReason,
  type CsvTable,
  type DateReading,
  type FileMapping,
  type Units,
} from "@sinetti/practice";
import type { ByteSource } from "./byteSource.ts";
import { readHeader, type Body } from "./csvHeader.ts";
import { detectEncoding } from "./detectEncoding.ts";
import { UnitReader } from "./unitReader.ts";

/** Units that are held while rows are cut, and how many must lie ahead of a row: more than the longest one twice. */
const WINDOW = 6 * 1024 * 1024;
const AHEAD = 2.25 * 1024 * 1024;

/** Where a row lies, and what a spreadsheet and a text editor number it. */
export interface RowPlace {
  readonly from: number;
  readonly units: number;
  readonly row: number;
  readonly line: number;
}

/** A row that is not empty: its cells, or why it has none. */
export type ScannedRow = RowPlace &
  (
    | { readonly cells: readonly string[]; readonly reason: null }
    | { readonly cells: null; readonly reason: CsvReason }
  );

/** What was told of how to read a file. */
export interface CsvSettings {
  readonly mapping?: FileMapping | undefined;
  readonly zone: string;
  readonly sha256: (text: string) => string;
}

/** One CSV file whose encoding, delimiter, columns and dates are known; its rows come one after the other, or each from its place. */
export class CsvFile {
  readonly name: string;
  readonly table: CsvTable;
  /** How it is read, to be saved and used again. */
  readonly mapping: FileMapping;
  /** Rows that are not empty. */
  rowCount = 0;
  readonly #reader: UnitReader;
  readonly #body: Body;

  private constructor(
    name: string,
    parts: { table: CsvTable; mapping: FileMapping; reader: UnitReader; body: Body },
  ) {
    this.name = name;
    this.table = parts.table;
    this.mapping = parts.mapping;
    this.#reader = parts.reader;
    this.#body = parts.body;
  }

  /** Finds out how a file is to be read, and reads it once for its dates. CsvError, naming the file: it cannot be told. */
  static async open(source: ByteSource, kind: CsvKind, settings: CsvSettings): Promise<CsvFile> {
    try {
      return await openFile(source, kind, settings, (parts) => new CsvFile(source.name, parts));
    } catch (error) {
      throw error instanceof CsvError ? error.of(source.name) : error;
    }
  }

  /** The rows in order; empty ones are passed over, broken ones say so. */
  async *rows(): AsyncGenerator<ScannedRow> {
    const { delimiter, lineBreak } = this.#body;
    const options = {
      delimiter: delimiter.charCodeAt(0),
      lineBreak,
      isPlausible: (units: Units) => this.#isPlausible(units),
    };
    let { row, line } = this.#body;
    for (let start = this.#body.from; start < this.#reader.length;) {
      const units = await this.#reader.read(start, start + WINDOW);
      const isLast = start + units.length >= this.#reader.length;
      const stop = isLast ? units.length : units.length - AHEAD;
      const cutter = new RowCutter(units, options);
      let at = 0;
      while (at < stop) {
        const { end, next, isWhole, lines } = cutter.cut(at);
        const place = { from: start + at, units: end - at, row, line };
        const cells = isWhole ? this.#cells(units.subarray(at, end)) : ("quotes" as const);
        if (typeof cells === "string") yield { ...place, cells: null, reason: cells };
        else if (!isEmptyRow(cells)) yield { ...place, cells, reason: null };
        row += isWhole ? 1 : lines;
        line += lines;
        at = next;
      }
      start += at;
    }
  }

  /** The cells of the row at a place that `rows` gave. */
  async read({ from, units }: Pick<RowPlace, "from" | "units">): Promise<readonly string[]> {
    const cells = this.#cells(await this.#reader.read(from, from + units));
    if (typeof cells === "string") throw new CsvError("encoding-unknown", undefined, this.name);
    return cells;
  }

  #cells(units: Units): readonly string[] | CsvReason {
    const text = this.#reader.decode(units);
    if (text === null) return "encoding";
    const cells = parseCells(text, this.#body.delimiter);
    if (cells === null) return "quotes";
    if (isEmptyRow(cells)) return [];
    return fitCells(cells, this.table.headers.length) ?? "columns";
  }

  #isPlausible(units: Units): boolean {
    const { headers, fields, kind } = this.table;
    const delimiter = this.#body.delimiter.charCodeAt(0);
    let found = 0;
    for (let at = units.indexOf(delimiter); at !== -1; at = units.indexOf(delimiter, at + 1))
      found++;
    if (found < headers.length - 1) return false;
    const cells = this.#cells(units);
    return typeof cells !== "string" && isPlausibleRow(kind, fields, cells);
  }
}

async function openFile(
  source: ByteSource,
  kind: CsvKind,
  { mapping: told, zone, sha256 }: CsvSettings,
  make: (parts: {
    table: CsvTable;
    mapping: FileMapping;
    reader: UnitReader;
    body: Body;
  }) => CsvFile,
): Promise<CsvFile> {
  const detected = await detectEncoding(source, told?.encoding);
  const reader = new UnitReader(source, detected);
  const { headers, body } = await readHeader(reader, { kind, told: told?.delimiter });
  const columns = told?.columns ?? {};
  const isTold = Object.keys(columns).length > 0;
  const fields =
    told !== undefined && isTold
      ? mappedColumns(kind, told, headers)
      : detectColumns(kind, headers);
  checkColumns(kind, fields);
  const readings = new Map<number, DateReading>();
  const table: CsvTable = { kind, headers, fields, readings, zone, sha256 };
  const mapping: FileMapping = {
    columns: Object.fromEntries(headers.map((header, index) => [header, fields[index] ?? null])),
    delimiter: body.delimiter,
    encoding: detected.encoding,
    ...(told?.pivot !== undefined && { pivot: told.pivot }),
  };
  const file = make({ table, mapping, reader, body });
  const order = await readDates(file, { readings, told });
  if (order !== null) mapping.dateOrder = order;
  return file;
}

/** Looks at every date of the file, so that each column is read in one order; gives the order if any column needs one. */
async function readDates(
  file: CsvFile,
  { readings, told }: { readings: Map<number, DateReading>; told: FileMapping | undefined },
): Promise<DateReading["order"]> {
  const { headers, fields, zone } = file.table;
  const dated = fields.flatMap((field, index) => (DATE_FIELDS.has(field ?? "") ? [index] : []));
  const columns = dated.map((index) => ({ index, dates: new DateColumn() }));
  for await (const { cells } of file.rows()) {
    file.rowCount++;
    if (cells !== null) for (const { index, dates } of columns) dates.add(cells[index] ?? "");
  }
  const given = { order: told?.dateOrder ?? null, pivot: told?.pivot ?? null, zone };
  for (const { index, dates } of columns)
    readings.set(index, dates.decide(headers[index] ?? "", given));
  const orders = [...readings.values()].flatMap(({ order }) => order ?? []);
  return new Set(orders).size === 1 ? (orders[0] ?? null) : null;
}
