import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

import type { Sql, Tx } from "./database.ts";

/** The database holds what this program does not know, or something else under a name that it knows. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly code: keyof typeof MESSAGES;
  constructor(code: keyof typeof MESSAGES) {
    super(MESSAGES[code]);
    this.code = code;
  }
}
const MESSAGES = {
  "newer-data": "the database was migrated by a newer version of this program; start that version",
  "older-data":
    "the database was migrated by an older version of this program; upgrade it first (sinetti upgrade)",
  "changed-migration": "a migration that was applied has changed since",
} as const;

const FOLDER = fileURLToPath(new URL("../migrations", import.meta.url));
/** Any number that no other program on this database takes. */
const LOCK = 7_436_384;

interface Migration {
  readonly name: string;
  readonly path: string;
  readonly hash: string;
}

/** What this program knows, in order. */
export function readMigrations(): Migration[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".sql"));
  return names.toSorted().map((name) => {
    const path = join(FOLDER, name);
    return { name, path, hash: createHash("sha256").update(readFileSync(path)).digest("hex") };
  });
}

async function readApplied(tx: Tx): Promise<Map<string, string>> {
  // Apart from the data: no table of `public` is without a practice in its key.
  await tx`create schema if not exists sinetti_migrations`;
  await tx`create table if not exists sinetti_migrations.applied (name text primary key, hash text not null)`;
  const rows = await tx<
    { name: string; hash: string }[]
  >`select name, hash from sinetti_migrations.applied`;
  return new Map(rows.map(({ name, hash }) => [name, hash]));
}

/** The migrations that a backup's database had seen: all of them known here, and the same. Errors: `newer-data`, `changed-migration`. */
export function migrationsUpTo(seen: readonly { id: string; hash: string }[]): Migration[] {
  const known = new Map(readMigrations().map((each) => [each.name, each]));
  return seen.map(({ id, hash }) => {
    const found = known.get(id);
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

/** Brings the database to this program's form, as its owner, all or nothing. Errors: MigrationError. */
export async function migrate(
  owner: Sql,
  migrations = readMigrations(),
  { onlyEmpty = false }: MigrateOptions = {},
): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    const applied = await readApplied(tx);
    const known = new Set(migrations.map(({ name }) => name));
    for (const name of applied.keys()) if (!known.has(name)) throw new MigrationError("newer-data");
    if (onlyEmpty && applied.size > 0 && applied.size < known.size)
      throw new MigrationError("older-data");
    for (const { name, path, hash } of migrations) {
      const before = applied.get(name);
      if (before !== undefined && before !== hash) throw new MigrationError("changed-migration");
      if (before !== undefined) continue;
      await tx.file(path);
      await tx`insert into sinetti_migrations.applied values (${name}, ${hash})`;
    }
  });
}
