/** Closed list of why a CSV file or a column mapping is refused whole. */
export type CsvErrorCode =
  | "encoding-unknown"
  | "encoding-mixed"
  | "delimiter-unknown"
  | "no-header"
  | "column-missing"
  | "date-order-unknown"
  | "pivot-missing"
  | "mapping-invalid"
  | "mapping-column";

const MESSAGES: Record<CsvErrorCode, string> = {
  "encoding-unknown": "the file's encoding cannot be told: give --encoding",
  "encoding-mixed":
    "the file is partly UTF-8 and partly Windows-1252: have it exported again, or give --encoding",
  "delimiter-unknown": "it cannot be told what separates the columns: give --delimiter",
  "no-header": "the file has no header row",
  "column-missing": "no column is known to hold this field: name it in a mapping file (--mapping)",
  "date-order-unknown":
    "every date of this column can be read as day-month and as month-day: give --date-order",
  "pivot-missing":
    "this column has years of two digits: say with --pivot which is the last one after 2000",
  "mapping-invalid": "the mapping file does not have the expected form",
  "mapping-column": "the mapping names a column that the file does not have",
};

/** A CSV file or mapping that is refused whole; `field` names a column or a field, never a value. */
export class CsvError extends Error {
  override readonly name = "CsvError";
  readonly code: CsvErrorCode;
  readonly field: string | undefined;
  /** Name of the file, where it is known. */
  readonly source: string | undefined;
  /** Fails with `code`; `field` is the header or field that it concerns, `source` the file. */
  constructor(code: CsvErrorCode, field?: string, source?: string) {
    super(MESSAGES[code]);
    this.code = code;
    this.field = field;
    this.source = source;
  }

  /** The same, of a file. */
  of(source: string): CsvError {
    return new CsvError(this.code, this.field, source);
  }
}
