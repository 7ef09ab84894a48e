import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";

import { ClientError, type Change, type Storage, type CellWriteOptions } from "@sinetti/client";

/** How long a command waits for another one on the same profile. */
const WAIT_MS = 60_000;
const PRAGMAS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
`;
const SCHEMA =
  "CREATE TABLE IF NOT EXISTS cell (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT";
/** After every name that a prefix can begin. */
const LAST = "\u{10ffff}";

const SQLITE_FULL = 13;

/** A disk without room, as what a person can do something about. */
function told(error: unknown): unknown {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return code === SQLITE_FULL ? new ClientError("storage-full", { cause: error }) : error;
}

interface WaitingWrite {
  readonly changes: readonly Change[];
  readonly isSyncedLater: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The sealed cells of a profile in one SQLite file; held by one process at a time, so that no outbox is worked off twice. */
export class ProfileStorage implements Storage {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #drop: StatementSync;
  readonly #waiting: WaitingWrite[] = [];

  constructor(path: string) {
    // SQLite would make it as open as the umask lets it; its log takes the mode of the file.
    closeSync(openSync(path, "a", 0o600));
    this.#database = new DatabaseSync(path, { timeout: WAIT_MS });
    try {
      this.#database.exec(PRAGMAS);
      this.#database.exec(SCHEMA);
    } catch (error) {
      this.#database.close();
      throw told(error);
    }
    this.#get = this.#database.prepare("SELECT value FROM cell WHERE name = ?");
    this.#list = this.#database.prepare(
      "SELECT name FROM cell WHERE name >= ? AND name < ? ORDER BY name",
    );
    this.#put = this.#database.prepare(
      "INSERT INTO cell VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    this.#drop = this.#database.prepare("DELETE FROM cell WHERE name = ?");
  }

  get(name: string): Promise<Uint8Array | null> {
    const row = this.#get.get(name);
    return Promise.resolve(row === undefined ? null : (row["value"] as Uint8Array));
  }

  list(prefix: string): Promise<string[]> {
    const rows = this.#list.all(prefix, prefix + LAST);
    return Promise.resolve(rows.map((row) => String(row["name"])));
  }

  /** Writes that come together go to disk together: one sync for all of them. */
  write(
    changes: readonly Change[],
    { isSyncedLater = false }: CellWriteOptions = {},
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, isSyncedLater, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const group = this.#waiting.splice(0);
    if (group.length === 0) return;
    try {
      const changes = group.flatMap((each) => each.changes);
      if (group.every(({ isSyncedLater }) => isSyncedLater)) this.#commitUnsynced(changes);
      else this.#commit(changes);
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(told(error));
    }
  }

  #commit(changes: readonly Change[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const { name, value } of changes) {
        if (value === null) this.#drop.run(name);
        else this.#put.run(name, value);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** In the log of SQLite, in its place, and on the disk with the next commit that waits for it. */
  #commitUnsynced(changes: readonly Change[]): void {
    this.#database.exec("PRAGMA synchronous = NORMAL");
    try {
      this.#commit(changes);
    } finally {
      this.#database.exec("PRAGMA synchronous = FULL");
    }
  }

  close(): void {
    this.#flush();
    this.#database.close();
  }
}
