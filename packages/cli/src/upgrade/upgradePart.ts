import type { Connection } from "../backup/databaseRows.ts";
import { ServeError } from "../serve/serveError.ts";
import type { ServiceName } from "../start/compartment.ts";
import { alone, bindOwner, forcedTables } from "./alone.ts";
import { applyMigrations, findPending, type Migration } from "./migrations.ts";
import { digestTables, findLosses, listTables } from "./tableDigest.ts";

/** The steps of an upgrade; whatever ends it before the last leaves the database as it was. */
export const UPGRADE_STEPS = ["locked", "backed-up", "migrated", "verified", "committed"] as const;
export type UpgradeStep = (typeof UPGRADE_STEPS)[number];

/** How a database is upgraded. */
export interface UpgradeOptions {
  readonly service: ServiceName;
  readonly migrations: readonly Migration[];
  /** Writes what the database holds to where it outlasts it, and gives that place; from inside the transaction. */
  readonly backUp: (sql: Connection) => Promise<string>;
  readonly onStep?: (step: UpgradeStep) => void;
}

/** What came of it. */
export interface Upgraded {
  /** The migrations that were applied; none: there was nothing to do. */
  readonly applied: readonly string[];
  /** Null: nothing was done, so nothing was written. */
  readonly backup: string | null;
  readonly tables: number;
  readonly rows: number;
}

/** What a migration says that it takes away: `-- gives up: column entries.old`. */
function givenUp(migrations: readonly Migration[]): ReadonlySet<string> {
  return new Set(
    migrations.flatMap(({ text }) =>
      [...text.matchAll(/^-- gives up: (.+)$/gm)].map(([, loss = ""]) => loss.trim()),
    ),
  );
}

async function upgradeLocked(
  sql: Connection,
  pending: readonly Migration[],
  { service, backUp, onStep }: UpgradeOptions,
): Promise<Upgraded> {
  const before = await forcedTables(sql);
  // Takes every table for this transaction alone.
  await bindOwner(sql, await listTables(sql), "no force");
  onStep?.("locked");
  const backup = await backUp(sql);
  const digests = await digestTables(sql);
  onStep?.("backed-up");
  await applyMigrations(sql, service, pending);
  onStep?.("migrated");
  const forced = new Set([...before, ...(await forcedTables(sql))]);
  await bindOwner(sql, await forcedTables(sql), "no force");
  const given = givenUp(pending);
  const losses = (await findLosses(sql, digests)).filter((loss) => !given.has(loss));
  if (losses.length > 0) throw new ServeError("lossy-migration", losses);
  const standing = await listTables(sql);
  await bindOwner(
    sql,
    standing.filter((table) => forced.has(table)),
    "force",
  );
  onStep?.("verified");
  const rows = digests.reduce((sum, each) => sum + each.rows, 0);
  return { applied: pending.map(({ id }) => id), backup, tables: digests.length, rows };
}

/**
 * Backs a database up, migrates it and compares what it holds, as its owner and in one transaction: it ends as this program
 * needs it, or as it was. Errors: ServeError `newer-data`, `changed-migration`, `still-running`, `lossy-migration`.
 */
export async function upgradePart(sql: Connection, options: UpgradeOptions): Promise<Upgraded> {
  const { service, migrations, onStep } = options;
  const upgraded = await alone(sql, service, async () => {
    const pending = await findPending(sql, service, migrations);
    // An empty database is made by the first start.
    const isNothing = pending === null || pending.length === 0;
    return isNothing
      ? { applied: [], backup: null, tables: 0, rows: 0 }
      : upgradeLocked(sql, pending, options);
  });
  onStep?.("committed");
  return upgraded;
}
