import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { openTestDatabase, type TestDatabase } from "../../../../tools/testDatabase.ts";
import { databaseBytes } from "../../src/measure/sizes.ts";

let database: TestDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = postgres({ ...databaseUrlToOptions(database.superUrl), max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await sql.end();
  await database.stop();
});

it("is larger by what was written, with what was put aside and the index", async () => {
  const before = await databaseBytes(sql);
  await sql`create table boxes (id bigint primary key, box bytea)`;
  await sql`alter table boxes alter column box set storage external`;
  await sql`
    insert into boxes select n, convert_to(repeat('x', 5000), 'utf8') from generate_series(1, 400) n`;
  const added = (await databaseBytes(sql)) - before;
  expect(added).toBeGreaterThan(2_000_000);
  expect(added).toBeLessThan(4_000_000);
});
