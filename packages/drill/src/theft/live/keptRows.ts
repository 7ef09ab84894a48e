import type { PendingQuery, Row, Sql } from "postgres";

/** Rows that somebody is about to change: of a table, those for which the condition holds. */
export interface KeptRows {
  readonly table: string;
  readonly where: PendingQuery<Row[]>;
}

const SCHEMA = "thief";

/** Keeps rows beside the tables and puts them back, whatever was done to them; whatever was added under the condition goes. */
export async function withRowsKept<T>(
  sql: Sql,
  kept: readonly KeptRows[],
  work: () => Promise<T>,
): Promise<T> {
  await sql`drop schema if exists ${sql(SCHEMA)} cascade`;
  await sql`create schema ${sql(SCHEMA)}`;
  for (const { table, where } of kept)
    await sql`create table ${sql(SCHEMA)}.${sql(table)} as select * from public.${sql(table)} where ${where}`;
  try {
    return await work();
  } finally {
    await sql.begin(async (tx) => {
      for (const { table, where } of kept) {
        await tx`delete from public.${tx(table)} where ${where}`;
        await tx`insert into public.${tx(table)} select * from ${tx(SCHEMA)}.${tx(table)}`;
      }
    });
    await sql`drop schema ${sql(SCHEMA)} cascade`;
  }
}
