import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";

import { LABELS } from "@sinetti/core";

/** Crockford's alphabet: no letter that looks like a digit or another letter. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 5;
const GROUP_LENGTH = 5;

function makeCode(): string {
  const letters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => ALPHABET.charAt(byte % 32));
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(""),
  ).join("-");
}

function hashCode(code: string): Uint8Array {
  return createHash("sha256")
    .update(`${LABELS.installationCode}\0${code.trim().toUpperCase()}`)
    .digest();
}

/** The code that the next new practice spends, in a file that only the operator reads. */
export class InstallationCode {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The hash under which a code is remembered as spent, if it is the one in the file. */
  match(code: string): Uint8Array | null {
    if (!existsSync(this.#path)) return null;
    const given = hashCode(code);
    const expected = hashCode(readFileSync(this.#path, "utf8"));
    return timingSafeEqual(given, expected) ? given : null;
  }

  /** Puts a fresh code in the place of a spent one; whole or not at all. */
  replace(): void {
    const draft = `${this.#path}.draft`;
    // One that lies there may be open to others, or a link.
    rmSync(draft, { force: true });
    const file = openSync(draft, "wx", 0o600);
    try {
      writeSync(file, `${makeCode()}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, this.#path);
  }
}
