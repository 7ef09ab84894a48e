import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

import { StartError } from "./startError.ts";
import { writeWholeFile } from "./wholeFile.ts";

const hex = /^(?:[0-9a-f]{2})+$/;
const OWN_ALONE = 0o600;

/** Whole or not at all, also when the machine stops in the middle: nothing else can tell what a lost key was. */
export function writeSecretFile(path: string, text: string): void {
  writeWholeFile(path, `${text}\n`, OWN_ALONE);
}

export interface SecretUse {
  readonly bytes: number;
  /** Only while there is nothing yet that an earlier secret protects. */
  readonly mayMake: boolean;
}

/** The random bytes, in hexadecimal, that a file holds. */
export function ensureSecretFile(path: string, { bytes, mayMake }: SecretUse): string {
  if (!existsSync(path)) {
    if (!mayMake) throw new StartError("secret-missing", path);
    writeSecretFile(path, randomBytes(bytes).toString("hex"));
  }
  const text = readFileSync(path, "utf8").trim();
  if (!hex.test(text) || text.length !== 2 * bytes) throw new StartError("secret-unreadable", path);
  return text;
}
