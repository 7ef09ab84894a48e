import type { Config } from "./config.ts";
import { checkConnections, checkDatabase } from "./databaseSafety.ts";
import { openDatabase } from "./store/database.ts";
import { migrate, readMigrations } from "./store/migrate.ts";

/** As the owner: brings the database to this program's form or refuses an older one, and refuses one that is not safe. The connection ends here. */
export async function prepareDatabase(config: Config): Promise<void> {
  const { SINETTI_DATABASE_URL, SINETTI_OWNER_URL } = config;
  checkConnections({ SINETTI_DATABASE_URL, SINETTI_OWNER_URL });
  const owner = openDatabase(SINETTI_OWNER_URL, { max: 1 });
  try {
    await migrate(owner, readMigrations(), { onlyEmpty: config.SINETTI_MIGRATE === "empty" });
    const appRole = decodeURIComponent(new URL(SINETTI_DATABASE_URL).username);
    await checkDatabase(owner, { appRole });
  } finally {
    await owner.end();
  }
}
