import { readFileSync } from "node:fs";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { openTestDatabase, type TestDatabase } from "../../../tools/testDatabase.ts";
import { UnsafeDatabaseError } from "../src/databaseFault.ts";
import { checkConnections, checkDatabase } from "../src/databaseSafety.ts";
import { openDatabase, type Sql } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";

const ROLE = "sinetti_app";

/** The access lines as this database's audit function tells them; the cluster's own file belongs to every test. */
const withLine = (type: string, method: string): string => `
  CREATE OR REPLACE FUNCTION sinetti_audit.hba_lines()
  RETURNS TABLE (line integer, type text, database text[], role text[], address text, netmask text, method text, error text)
  LANGUAGE sql STABLE SECURITY DEFINER AS $$
    SELECT 7, '${type}', array['all'], array['all'], '0.0.0.0', '0.0.0.0', '${method}', null
  $$`;

describe("a database that the gate is asked to start on", () => {
  let database: TestDatabase;
  let owner: Sql;
  let superuser: Sql;
  beforeEach(async () => {
    database = await openTestDatabase();
    owner = openDatabase(database.ownerUrl, { max: 1 });
    superuser = openDatabase(database.superUrl, { max: 1 });
    await migrate(owner);
  });
  afterEach(async () => {
    await Promise.all([owner.end(), superuser.end()]);
    await database.stop();
  });

  const findFaults = async (
    appRole = ROLE,
  ): Promise<{ code: string; object: string; mend: string }[]> => {
    try {
      await checkDatabase(owner, { appRole });
      return [];
    } catch (error) {
      if (error instanceof UnsafeDatabaseError) return [...error.faults];
      throw error;
    }
  };

  it.each([
    ["row-security-off", "ALTER TABLE files NO FORCE ROW LEVEL SECURITY", "files"],
    ["row-security-off", "ALTER TABLE log DISABLE ROW LEVEL SECURITY", "log"],
    ["row-security-off", "CREATE POLICY everybody ON shares USING (true)", "shares"],
    ["app-may-change-schema", `GRANT TRUNCATE ON log TO ${ROLE}`, `TRUNCATE ON log FROM ${ROLE}`],
    [
      "app-may-change-schema",
      `GRANT CREATE ON SCHEMA public TO ${ROLE}`,
      `CREATE ON SCHEMA public FROM ${ROLE}`,
    ],
    [
      "app-may-rewrite",
      `GRANT UPDATE (entry) ON log TO ${ROLE}`,
      `UPDATE, DELETE ON log FROM ${ROLE}`,
    ],
    [
      "app-may-rewrite",
      `GRANT DELETE ON access_links TO ${ROLE}`,
      `UPDATE, DELETE ON access_links FROM ${ROLE}`,
    ],
    ["app-role-owner", `ALTER TABLE files OWNER TO ${ROLE}`, "TABLE files"],
    ["cannot-check", "DROP FUNCTION sinetti_audit.hba_lines()", "schema sinetti_audit"],
    ["trust-line", withLine("host", "trust"), "line 7"],
    ["trust-line", withLine("local", "trust"), "line 7"],
  ])("is refused with %s after: %s", async (code, sql, object) => {
    await superuser.unsafe(sql);
    expect(await findFaults()).toContainEqual(expect.objectContaining({ code, object }));
  });

  it("is refused when a role without password could come in from outside, and not when it only could from here", async () => {
    await superuser.unsafe(
      `CREATE OR REPLACE FUNCTION sinetti_audit.roles_without_password() RETURNS TABLE (role text)
       LANGUAGE sql AS $$ SELECT 'reporting' $$`,
    );
    expect(await findFaults()).toEqual([]);
    await superuser.unsafe(withLine("host", "scram-sha-256"));
    expect(await findFaults()).toMatchObject([
      {
        code: "role-without-password",
        object: "reporting",
        mend: expect.stringContaining("PASSWORD"),
      },
    ]);
  });

  it("is refused when the application is the superuser, or the owner", async () => {
    expect(await findFaults("postgres")).toContainEqual(
      expect.objectContaining({ code: "app-role-powers", object: "postgres" }),
    );
    expect(await findFaults("sinetti_owner")).toContainEqual(
      expect.objectContaining({ code: "app-role-owner", object: "TABLE files" }),
    );
  });

  it("is refused over a network without a checked certificate", () => {
    const far = { SINETTI_DATABASE_URL: "postgres://a:b@database.example/sinetti" };
    expect(() => checkConnections(far)).toThrow(/connection-without-tls: SINETTI_DATABASE_URL/);
    checkConnections({ A: `${far.SINETTI_DATABASE_URL}?sslmode=verify-full`, B: database.appUrl });
  });

  it("is taken as the migrations leave it", async () => {
    expect(await findFaults()).toEqual([]);
  });

  it("is refused by older code, and when a migration changed under its name", async () => {
    await owner`insert into sinetti_migrations.applied values ('9999-later.sql', 'hash')`;
    await expect(migrate(owner)).rejects.toMatchObject({ code: "newer-data" });
    await owner`delete from sinetti_migrations.applied where name like '9999%'`;
    await owner`update sinetti_migrations.applied set hash = 'other'`;
    await expect(migrate(owner)).rejects.toMatchObject({ code: "changed-migration" });
  });

  it("is mended by the very functions that the launcher makes", () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
    expect(read("../src/auditFunctions.sql")).toBe(read("../../cli/src/start/auditFunctions.sql"));
  });
});

describe("the application role", () => {
  let database: TestDatabase;
  let owner: Sql;
  let app: Sql;
  beforeAll(async () => {
    database = await openTestDatabase();
    owner = openDatabase(database.ownerUrl, { max: 1 });
    app = openDatabase(database.appUrl, { max: 1 });
    await migrate(owner);
  });
  afterAll(async () => {
    await Promise.all([owner.end(), app.end()]);
    await database.stop();
  });

  it.each([
    "TRUNCATE log",
    "ALTER TABLE log DISABLE ROW LEVEL SECURITY",
    "DROP TABLE shares",
    "UPDATE log SET entry = ''",
    "DELETE FROM log",
    "UPDATE access_links SET statement = ''",
    "DELETE FROM practice_links",
    "UPDATE shares SET sealed = ''",
    "UPDATE files SET creator_device = ''",
    "SET row_security = off; SELECT * FROM files",
    "SELECT * FROM sinetti_migrations.applied",
    "SELECT * FROM sinetti_audit.hba_lines()",
  ])("cannot: %s", async (sql) => {
    await expect(app.unsafe(sql)).rejects.toMatchObject({ code: "42501" });
  });

  it("sees and writes the rows of the practice of its transaction, and no others", async () => {
    const insert = (practice: string) =>
      app.begin(async (tx) => {
        await tx`select set_config('sinetti.practice', ${practice}, true)`;
        await tx`insert into log_heads (practice, hash) values (decode(${practice}, 'hex'), '')`;
        return tx`select encode(practice, 'hex') as practice from log_heads`;
      });
    const [first, second] = ["aa".repeat(16), "bb".repeat(16)];
    expect([...(await insert(first))]).toEqual([{ practice: first }]);
    expect([...(await insert(second))]).toEqual([{ practice: second }]);
    expect([...(await app`select practice from log_heads`)]).toEqual([]);
    const foreign = app.begin(async (tx) => {
      await tx`select set_config('sinetti.practice', ${first}, true)`;
      await tx`insert into log_heads (practice, hash) values (decode(${second}, 'hex'), '')`;
    });
    await expect(foreign).rejects.toMatchObject({ code: "42501" });
  });

  it("finds every table keyed by its practice first", async () => {
    const rows = await owner<{ table: string; first: string }[]>`
      select c.relname as table, a.attname as first
      from pg_class c
        left join pg_index i on i.indrelid = c.oid and i.indisprimary
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`;
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(({ first }) => first !== "practice")).toEqual([]);
  });
});
