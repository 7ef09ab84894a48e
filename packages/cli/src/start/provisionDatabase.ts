import { readFileSync } from "node:fs";

import postgres from "postgres";

import { databaseUrlToOptions } from "./databaseUrl.ts";

export interface DatabaseRoles {
  readonly ownerPassword: string;
  readonly appPassword: string;
}

/** What a role of a service may never have. */
export const NO_POWERS =
  "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT LOGIN";

/** A service has 16 connections at most, an upgrade one; twice while one ends and the next begins, and room to look. */
export const CONNECTIONS = { sinetti_app: 40, sinetti_owner: 5 } as const;

/** The services print the same text as the mend when these functions are missing. */
export const auditFunctions = readFileSync(new URL("auditFunctions.sql", import.meta.url), "utf8");

type Sql = postgres.Sql;

function connect(superUrl: string, database?: string): Sql {
  const address = databaseUrlToOptions(superUrl);
  return postgres({
    ...address,
    database: database ?? address.database,
    max: 1,
    onnotice: () => undefined,
  });
}

async function setRole(sql: Sql, role: string, password: string): Promise<void> {
  const [found] = await sql`select 1 from pg_roles where rolname = ${role}`;
  const verb = found ? "ALTER" : "CREATE";
  // A statement that takes no parameters; the password is made of letters and digits.
  await sql.unsafe(`${verb} ROLE ${role} WITH ${NO_POWERS} PASSWORD '${password}'`);
}

/** Opens a database to the application and to nobody else; run in it as a superuser. */
export function closingStatements(database: string): string {
  return `
REVOKE ALL ON DATABASE ${database}, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE ${database} TO sinetti_app;
ALTER SCHEMA public OWNER TO sinetti_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sinetti_app;
`;
}

async function closeToPublic(superUrl: string, database: string): Promise<void> {
  const sql = connect(superUrl, database);
  try {
    await sql.unsafe(closingStatements(database));
    await sql.unsafe(auditFunctions);
  } finally {
    await sql.end();
  }
}

/** Makes the roles `sinetti_owner` and `sinetti_app`, or sets them back to what they must be. */
export async function provisionRoles(superUrl: string, roles: DatabaseRoles): Promise<void> {
  const sql = connect(superUrl);
  try {
    await setRole(sql, "sinetti_owner", roles.ownerPassword);
    await setRole(sql, "sinetti_app", roles.appPassword);
  } finally {
    await sql.end();
  }
}

/** Lets no more connections in by each role than its service needs. */
export async function limitRoles(superUrl: string): Promise<void> {
  const sql = connect(superUrl);
  try {
    for (const [role, most] of Object.entries(CONNECTIONS))
      await sql.unsafe(`ALTER ROLE ${role} CONNECTION LIMIT ${most}`);
  } finally {
    await sql.end();
  }
}

/** Makes `database`, owned by `sinetti_owner`, open to `sinetti_app` and to nobody else. */
export async function provisionDatabase(superUrl: string, database: string): Promise<void> {
  const sql = connect(superUrl);
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${database}`;
    if (!found) await sql.unsafe(`CREATE DATABASE ${database} OWNER sinetti_owner`);
  } finally {
    await sql.end();
  }
  await closeToPublic(superUrl, database);
}
