import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

import { StartError } from "./startError.ts";
import { syncFolder } from "./syncFolder.ts";

const hex = /^(?:[0-9a-f]{2})+$/;

/** Whole or not at all, also when the machine stops in the middle: nothing else can tell what a lost key was. */
export function writeSecretFile(path: string, text: string): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, `${text}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
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
