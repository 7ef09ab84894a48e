import { accessSync, constants, readFileSync, statSync } from "node:fs";

import { InputError } from "../inputError.ts";

/** A table or list that a person wrote is no larger than this. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The bytes of a small file. Error: InputError naming the file. */
export function readBytes(path: string): Uint8Array {
  try {
    if (statSync(path).size > MOST_BYTES) throw new InputError(path, "the file is too large");
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, "the file cannot be read", { cause });
  }
}

/** A file that is opened later, where one that is not there would count as damaged. Error: InputError naming the file. */
export function checkReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
    if (statSync(path).isDirectory()) throw new InputError(path, "the file is a folder");
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, "the file cannot be read", { cause });
  }
}
