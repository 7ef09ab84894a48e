import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

import { writeSecretFile } from "./secretFile.ts";

/** Crockford's alphabet: no letter that looks like a digit or another letter. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 5;
const GROUP_LENGTH = 5;
const unspent = /^[0-9A-Z]{5}(?:-[0-9A-Z]{5}){4}$/;

function makeCode(): string {
  const letters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => ALPHABET.charAt(byte % 32));
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(""),
  ).join("-");
}

/** The one-time code of this installation, 125 random bits, made once; undefined when the gate has spent it or taken it away. */
export function ensureInstallationCode(
  path: string,
  { mayMake }: { mayMake: boolean },
): string | undefined {
  if (!existsSync(path)) {
    if (!mayMake) return undefined;
    writeSecretFile(path, makeCode());
  }
  const text = readFileSync(path, "utf8").trim();
  return unspent.test(text) ? text : undefined;
}
