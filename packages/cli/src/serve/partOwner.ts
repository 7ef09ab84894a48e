import type { Connection } from "../backup/databaseRows.ts";
import { connectPart } from "./partConnection.ts";
import type { ServiceConfig } from "./serveConfig.ts";
import { withServeErrors } from "./serviceSafety.ts";

/** Works as the owner of a part's database. Errors: ServeError, those of `work`. */
export async function asOwner<T>(
  { database }: ServiceConfig,
  work: (sql: Connection) => Promise<T>,
): Promise<T> {
  const pool = connectPart(database, "owner", { application: "sinetti operator" });
  try {
    const sql = await withServeErrors(() => pool.reserve());
    try {
      return await work(sql);
    } finally {
      sql.release();
    }
  } finally {
    await pool.end({ timeout: 5 });
  }
}
