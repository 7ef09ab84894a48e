import { readFileSync, statSync } from "node:fs";

/** Why a file that must be private is not taken. */
export type SecretFault = "missing" | "open to others";

const OTHERS = 0o007;
const GROUP_AND_OTHERS = 0o077;

/**
 * What a secret file holds. It belongs to this account and nobody else may read it, or to root, who may let this account's
 * group read: so services are handed secrets that they cannot change.
 */
export function readSecretFile(path: string): { text: string } | { fault: SecretFault } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { fault: "missing" };
  const closed = found.uid === 0 && process.getuid?.() !== 0 ? OTHERS | 0o020 : GROUP_AND_OTHERS;
  if ((found.mode & closed) !== 0) return { fault: "open to others" };
  return { text: readFileSync(path, "utf8").trim() };
}
