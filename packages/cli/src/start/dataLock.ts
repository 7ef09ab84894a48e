import { chmodSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { StartError } from "./startError.ts";

export const LOCK_FILE = "launcher.lock";
const SQLITE_BUSY = 5;
/** One that is just stopping may finish. */
const WAIT_MS = 3_000;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

/**
 * Holds a data folder for this process. SQLite's exclusive transaction is a lock of the kernel's: it ends with the
 * process, however that ends, so that no stale file has to be told from a live one.
 */
export function lockData(path: string, { waitMs = WAIT_MS } = {}): () => void {
  const lock = new DatabaseSync(path);
  try {
    chmodSync(path, 0o600);
    lock.exec(`PRAGMA busy_timeout = ${waitMs}; BEGIN EXCLUSIVE`);
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new StartError("data-in-use", path, { cause: error }) : error;
  }
  return () => lock.close();
}
