import {
  CSV_KINDS,
  CsvError,
  detectColumns,
  type CsvKind,
  type FileMapping,
} from "@sinetti/practice";
import type { ByteSource } from "./byteSource.ts";
import { readHeader } from "./csvHeader.ts";
import { detectEncoding } from "./detectEncoding.ts";
import { UnitReader } from "./unitReader.ts";

/** What a CSV file seems to be, before anything is asked of it. */
export interface CsvPreview {
  readonly kind: CsvKind;
  /** Headers, each once, in the order of the columns. */
  readonly headers: readonly string[];
  /** Field by header, as far as the header is known; null: kept as it came. */
  readonly mapping: FileMapping;
}

const countKnown = (columns: readonly (string | null)[]): number =>
  columns.filter((field) => field !== null).length;

/**
 * Reads the header of a CSV file and says what it seems to list (`told` where somebody knows better), so that a person can put right how
 * its columns are read. Nothing is missing yet: `importCsv` says what a kind cannot do without. Error: CsvError, naming the file.
 */
export async function previewCsv(source: ByteSource, told: CsvKind | null): Promise<CsvPreview> {
  try {
    const encoding = await detectEncoding(source, undefined);
    const reader = new UnitReader(source, encoding);
    const kinds = told === null ? CSV_KINDS : [told];
    const previews: { preview: CsvPreview; known: number }[] = [];
    for (const kind of kinds) {
      const { headers, body } = await readHeader(reader, { kind, told: undefined });
      const fields = detectColumns(kind, headers);
      const columns = Object.fromEntries(
        headers.map((header, index) => [header, fields[index] ?? null]),
      );
      const mapping = { columns, delimiter: body.delimiter, encoding: encoding.encoding };
      previews.push({ preview: { kind, headers, mapping }, known: countKnown(fields) });
    }
    const [best] = previews.toSorted((a, b) => b.known - a.known);
    if (best === undefined) throw new CsvError("no-header");
    return best.preview;
  } catch (error) {
    throw error instanceof CsvError ? error.of(source.name) : error;
  }
}
