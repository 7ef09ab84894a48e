import type { Sql } from "postgres";

import { SERVICES, type ServiceName } from "../theft/dump.ts";

/** Bytes of databases, indexes and all. */
export interface Sizes {
  readonly sealed: Readonly<Record<ServiceName, number>>;
  /** Of the same records unsealed. The gate keeps none, so that plainly there would be no gate. */
  readonly plain: Readonly<Record<"who" | "what", number>>;
}

/** How large a database is by its own account (pg_database_size). */
export async function databaseBytes(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: string }[]>`
    select pg_database_size(current_database()) as bytes`;
  if (row === undefined) throw new TypeError("a database tells its size");
  return Number(row.bytes);
}

/** How large each service's database is. */
export async function sealedBytes(
  databases: Readonly<Record<ServiceName, Sql>>,
): Promise<Sizes["sealed"]> {
  const bytes = {} as Record<ServiceName, number>;
  for (const service of SERVICES) bytes[service] = await databaseBytes(databases[service]);
  return bytes;
}
