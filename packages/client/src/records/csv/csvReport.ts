import type { CsvKind, CsvMapping, CsvReason } from "@sinetti/practice";

/** One thing about one row of a file: where a spreadsheet and a text editor show it, and what is wrong; never what it holds. */
export interface RowReport {
  readonly file: string;
  readonly row: number;
  readonly line: number;
  readonly field: string;
  readonly reason: CsvReason | "not-granted";
}

/** What an import of CSV files did, or in a dry run would do. */
export interface CsvReport {
  /** Patients who were not here before. */
  patients: number;
  /** Entries written. */
  entries: number;
  /** Rows with values that no record has a place for; they are kept sealed with the record, as they came. */
  kept: number;
  /** Patients who were here already, with every entry. */
  unchanged: number;
  /** Patients who cannot be found by name or number yet: more than a day's listing without another person's approval. */
  unlisted: number;
  /** Rows that were left out. */
  readonly rejected: RowReport[];
  /** Values that could not be read and were kept as they came, and rows of one person or note that came twice. */
  readonly warnings: RowReport[];
  /** Rows that were taken, by kind; people count once. */
  readonly byType: Record<CsvKind, number>;
  /** Entries that the files make, written now or before. */
  planned: number;
  /** How the files were read, to be saved and used again. */
  readonly mapping: CsvMapping;
  /** True: rows were rejected under `strict`, and nothing was written. */
  refused: boolean;
}

/** A report of nothing yet. */
export function emptyReport(mapping: CsvMapping): CsvReport {
  return {
    patients: 0,
    entries: 0,
    kept: 0,
    unchanged: 0,
    unlisted: 0,
    rejected: [],
    warnings: [],
    byType: { patients: 0, appointments: 0, notes: 0 },
    planned: 0,
    mapping,
    refused: false,
  };
}
