import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

import type { PracticeWish } from "@sinetti/drill";

import type { Words } from "../commands/command.ts";
import { InputError, UsageError } from "../inputError.ts";

const DEFAULTS = { patients: 200, entries: 30, each: 150, seed: "sinetti", until: "2026-10-30" };

/** Options of the commands that invent a practice. */
export const WISH_OPTIONS = [
  ["--patients <number>", `how many are invented; ${DEFAULTS.patients} when left out`],
  ["--entries <number>", `entries of each on the whole; ${DEFAULTS.entries} when left out`],
  ["--each <number>", `patients of one therapist; ${DEFAULTS.each} when left out`],
  ["--seed <text>", "the same people again"],
  ["--plant <file>", "strings to put into every kind of field, one a line"],
  ["--workers <number>", "threads that write; one a processor when left out"],
] as const;

const MOST_NUMBER = 1_000_000;
/** Letters of a string, and strings of one patient: what a record takes. */
const MOST_LETTERS = 20_000;
const MOST_EACH = 200;

function readCount(words: Words, option: string, otherwise: number): number {
  const text = words.text(option);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_NUMBER)
    throw new UsageError(`--${option}: a whole number from 1 on`);
  return value;
}

function readLines(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(path, "it cannot be read", { cause });
  }
  const lines = [...new Set(text.split(/\r?\n/).filter((line) => line.trim() !== ""))];
  if (lines.some((line) => line.length > MOST_LETTERS))
    throw new InputError(path, `a line is longer than ${MOST_LETTERS} letters`);
  return lines;
}

/** The practice that the options ask for, and how many threads write it. */
export function readWish(words: Words): { wish: PracticeWish; workers: number } {
  const path = words.text("plant");
  const plant = path === undefined ? [] : readLines(path);
  const patients = readCount(words, "patients", DEFAULTS.patients);
  if (plant.length > patients * MOST_EACH)
    throw new UsageError(
      `--patients: at least ${Math.ceil(plant.length / MOST_EACH)} for so many strings`,
    );
  return {
    workers: readCount(words, "workers", availableParallelism()),
    wish: {
      seed: words.text("seed") ?? DEFAULTS.seed,
      patients,
      meanEntries: readCount(words, "entries", DEFAULTS.entries),
      patientsEach: readCount(words, "each", DEFAULTS.each),
      until: DEFAULTS.until,
      plant,
    },
  };
}
