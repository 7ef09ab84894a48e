import type postgres from "postgres";

import type { Connection } from "../backup/databaseRows.ts";
import { ServeError } from "../serve/serveError.ts";
import type { ServiceName } from "../start/compartment.ts";
import { lockMigrations } from "./migrations.ts";

const LOCK_TIMEOUT = "10s";
const NOT_AVAILABLE = "55P03";

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function refuseRunning(sql: postgres.Sql): Promise<void> {
  const [others] = await sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and usename = 'sinetti_app'`;
  if ((others?.count ?? 0) > 0) throw new ServeError("still-running");
}

/** The tables whose owner, too, is bound by row security. */
export async function forcedTables(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname::text as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relforcerowsecurity`;
  return rows.map(({ name }) => name);
}

/**
 * The owner is bound by row security, and sees nothing of what it owns until its transaction says otherwise; others wait for the
 * table until then, and never see it so.
 */
export async function bindOwner(
  sql: postgres.Sql,
  tables: readonly string[],
  force: "force" | "no force",
): Promise<void> {
  for (const table of tables)
    await sql.unsafe(`alter table public.${quote(table)} ${force} row level security`);
}

/** One transaction of the owner while no service is connected and nobody else migrates: all of `work` or nothing. Error: ServeError `still-running`. */
export async function alone<T>(
  sql: Connection,
  service: ServiceName,
  work: () => Promise<T>,
): Promise<T> {
  await refuseRunning(sql);
  await sql`begin`;
  try {
    await sql.unsafe(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await lockMigrations(sql, service);
    const done = await work();
    await sql`commit`;
    return done;
  } catch (error) {
    // Fails only with the connection, and then nothing was committed either.
    await sql`rollback`.catch(() => undefined);
    const isHeld = error instanceof Error && "code" in error && error.code === NOT_AVAILABLE;
    throw isHeld ? new ServeError("still-running", [], { cause: error }) : error;
  }
}
