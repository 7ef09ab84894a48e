import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";

/** Why a file that must be private is not taken. */
export type SecretFault =
  | "missing"
  | "unreadable"
  | "not a regular file"
  | "too large"
  | "of another account"
  | "open to others";

const OTHERS = 0o007;
const GROUP_WRITES = 0o020;
const GROUP_AND_OTHERS = 0o077;
const MOST_BYTES = 64 * 1024;
/** Without waiting: of a pipe somebody would have to hold the other end. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

function faultOf(found: Stats, account: number | undefined): SecretFault | null {
  if (!found.isFile()) return "not a regular file";
  const isHanded = found.uid === 0 && account !== 0;
  // Whoever owns a file opens it to whom they like, and puts into it what they like.
  if (account !== undefined && found.uid !== account && !isHanded) return "of another account";
  if ((found.mode & (isHanded ? OTHERS | GROUP_WRITES : GROUP_AND_OTHERS)) !== 0)
    return "open to others";
  return found.size > MOST_BYTES ? "too large" : null;
}

/**
 * What a secret file holds. It belongs to this account and nobody else may read it, or to root, who may let this account's
 * group read: so services are handed secrets that they cannot change. What is looked at is what is read, whatever the path
 * leads to a moment later.
 */
export function readSecretFile(
  path: string,
  account: number | undefined = process.getuid?.(),
): { text: string } | { fault: SecretFault } {
  let file: number;
  try {
    file = openSync(path, READ);
  } catch (error) {
    const isThere = !(error instanceof Error && "code" in error && error.code === "ENOENT");
    return { fault: isThere ? "unreadable" : "missing" };
  }
  try {
    const fault = faultOf(fstatSync(file), account);
    return fault === null ? { text: readFileSync(file, "utf8").trim() } : { fault };
  } finally {
    closeSync(file);
  }
}
