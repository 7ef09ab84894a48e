import type postgres from "postgres";

import { fillTables, type Connection } from "../backup/databaseRows.ts";
import type { RowHeader, RowPart } from "../backup/rowStream.ts";
import { ServeError } from "../serve/serveError.ts";
import type { ServiceName } from "../start/compartment.ts";
import { alone, bindOwner, forcedTables } from "./alone.ts";
import { applyMigrations, forgetApplied, migrationsOf, type Migration } from "./migrations.ts";
import { digestTables, findLosses, listTables, type TableDigest } from "./tableDigest.ts";

/** What is put back. */
export interface UndoOptions {
  readonly service: ServiceName;
  readonly migrations: readonly Migration[];
  readonly header: RowHeader;
  readonly parts: AsyncIterable<RowPart>;
}

/** What came of it. */
export interface Undone {
  /** The migrations that stand now. */
  readonly applied: readonly string[];
  readonly tables: number;
  readonly rows: number;
}

/** Everything that the migrations made; what superusers made lies in schemas of its own. */
async function dropEverything(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    do $$ declare thing text; begin
      for thing in select format('table %s', oid::regclass) from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'
      loop execute 'drop ' || thing || ' cascade'; end loop;
      for thing in select format('routine %s', oid::regprocedure) from pg_proc
        where pronamespace = 'public'::regnamespace
      loop execute 'drop ' || thing || ' cascade'; end loop;
      for thing in select format('domain %s', oid::regtype) from pg_type
        where typnamespace = 'public'::regnamespace and typtype = 'd'
      loop execute 'drop ' || thing || ' cascade'; end loop;
    end $$`);
}

/** What stands in the database and not in the backup, as far as the older form has a place for it. */
function writtenSince(losses: readonly string[], held: readonly TableDigest[]): string[] {
  const rowsByTable = new Map(held.map(({ table, rows }) => [table, rows]));
  return losses.filter((loss) => {
    if (loss.startsWith("column ")) return false;
    const table = loss.startsWith("table ") ? loss.slice("table ".length) : null;
    return table === null || rowsByTable.get(table) !== 0;
  });
}

/**
 * Gives a database the form and the rows that it had before an upgrade, as its owner and in one transaction; only while nothing
 * was written since, so that no service is behind what others have heard of it. Errors: ServeError `written-since`,
 * `still-running`, `newer-data`, `changed-migration`; BackupError `damaged`.
 */
export function undoUpgrade(
  sql: Connection,
  { service, migrations, header, parts }: UndoOptions,
): Promise<Undone> {
  const before = migrationsOf(header.schema, migrations);
  return alone(sql, service, async () => {
    await bindOwner(sql, await listTables(sql), "no force");
    const held = await digestTables(sql);
    await dropEverything(sql);
    await forgetApplied(sql, service);
    await applyMigrations(sql, service, before);
    const forced = await forcedTables(sql);
    await bindOwner(sql, forced, "no force");
    await fillTables(sql, parts, () => undefined);
    const written = writtenSince(await findLosses(sql, held), held);
    if (written.length > 0) throw new ServeError("written-since", written);
    const back = await digestTables(sql);
    await bindOwner(sql, forced, "force");
    return {
      applied: before.map(({ id }) => id),
      tables: back.length,
      rows: back.reduce((sum, { rows }) => sum + rows, 0),
    };
  });
}
