import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openTestDatabase, type TestDatabase } from "../../../tools/testDatabase.ts";
import { openSql } from "../src/app.ts";
import { UnsafeDatabaseError } from "../src/databaseFault.ts";
import { checkDatabase, findConnectionFaults } from "../src/databaseSafety.ts";
import { migrate, readMigrations } from "../src/migrate.ts";

let database: TestDatabase;
let owner: postgres.Sql;
let app: postgres.Sql;
let admin: postgres.Sql;

beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
  app = openSql(database.appUrl, { max: 1 });
  admin = openSql(database.superUrl, { max: 1 });
  await migrate(owner);
});
afterAll(async () => {
  await Promise.all([owner.end(), app.end(), admin.end()]);
  await database.stop();
});

async function tables(): Promise<string[]> {
  const rows = await owner`select tablename from pg_tables where schemaname = 'public' order by 1`;
  return rows.map((row) => String(row.tablename));
}

const refusalOf = async (query: Promise<unknown>): Promise<string> => {
  try {
    await query;
    return "done";
  } catch (error) {
    return error instanceof postgres.PostgresError ? error.code : "?";
  }
};
const DENIED = "42501";

describe("the application role", () => {
  test("cannot alter, drop, truncate or unlock any table", async () => {
    for (const table of await tables())
      for (const sql of [
        `truncate ${table}`,
        `alter table ${table} disable row level security`,
        `alter table ${table} no force row level security`,
        `drop policy own_practice on ${table}`,
        `drop table ${table}`,
      ])
        expect([table, await refusalOf(app.unsafe(sql))]).toEqual([table, DENIED]);
    expect(await refusalOf(app.unsafe("create table public.mine (a int)"))).toBe(DENIED);
    expect(await refusalOf(app.unsafe("set role sinetti_owner"))).toBe(DENIED);
  });

  test("cannot rewrite what only grows", async () => {
    for (const table of ["practice_links", "access_links", "record_links", "acceptances"]) {
      expect(await refusalOf(app.unsafe(`delete from ${table}`))).toBe(DENIED);
      expect(await refusalOf(app.unsafe(`update ${table} set hash = hash`))).toBe(DENIED);
    }
    expect(await refusalOf(app.unsafe("update entries set box = box"))).toBe(DENIED);
    expect(await refusalOf(app.unsafe("delete from files"))).toBe(DENIED);
    expect(await refusalOf(app.unsafe("select * from sinetti.migrations"))).toBe(DENIED);
  });

  test("sees and writes the rows of the practice that was named, and of no other", async () => {
    const [mine, theirs] = [randomBytes(16), randomBytes(16)];
    const put = (as: Buffer, practice: Buffer): Promise<string> =>
      refusalOf(
        app.begin(async (tx) => {
          await tx`select set_config('sinetti.practice', ${as.toString("hex")}, true)`;
          await tx`insert into kits (practice, member, blob) values (${practice}, ${randomBytes(16)}, ${Buffer.of(1)})`;
        }),
      );
    expect(await put(mine, theirs)).toBe(DENIED);
    expect(await put(mine, mine)).toBe("done");
    expect(await app`select 1 from kits`).toHaveLength(0);
    const seen = await app.begin(async (tx) => {
      await tx`select set_config('sinetti.practice', ${theirs.toString("hex")}, true)`;
      return tx`select 1 from kits`;
    });
    expect(seen).toHaveLength(0);
  });
});

describe("the tables", () => {
  test("begin their keys with the practice, and force row security", async () => {
    const keys = await owner<{ name: string; first: string; forced: boolean }[]>`
      select c.relname as name, a.attname as first, c.relrowsecurity and c.relforcerowsecurity as forced
      from pg_class c
      left join pg_index i on i.indrelid = c.oid and i.indisprimary
      left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`;
    expect(keys.map(({ name }) => name)).toEqual(await tables());
    expect(keys.filter(({ first, forced }) => first !== "practice" || !forced)).toEqual([]);
  });

  test("have no clock", async () => {
    const clocks = await owner`
      select table_name, column_name from information_schema.columns
      where table_schema = 'public' and data_type ~ '^(time|date|interval)'`;
    expect([...clocks]).toEqual([]);
  });
});

describe("migrations", () => {
  test("run once, and refuse data that is newer than the code or a changed past", async () => {
    await migrate(owner);
    await expect(migrate(owner, [])).rejects.toMatchObject({ code: "newer-data" });
    const changed = readMigrations().map((each) => ({ ...each, hash: "0" }));
    await expect(migrate(owner, changed)).rejects.toMatchObject({ code: "changed-migration" });
  });
});

async function faults(appRole = "sinetti_app"): Promise<string[]> {
  try {
    await checkDatabase(owner, { appRole });
    return [];
  } catch (error) {
    if (!(error instanceof UnsafeDatabaseError)) throw error;
    return error.faults.map(({ code, object }) => `${code} ${object}`);
  }
}

/** What is wrong while `make` holds; `mend` takes it back. */
async function faultsWhile(make: string, mend: string, appRole?: string): Promise<string[]> {
  await admin.unsafe(make);
  try {
    return await faults(appRole);
  } finally {
    await admin.unsafe(mend);
  }
}

describe("the check before the start", () => {
  test("passes what the launcher makes", async () => {
    expect(await faults()).toEqual([]);
  });

  const role = `strong_${randomBytes(4).toString("hex")}`;
  const cases: [string, string, string, string[], string?][] = [
    [
      "a superuser",
      `create role ${role} superuser`,
      `drop role ${role}`,
      [`app-role-powers ${role}`],
      role,
    ],
    [
      "a role past row security",
      `create role ${role} bypassrls`,
      `drop role ${role}`,
      [`app-role-powers ${role}`],
      role,
    ],
    [
      "a role that makes roles",
      `create role ${role} createrole`,
      `drop role ${role}`,
      [`app-role-powers ${role}`],
      role,
    ],
    [
      "a member of the owner",
      `create role ${role} noinherit in role sinetti_owner`,
      `drop role ${role}`,
      [`app-role-member sinetti_owner FROM ${role}`],
      role,
    ],
    [
      "an owner of a table",
      "alter table drafts owner to sinetti_app",
      "alter table drafts owner to sinetti_owner",
      ["app-role-owner TABLE public.drafts"],
    ],
    [
      "a right to truncate",
      "grant truncate on entries to sinetti_app",
      "revoke truncate on entries from sinetti_app",
      ["app-may-change-schema TRUNCATE ON entries FROM sinetti_app"],
    ],
    [
      "a right to make tables",
      "grant create on schema public to sinetti_app",
      "revoke create on schema public from sinetti_app",
      ["app-may-change-schema CREATE ON SCHEMA public FROM sinetti_app"],
    ],
    [
      "a right to rewrite a chain",
      "grant update on record_links to sinetti_app",
      "revoke update on record_links from sinetti_app",
      ["app-may-rewrite UPDATE, DELETE ON record_links FROM sinetti_app"],
    ],
    [
      "row security that its owner passes",
      "alter table entries no force row level security",
      "alter table entries force row level security",
      ["row-security-off entries"],
    ],
    [
      "a line that trusts",
      lines("(1, 'local', '{all}', '{all}', null, null, 'trust', null)"),
      readAudit(),
      ["trust-line line 1"],
    ],
    [
      "a role without password that the network reaches",
      `create role ${role} login; ${lines("(1, 'hostssl', '{all}', '{all}', '10.0.0.0', null, 'cert', null)")}`,
      `${readAudit()}; drop role ${role}`,
      [`role-without-password ${role}`],
    ],
    [
      "access lines that nobody can read",
      "alter schema sinetti_audit rename to hidden_audit",
      "alter schema hidden_audit rename to sinetti_audit",
      ["cannot-check sinetti_audit"],
    ],
  ];

  test.each(cases)("refuses %s", async (_, make, mend, expected, appRole) => {
    expect(
      (await faultsWhile(make, mend, appRole)).filter(
        (fault) => !fault.startsWith("app-role-owner DATABASE"),
      ),
    ).toEqual(expect.arrayContaining(expected));
    expect(await faults()).toEqual([]);
  });

  test("refuses a connection that leaves the machine unprotected", () => {
    const codes = (url: string): string[] =>
      findConnectionFaults({ URL: url }).map(({ code }) => code);
    expect(codes("postgres://a:b@db.example/c")).toEqual(["connection-without-tls"]);
    expect(codes("postgres://a:b@db.example/c?sslmode=require")).toEqual([
      "connection-without-tls",
    ]);
    expect(codes("postgres://a:b@db.example/c?sslmode=verify-full")).toEqual([]);
    expect(codes("postgres://a:b@127.0.0.1/c")).toEqual([]);
    expect(codes("postgres://a:b@localhost/c?host=%2Frun")).toEqual([]);
  });

  test("prints the very text by which the launcher makes the audit functions", () => {
    const text = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
    expect(text("../src/auditFunctions.sql")).toBe(text("../../cli/src/start/auditFunctions.sql"));
  });
});

function readAudit(): string {
  return readFileSync(new URL("../src/auditFunctions.sql", import.meta.url), "utf8");
}

/** The audit function as it would be on a cluster with this access line. */
function lines(line: string): string {
  return `create or replace function sinetti_audit.hba_lines()
    returns table (line integer, type text, database text[], role text[], address text, netmask text, method text, error text)
    language sql stable security definer as $$ values ${line.replaceAll("null", "null::text").replace(/'(\{[^}]*\})'/g, "'$1'::text[]")} $$`;
}
