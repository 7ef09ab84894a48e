import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

import type { Sql } from "./store/transaction.ts";

export type MigrationErrorCode = "newer-data" | "older-data" | "changed-migration";

const MESSAGES: Record<MigrationErrorCode, string> = {
  "newer-data": "the database was made by a newer version of this service; start that version",
  "older-data":
    "the database was made by an older version of this service; upgrade it first (sinetti upgrade)",
  "changed-migration": "a migration that this database has seen has been changed since",
};

export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly code: MigrationErrorCode;
  constructor(code: MigrationErrorCode) {
    super(MESSAGES[code]);
    this.code = code;
  }
}

interface Migration {
  readonly id: string;
  readonly text: string;
  readonly hash: string;
}

const FOLDER = new URL("migrations/", import.meta.url);
/** Any number that every copy of this service agrees on. */
const LOCK = 7_311_946;

export function readMigrations(folder: URL = FOLDER): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((id) => {
      const text = readFileSync(new URL(id, folder), "utf8");
      return { id, text, hash: createHash("sha256").update(text).digest("hex") };
    });
}

/** The migrations that a backup's database had seen: all of them known here, and the same. Errors: `newer-data`, `changed-migration`. */
export function migrationsUpTo(
  seen: readonly Pick<Migration, "id" | "hash">[],
  known: readonly Migration[] = readMigrations(),
): Migration[] {
  return seen.map(({ id, hash }) => {
    const found = known.find((each) => each.id === id);
    if (found === undefined) throw new MigrationError("newer-data");
    if (found.hash !== hash) throw new MigrationError("changed-migration");
    return found;
  });
}

/** How far a database may be changed. */
export interface MigrateOptions {
  /** One that holds tables of an older version is refused, too. */
  readonly onlyEmpty?: boolean;
}

/** Brings the database up to this code, as the owner; data that is newer than the code is refused. Errors: MigrationError. */
export async function migrate(
  owner: Sql,
  migrations = readMigrations(),
  { onlyEmpty = false }: MigrateOptions = {},
): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    await tx`create schema if not exists sinetti`;
    await tx`create table if not exists sinetti.migrations (id text primary key, hash text not null)`;
    const done = await tx<{ id: string; hash: string }[]>`
      select id, hash from sinetti.migrations`;
    const hashById = new Map(done.map(({ id, hash }) => [id, hash]));
    const known = new Set(migrations.map(({ id }) => id));
    if (done.some(({ id }) => !known.has(id))) throw new MigrationError("newer-data");
    if (onlyEmpty && done.length > 0 && done.length < known.size)
      throw new MigrationError("older-data");
    for (const { id, text, hash } of migrations) {
      const held = hashById.get(id);
      if (held === hash) continue;
      if (held !== undefined) throw new MigrationError("changed-migration");
      await tx.unsafe(text);
      await tx`insert into sinetti.migrations (id, hash) values (${id}, ${hash})`;
    }
  });
}
