import type { Config } from "./config.ts";
import { UnsafeDatabaseError } from "./databaseFault.ts";
import { checkDatabase, findConnectionFaults } from "./databaseSafety.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { openSql } from "./openSql.ts";

/** Brings the database up to date as its owner, or refuses an older one; refuses one that is not safe to keep records in. */
export async function prepareDatabase({
  databaseUrl,
  ownerUrl,
  migratesOnlyEmpty,
}: Config): Promise<void> {
  const faults = findConnectionFaults({
    SINETTI_DATABASE_URL: databaseUrl,
    SINETTI_OWNER_URL: ownerUrl,
  });
  if (faults.length > 0) throw new UnsafeDatabaseError(faults);
  const owner = openSql(ownerUrl, { max: 1 });
  try {
    await migrate(owner, readMigrations(), { onlyEmpty: migratesOnlyEmpty });
    await checkDatabase(owner, { appRole: decodeURIComponent(new URL(databaseUrl).username) });
  } finally {
    await owner.end();
  }
}
