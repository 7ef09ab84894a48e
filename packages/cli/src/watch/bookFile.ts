import { existsSync, readFileSync } from "node:fs";

import { z } from "zod";

import { InputError } from "../inputError.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { EMPTY_BOOK, type AlarmBook } from "./alarmBook.ts";

const bookShape = z.strictObject({
  startedAt: z.number().nullable(),
  counts: z.record(z.string().max(40), z.int().min(0)),
  untold: z.array(z.string().max(40)).max(100),
});

/** What a watch remembered; nothing when there is no file yet. Error: InputError. */
export function readBook(file: string): AlarmBook {
  if (!existsSync(file)) return EMPTY_BOOK;
  try {
    return bookShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new InputError(file, "this is no memory of sinetti watch; remove it to begin anew", {
      cause,
    });
  }
}

/** Remembers, whole or not at all. */
export function writeBook(file: string, book: AlarmBook): void {
  writeSecretFile(file, JSON.stringify(book));
}
