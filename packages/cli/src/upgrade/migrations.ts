import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

import type postgres from "postgres";

import { ServeError } from "../serve/serveError.ts";
import type { ServiceName } from "../start/compartment.ts";

/** One step from an older form of a database to a newer one. */
export interface Migration {
  readonly id: string;
  readonly text: string;
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
}

/** Where a service remembers what was done to its database; the lock is the one that its own program takes. */
const BOOKS = {
  vault: { table: "sinetti.migrations", id: "id", lock: 7_311_946 },
  gate: { table: "sinetti_migrations.applied", id: "name", lock: 7_436_384 },
} as const;
const bookOf = (service: ServiceName): (typeof BOOKS)["vault" | "gate"] =>
  BOOKS[service === "gate" ? "gate" : "vault"];

/** What this version of a service does to its database, in order. */
export function knownMigrations(service: ServiceName): Migration[] {
  const entry = service === "gate" ? "@sinetti/gate" : "@sinetti/vault";
  const folder = new URL("migrations/", import.meta.resolve(entry));
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return names.toSorted().map((id) => {
    const text = readFileSync(new URL(id, folder), "utf8");
    return { id, text, hash: createHash("sha256").update(text).digest("hex") };
  });
}

/** What was done to a database so far; null: nothing, there are no tables. */
async function readApplied(
  sql: postgres.Sql,
  service: ServiceName,
): Promise<ReadonlyMap<string, string> | null> {
  const { table, id } = bookOf(service);
  const [found] = await sql<{ is: boolean }[]>`select to_regclass(${table}) is not null as is`;
  if (found?.is !== true) return null;
  const rows = await sql.unsafe<{ id: string; hash: string }[]>(
    `select ${id} as id, hash from ${table}`,
  );
  return new Map(rows.map((row) => [row.id, row.hash]));
}

/** What is still to be done; null: the database is empty. Errors: ServeError `newer-data`, `changed-migration`. */
export async function findPending(
  sql: postgres.Sql,
  service: ServiceName,
  known: readonly Migration[],
): Promise<Migration[] | null> {
  const applied = await readApplied(sql, service);
  if (applied === null || applied.size === 0) return null;
  const names = new Set(known.map(({ id }) => id));
  const foreign = [...applied.keys()].filter((id) => !names.has(id));
  if (foreign.length > 0) throw new ServeError("newer-data", foreign);
  const changed = known.filter(({ id, hash }) => (applied.get(id) ?? hash) !== hash);
  if (changed.length > 0)
    throw new ServeError(
      "changed-migration",
      changed.map(({ id }) => id),
    );
  return known.filter(({ id }) => !applied.has(id));
}

/** Those that a database of a backup had seen, in order. Errors: ServeError `newer-data`, `changed-migration`. */
export function migrationsOf(
  schema: readonly Pick<Migration, "id" | "hash">[],
  known: readonly Migration[],
): Migration[] {
  return schema.map(({ id, hash }) => {
    const found = known.find((each) => each.id === id);
    if (found === undefined) throw new ServeError("newer-data", [id]);
    if (found.hash !== hash) throw new ServeError("changed-migration", [id]);
    return found;
  });
}

/** Forgets what was done to a database whose tables are gone. */
export async function forgetApplied(sql: postgres.Sql, service: ServiceName): Promise<void> {
  await sql.unsafe(`delete from ${bookOf(service).table}`);
}

/** Keeps every other program from migrating until the transaction ends. */
export async function lockMigrations(sql: postgres.Sql, service: ServiceName): Promise<void> {
  await sql`select pg_advisory_xact_lock(${bookOf(service).lock})`;
}

/** Takes the steps inside the transaction that is open. */
export async function applyMigrations(
  sql: postgres.Sql,
  service: ServiceName,
  migrations: readonly Migration[],
): Promise<void> {
  const { table, id: column } = bookOf(service);
  for (const { id, text, hash } of migrations) {
    await sql.unsafe(text);
    await sql.unsafe(`insert into ${table} (${column}, hash) values ($1, $2)`, [id, hash]);
  }
}
