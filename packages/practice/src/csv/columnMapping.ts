import { z } from "zod";
import { DELIMITERS } from "./delimiter.ts";
import { CsvError } from "./csvError.ts";
import { CSV_FIELDS, normaliseHeader } from "./fields.ts";
import type { CsvKind } from "./fields.ts";

/** Encodings of a CSV file. */
export const CSV_ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1252",
  "iso-8859-15",
] as const;
/** Encoding of a CSV file. */
export type CsvEncoding = (typeof CSV_ENCODINGS)[number];

const fileMapping = z.strictObject({
  /** Field by header; null: kept with the record, sealed, as it came. */
  columns: z.record(z.string().max(500), z.string().max(60).nullable()),
  delimiter: z.enum(DELIMITERS).exactOptional(),
  encoding: z.enum(CSV_ENCODINGS).exactOptional(),
  dateOrder: z.enum(["dmy", "mdy", "ymd"]).exactOptional(),
  pivot: z.int().min(0).max(99).exactOptional(),
});
/** How the columns of one file are read. */
export type FileMapping = z.infer<typeof fileMapping>;

const csvMapping = z.strictObject({
  v: z.literal(1),
  patients: fileMapping.exactOptional(),
  appointments: fileMapping.exactOptional(),
  notes: fileMapping.exactOptional(),
});
/** A column mapping as it is saved and used again. */
export type CsvMapping = z.infer<typeof csvMapping>;

/** A saved mapping, validated. Throws `mapping-invalid` with the path, or with the field that no such file has. */
export function parseCsvMapping(value: unknown): CsvMapping {
  const parsed = csvMapping.safeParse(value);
  if (!parsed.success) throw new CsvError("mapping-invalid", pathOf(parsed.error.issues[0]?.path));
  for (const kind of ["patients", "appointments", "notes"] as const) {
    const fields = Object.values(parsed.data[kind]?.columns ?? {});
    const isField = (field: string | null): boolean =>
      field === null || CSV_FIELDS[kind].some((known) => known.field === field);
    const wrong = fields.findIndex((field) => !isField(field));
    if (wrong !== -1) throw new CsvError("mapping-invalid", `${kind}, column ${wrong + 1}`);
    refuseTwice(kind, fields);
  }
  return parsed.data;
}

function pathOf(path: readonly PropertyKey[] | undefined): string {
  return (path ?? []).slice(0, 2).map(String).join(".");
}

function refuseTwice(kind: CsvKind, fields: readonly (string | null)[]): void {
  for (const { field, isMany } of CSV_FIELDS[kind])
    if (!isMany && fields.filter((each) => each === field).length > 1)
      throw new CsvError("mapping-invalid", `${kind}, ${field}`);
}

/**
 * The field of each column, by what headers are known; a field that one column holds goes to its best known header, one that several
 * hold also to numbered ones (`Phone 2`).
 */
export function detectColumns(kind: CsvKind, headers: readonly string[]): (string | null)[] {
  const plain = headers.map((header) => normaliseHeader(header));
  const found: (string | null)[] = headers.map(() => null);
  for (const { field, isMany, headers: known } of CSV_FIELDS[kind]) {
    const goesBy = (each: string, header: string): boolean =>
      each === header || (isMany && each.replace(/\d+$/, "") === header);
    const columns = known.flatMap((header) =>
      plain.flatMap((each, index) =>
        found[index] === null && goesBy(each, header) ? [index] : [],
      ),
    );
    for (const column of isMany ? columns : columns.slice(0, 1)) found[column] = field;
  }
  return found;
}

/**
 * The field of each column as a saved mapping says; a column that it does not name is kept, and so is the second of two with one header
 * where the field wants one. Throws `mapping-column` for one that is not there.
 */
export function mappedColumns(
  kind: CsvKind,
  { columns }: FileMapping,
  headers: readonly string[],
): (string | null)[] {
  const plain = headers.map(normaliseHeader);
  const fieldByHeader = new Map(
    Object.entries(columns).map(([header, field]) => [normaliseHeader(header), field]),
  );
  for (const [header, field] of Object.entries(columns))
    if (field !== null && !plain.includes(normaliseHeader(header)))
      throw new CsvError("mapping-column", header);
  const fields = plain.map((header) => fieldByHeader.get(header) ?? null);
  const isMany = (field: string): boolean =>
    CSV_FIELDS[kind].some((known) => known.field === field && known.isMany);
  return fields.map((field, index) =>
    field === null || isMany(field) || fields.indexOf(field) === index ? field : null,
  );
}

const NEEDED: Record<CsvKind, readonly (readonly string[])[]> = {
  patients: [["name", "family", "given"]],
  appointments: [["patient", "patientCode", "patientName", "patientFamily"], ["start"]],
  notes: [
    ["patient", "patientCode", "patientName", "patientFamily"],
    ["date"],
    [
      "text",
      "subjective",
      "objective",
      "assessment",
      "plan",
      "data",
      "behaviour",
      "intervention",
      "response",
    ],
  ],
};

/** Throws `column-missing` with the field when no column holds what a record of this kind cannot do without. */
export function checkColumns(kind: CsvKind, fields: readonly (string | null)[]): void {
  for (const choices of NEEDED[kind])
    if (!choices.some((field) => fields.includes(field)))
      throw new CsvError("column-missing", `${kind}: ${choices[0] ?? ""}`);
}
