import { readFileSync, statSync } from "node:fs";

import { InputError } from "../inputError.ts";

const MOST_BYTES = 4 * 1024 * 1024;

/** The object that a JSON file holds. Error: InputError naming the file. */
export function readJsonFile(path: string): Record<string, unknown> {
  const value = parseJson(path, readText(path));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InputError(path, "the file does not hold a JSON object");
  return value as Record<string, unknown>;
}

function readText(path: string): string {
  try {
    if (statSync(path).size > MOST_BYTES) throw new InputError(path, "the file is too large");
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, "the file cannot be read", { cause });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // The engine's error quotes the text around the fault.
    throw new InputError(path, "the file is not JSON");
  }
}

const SAFE_KEY = /^[A-Za-z]{1,30}$/;

/** Refuses fields that nobody would read. Error: InputError. */
export function refuseUnknown(
  path: string,
  value: Record<string, unknown>,
  known: readonly string[],
): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  const fields = unknown.map((key) => `${SAFE_KEY.test(key) ? key : "?"} (unknown-field)`);
  throw new InputError(path, "the file holds fields that have no place", { fields });
}
