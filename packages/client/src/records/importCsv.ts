import { bytesToHex, sha256 } from "@sinetti/core";
import type { CsvKind } from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { ByteSource } from "./csv/byteSource.ts";
import { CsvBook } from "./csv/csvBook.ts";
import { CsvImport, type CsvImportOptions } from "./csv/csvImport.ts";
import type { CsvReport } from "./csv/csvReport.ts";
import { beginRun } from "./importRun.ts";

/** Warnings about values that were read: they stop nobody. */
const HARMLESS = new Set<string>(["duplicate", "assumed"]);

/**
 * Imports patients, appointments and notes from CSV files of another system, in any order of their rows. Each file is read three times
 * and held never: for its form, for the places of each person's rows, and then person by person. Files and entries are named by the
 * practice's import key, so a second run adds what is missing and opens no record. Errors: CsvError for a file that cannot be read.
 */
export async function importCsv(
  client: Client,
  sources: Readonly<Partial<Record<CsvKind, ByteSource>>>,
  options: CsvImportOptions,
): Promise<CsvReport> {
  const hash = (text: string): string => bytesToHex(sha256(new TextEncoder().encode(text)));
  const { mapping, zone, isStrict, dryRun } = options;
  const book = await CsvBook.open(sources, { mapping, zone, sha256: hash });
  const run = await beginRun(client, options);
  if (!isStrict || dryRun) return new CsvImport(client, book, { run, options }).run();
  const dry = { ...options, dryRun: true };
  const checked = await new CsvImport(client, book, { run, options: dry }).run();
  const isBad =
    checked.rejected.length > 0 || checked.warnings.some(({ reason }) => !HARMLESS.has(reason));
  if (isBad) return { ...checked, refused: true };
  return new CsvImport(client, book, { run, options }).run();
}
