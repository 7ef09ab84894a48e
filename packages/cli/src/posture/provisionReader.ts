import { readFileSync } from "node:fs";

import { readerStatements } from "@sinetti/posture";
import postgres from "postgres";

import { databaseUrlToOptions } from "../start/databaseUrl.ts";

/** The role that looks at a database of ours. It reads no table. */
export const READER = "sinetti_posture";

/** Enough for a look, the watch, and somebody who looks by hand. */
const CONNECTIONS = 5;

const chainFunction = readFileSync(new URL("chainFunction.sql", import.meta.url), "utf8");

/** What a superuser runs once in each database of ours, so that posture is read, and exceptions are verified, by a role without power. */
export function readerSetup(database: string): readonly string[] {
  return [
    ...readerStatements(READER),
    `ALTER ROLE ${READER} CONNECTION LIMIT ${CONNECTIONS}`,
    `GRANT CONNECT ON DATABASE "${database.replaceAll('"', '""')}" TO ${READER}`,
    chainFunction,
    `GRANT EXECUTE ON FUNCTION posture.practice_chain() TO ${READER}`,
  ];
}

/** Makes the role that looks, or sets it back to what it must be. `superUrl` is of the database that it looks at. */
export async function provisionReader(superUrl: string, password: string): Promise<void> {
  const address = databaseUrlToOptions(superUrl);
  const sql = postgres({ ...address, max: 1, onnotice: () => undefined });
  try {
    const [found] = await sql`select 1 from pg_roles where rolname = ${READER}`;
    const verb = found === undefined ? "CREATE" : "ALTER";
    // A statement that takes no parameters; the password is made of letters and digits.
    await sql.unsafe(`${verb} ROLE ${READER} WITH LOGIN PASSWORD '${password}'`);
    await sql.unsafe(readerSetup(address.database).join(";\n"));
  } finally {
    await sql.end();
  }
}
