import { randomBytes } from "node:crypto";

import postgres from "postgres";
import { inject } from "vitest";

import { databaseUrl, databaseUrlToOptions } from "../packages/cli/src/start/databaseUrl.ts";
import { provisionDatabase } from "../packages/cli/src/start/provisionDatabase.ts";

declare module "vitest" {
  interface ProvidedContext {
    testCluster: {
      socketDir: string;
      superPassword: string;
      ownerPassword: string;
      appPassword: string;
    };
  }
}

export interface TestDatabase {
  /** `sinetti_owner`: owns the database and its schema `public`; runs the migrations. */
  readonly ownerUrl: string;
  /** `sinetti_app`: may connect and use the schema, and nothing that the owner does not grant. */
  readonly appUrl: string;
  /** The superuser, in this database: for reading what a thief of the disk would read. */
  readonly superUrl: string;
  stop(): Promise<void>;
}

/**
 * A fresh, empty database of a real PostgreSQL 18, with the roles that a started system has.
 *
 * The URLs are `postgres://ROLE:PASSWORD@localhost/DATABASE?host=FOLDER-OF-THE-SOCKET`, as the launcher gives them to a
 * service. libpq takes that form; the driver `postgres` does not, so a service hands it
 * `{ host: url.searchParams.get('host') ?? url.hostname, port, user, password, database }`.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  return makeDatabase(() => Promise.resolve());
}

/** A database with everything that another one holds; nobody is connected to that one. */
export async function copyTestDatabase({ superUrl }: TestDatabase): Promise<TestDatabase> {
  const { database: source } = databaseUrlToOptions(superUrl);
  return makeDatabase(async (sql, database) => {
    await sql.unsafe(`CREATE DATABASE ${database} TEMPLATE ${source} OWNER sinetti_owner`);
  });
}

async function makeDatabase(
  make: (admin: postgres.Sql, database: string) => Promise<void>,
): Promise<TestDatabase> {
  const { socketDir, superPassword, ownerPassword, appPassword } = inject("testCluster");
  const database = `test_${randomBytes(6).toString("hex")}`;
  const superAddress = { socketDir, role: "postgres", password: superPassword };
  const adminUrl = databaseUrl({ ...superAddress, database: "postgres" });
  const admin = postgres({ ...databaseUrlToOptions(adminUrl), max: 1 });
  // One after another: what closes a database closes those of the whole cluster too, and two cannot at once.
  await admin`select pg_advisory_lock(1)`;
  await make(admin, database);
  await provisionDatabase(adminUrl, database);
  await admin.end({ timeout: 5 });
  return {
    ownerUrl: databaseUrl({ socketDir, role: "sinetti_owner", password: ownerPassword, database }),
    appUrl: databaseUrl({ socketDir, role: "sinetti_app", password: appPassword, database }),
    superUrl: databaseUrl({ ...superAddress, database }),
    stop: async () => {
      const sql = postgres({ ...databaseUrlToOptions(adminUrl), max: 1 });
      await sql.unsafe(`DROP DATABASE ${database} WITH (FORCE)`);
      await sql.end({ timeout: 5 });
    },
  };
}
