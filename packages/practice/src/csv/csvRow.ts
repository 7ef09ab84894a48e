import { toLine } from "../fhir/elements.ts";
import type { Source } from "../records/fields.ts";
import { readDate } from "./dates.ts";
import type { DateReading, ReadDate } from "./dates.ts";
import type { CsvKind } from "./fields.ts";

/** Where the source of an imported row says that it came from. */
export const CSV_SOURCE_TYPE = "csv";

/** Why a row is left out, or what of it could not be read. */
export type CsvReason =
  | "columns"
  | "quotes"
  | "encoding"
  | "missing"
  | "not-a-date"
  | "not-a-time"
  | "not-a-number"
  | "not-known"
  | "identity-code"
  | "too-long"
  | "unknown-patient"
  | "several-patients"
  | "duplicate"
  | "assumed";

/** One thing about one row: the field, or the column, and why; never the value. */
export interface CsvIssue {
  field: string;
  reason: CsvReason;
}

/** A file's columns as they are read. */
export interface CsvTable {
  readonly kind: CsvKind;
  /** Headers, each once. */
  readonly headers: readonly string[];
  /** The field of each column; null: kept as it came. */
  readonly fields: readonly (string | null)[];
  /** How the dates of a column are read, by its place. */
  readonly readings: ReadonlyMap<number, DateReading>;
  /** IANA zone of the times. */
  readonly zone: string;
  /** SHA-256 of a text's UTF-8, as 64 lowercase hexadecimal digits. */
  readonly sha256: (text: string) => string;
}

/** Headers that differ from each other; one without words is named after its place (`column 7`). */
export function uniqueHeaders(headers: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headers.map((header, index) => {
    const name = toLine(header)?.slice(0, 200) ?? `column ${index + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** One row of a table, read field by field; what could not be read is remembered. */
export class CsvRow {
  readonly issues: CsvIssue[] = [];
  readonly #table: CsvTable;
  readonly #cells: readonly string[];
  #hash: string | null = null;

  /** A row with as many cells as the table has columns. */
  constructor(table: CsvTable, cells: readonly string[]) {
    this.#table = table;
    this.#cells = cells;
  }

  /** The table that the row stands in. */
  get table(): CsvTable {
    return this.#table;
  }

  /** The values of a field that are not empty, as they came. */
  texts(field: string): string[] {
    const { fields } = this.#table;
    return this.#cells.filter((cell, index) => fields[index] === field && cell.trim() !== "");
  }

  /** A field in one line, without control characters; undefined when empty. A longer one is cut, and said. */
  line(field: string): string | undefined {
    const [text] = this.texts(field);
    const line = toLine(text);
    if (text !== undefined && text.trim().length > 500) this.issue(field, "too-long");
    return line;
  }

  /** A field's date; undefined when it is empty or, which is said, none. */
  date(field: string): ReadDate | undefined {
    const column = this.#table.fields.indexOf(field);
    const text = this.#cells[column]?.trim() ?? "";
    if (text === "") return undefined;
    const { zone, readings } = this.#table;
    const read = readDate(text, readings.get(column) ?? { order: null, pivot: null, zone });
    if (read === undefined) this.issue(field, "not-a-date");
    return read;
  }

  /** Remembers what could not be read. */
  issue(field: string, reason: CsvReason): void {
    this.issues.push({ field, reason });
  }

  /** SHA-256 over the whole row, whatever its columns' order. */
  get hash(): string {
    return (this.#hash ??= this.#hashCells());
  }

  #hashCells(): string {
    const { headers, sha256 } = this.#table;
    const named = this.#cells.map((cell, index) => JSON.stringify([headers[index], cell.trim()]));
    return sha256(named.sort().join("\n"));
  }

  /** The cells of columns that have no field, by header; null: all are empty. */
  get kept(): Record<string, string> | null {
    return this.cells((field) => field === null);
  }

  /** Where a record came from: the row's hash, and the cells of these fields as they came. */
  source(sourceId: string, isIncluded: (field: string | null) => boolean): Source {
    const cells = this.cells(isIncluded);
    return {
      sourceType: CSV_SOURCE_TYPE,
      sourceId,
      sha256: this.hash,
      ...(cells !== null && { json: JSON.stringify(cells) }),
    };
  }

  /** The cells of these fields that are not empty, as they came, by header; null: there is none. */
  cells(isIncluded: (field: string | null) => boolean): Record<string, string> | null {
    const { headers, fields } = this.#table;
    const found = this.#cells.flatMap((cell, index): [string, string][] =>
      isIncluded(fields[index] ?? null) && cell.trim() !== ""
        ? [[headers[index] ?? "", cell.toWellFormed()]]
        : [],
    );
    return found.length === 0 ? null : Object.fromEntries(found);
  }
}
