import { writeFileSync } from "node:fs";

import {
  CSV_ENCODINGS,
  CSV_KINDS,
  CsvError,
  DELIMITERS,
  parseCsvMapping,
  type CsvEncoding,
  type CsvKind,
  type CsvMapping,
  type DateOrder,
  type Delimiter,
  type FileMapping,
} from "@sinetti/practice";

import { InputError, UsageError } from "../inputError.ts";
import { readJsonFile } from "./jsonFile.ts";

const DELIMITER_BY_NAME = new Map<string, Delimiter>([
  ["comma", ","],
  ["semicolon", ";"],
  ["tab", "\t"],
  ["pipe", "|"],
]);
const ORDERS: readonly DateOrder[] = ["dmy", "mdy", "ymd"];

/** What the command line says of how files are read; it goes before a mapping file. */
export interface CsvWords {
  readonly mapping: string | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: string | undefined;
  readonly dateOrder: string | undefined;
  readonly pivot: string | undefined;
}

/** How the files of these kinds are to be read. Errors: UsageError, InputError naming the mapping file. */
export function readCsvMapping(kinds: readonly CsvKind[], words: CsvWords): CsvMapping {
  const saved = words.mapping === undefined ? { v: 1 as const } : readSaved(words.mapping);
  const told = toldBy(words);
  const mapping: CsvMapping = { v: 1 };
  for (const kind of CSV_KINDS)
    if (kinds.includes(kind)) mapping[kind] = { columns: {}, ...saved[kind], ...told };
  return mapping;
}

function readSaved(path: string): CsvMapping {
  try {
    return parseCsvMapping(readJsonFile(path));
  } catch (error) {
    if (error instanceof CsvError) throw csvInputError(error.of(path));
    throw error;
  }
}

/** A refusal of a whole file, for the person at the terminal. */
export function csvInputError(error: CsvError): InputError {
  const { source = "the file", message, field } = error;
  return new InputError(source, message, {
    fields: field === undefined ? [] : [field],
    cause: error,
  });
}

function toldBy(words: CsvWords): Omit<FileMapping, "columns"> {
  const { delimiter, encoding, dateOrder, pivot } = words;
  return {
    ...(delimiter !== undefined && { delimiter: readDelimiter(delimiter) }),
    ...(encoding !== undefined && { encoding: readEncoding(encoding) }),
    ...(dateOrder !== undefined && { dateOrder: readOrder(dateOrder) }),
    ...(pivot !== undefined && { pivot: readPivot(pivot) }),
  };
}

function readDelimiter(text: string): Delimiter {
  const found = DELIMITER_BY_NAME.get(text) ?? DELIMITERS.find((delimiter) => delimiter === text);
  if (found === undefined)
    throw new UsageError(`--delimiter: one of ${[...DELIMITER_BY_NAME.keys()].join(", ")}`);
  return found;
}

function readEncoding(text: string): CsvEncoding {
  const found = CSV_ENCODINGS.find((encoding) => encoding === text.toLowerCase());
  if (found === undefined) throw new UsageError(`--encoding: one of ${CSV_ENCODINGS.join(", ")}`);
  return found;
}

function readOrder(text: string): DateOrder {
  const found = ORDERS.find((order) => order === text);
  if (found === undefined) throw new UsageError(`--date-order: one of ${ORDERS.join(", ")}`);
  return found;
}

function readPivot(text: string): number {
  if (!/^\d{1,2}$/.test(text))
    throw new UsageError(
      "--pivot: the last year of two digits that belongs to this century, 0 to 99",
    );
  return Number(text);
}

/** Saves how the files were read, to be edited and used again. Error: InputError naming the file. */
export function saveCsvMapping(path: string, mapping: CsvMapping): void {
  try {
    writeFileSync(path, `${JSON.stringify(mapping, null, 2)}\n`, { mode: 0o600 });
  } catch (cause) {
    throw new InputError(path, "the file cannot be written", { cause });
  }
}
