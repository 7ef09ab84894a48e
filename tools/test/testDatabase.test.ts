import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { databaseUrlToOptions } from "../../packages/cli/src/start/databaseUrl.ts";
import { openTestDatabase } from "../testDatabase.ts";
import type { TestDatabase } from "../testDatabase.ts";

const connect = (url: string): postgres.Sql => postgres({ ...databaseUrlToOptions(url), max: 1 });

describe("a test database", () => {
  let database: TestDatabase;
  let owner: postgres.Sql;
  let app: postgres.Sql;

  beforeAll(async () => {
    database = await openTestDatabase();
    owner = connect(database.ownerUrl);
    app = connect(database.appUrl);
    await owner`create table sealed (practice int primary key)`;
  });

  afterAll(async () => {
    await Promise.all([owner.end(), app.end()]);
    await database.stop();
  });

  it.each([
    ["create a table", "create table mine (id int)"],
    ["create a temporary table", "create temporary table mine (id int)"],
    ["create a schema", "create schema mine"],
    ["read what was not granted", "select * from sealed"],
    ["truncate", "truncate sealed"],
    ["alter", "alter table sealed add column spare int"],
    ["become the owner", "set role sinetti_owner"],
  ])("does not let the application role %s", async (_act, statement) => {
    await expect(app.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
  });

  it("lets the application role do what the owner grants", async () => {
    await owner`grant select, insert on sealed to sinetti_app`;
    await app`insert into sealed values (1)`;
    expect([...(await app`select practice from sealed`)]).toEqual([{ practice: 1 }]);
  });

  it("keeps both roles without any power over the cluster", async () => {
    const roles = await owner`
      select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as powerful
      from pg_roles where rolname like 'sinetti%' order by rolname`;
    expect([...roles]).toEqual([
      { rolname: "sinetti_app", powerful: false },
      { rolname: "sinetti_owner", powerful: false },
    ]);
  });

  it("refuses a wrong password", async () => {
    const stranger = postgres({
      ...databaseUrlToOptions(database.appUrl),
      password: "guess",
      max: 1,
    });
    await expect(stranger`select 1`).rejects.toMatchObject({ code: "28P01" });
    await stranger.end();
  });
});
