import postgres from "postgres";
import type { ServiceName } from "@sinetti/core";

import { findStores } from "../packages/cli/src/start/storeAddresses.ts";

/** Runs statements in a database of a data folder, as somebody by hand with all rights would. */
export async function asSuperuser(
  data: string,
  service: ServiceName,
  statements: string,
): Promise<void> {
  const { host, port, user, password, database } = findStores(data)[service];
  const path = `${host}/.s.PGSQL.${port}`;
  const sql = postgres({ path, user, password, database, max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statements);
  } finally {
    await sql.end();
  }
}
