import type { Config } from "./config.ts";
import { openDatabase } from "./store/database.ts";
import { migrate } from "./store/migrate.ts";

/** As the owner: brings the database to this program's form. The owner's connection ends here. */
export async function prepareDatabase(config: Config): Promise<void> {
  const owner = openDatabase(config.SINETTI_OWNER_URL, { max: 1 });
  try {
    await migrate(owner);
  } finally {
    await owner.end();
  }
}
