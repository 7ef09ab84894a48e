import postgres from "postgres";

import { superUrlOf, type Compartment } from "../start/compartment.ts";
import { databaseUrlToOptions } from "../start/databaseUrl.ts";
import type { Connection } from "./databaseRows.ts";

/** Connects as the superuser, whom row security lets see everything. */
export async function connectSuper(compartment: Compartment): Promise<{
  sql: Connection;
  end: () => Promise<void>;
}> {
  const pool = postgres({
    ...databaseUrlToOptions(superUrlOf(compartment)),
    max: 1,
    max_lifetime: null,
    onnotice: () => undefined,
    connection: { application_name: "sinetti-backup" },
  });
  const sql = await pool.reserve();
  return {
    sql,
    end: async () => {
      sql.release();
      await pool.end({ timeout: 5 });
    },
  };
}

/** Connects for one piece of work. */
export async function withSuper<T>(
  compartment: Compartment,
  work: (sql: Connection) => Promise<T>,
): Promise<T> {
  const { sql, end } = await connectSuper(compartment);
  try {
    return await work(sql);
  } finally {
    await end();
  }
}
