import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { openTestDatabase, type TestDatabase } from "../../../../tools/testDatabase.ts";
import { measureGateJoins } from "../../src/theft/gateJoins.ts";

let database: TestDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = postgres({ ...databaseUrlToOptions(database.superUrl), max: 1, onnotice: () => undefined });
  await sql`
    create table files (file bytea, class text, creator_device bytea, created_at bigint, case_id bytea)`;
  await sql`
    create table log_items (file bytea, member bytea, idx bigint, position int, outcome text, class text)`;
});
afterAll(async () => {
  await sql.end();
  await database.stop();
});

const [AINO, EERO] = ["aa", "ee"];
const careOf = new Map([
  ["01", "c1"],
  ["02", "c2"],
  ["03", "c3"],
]);

async function log(
  ...openings: readonly (readonly [member: string, file: string])[]
): Promise<void> {
  await sql`truncate log_items`;
  for (const [idx, [member, file]] of openings.entries())
    await sql`
      insert into log_items (file, member, idx, position, outcome, class)
      values (${Buffer.from(file, "hex")}, ${Buffer.from(member, "hex")}, ${idx}, 0, 'released', 'care')`;
}

const opened = async (): Promise<number | null> => (await measureGateJoins(sql, careOf)).opened;

it("takes the care file that the same member opened next, whatever others open meanwhile", async () => {
  await log([AINO, "01"], [EERO, "02"], [EERO, "c2"], [AINO, "c1"]);
  expect(await opened()).toBe(1);
});

it("is wrong where a member opens another patient's notes first, and where none follow", async () => {
  await log([AINO, "01"], [AINO, "c3"], [AINO, "c1"], [AINO, "02"], [AINO, "c2"], [AINO, "03"]);
  expect(await opened()).toBeCloseTo(1 / 3);
});

it("is nothing where nothing was opened", async () => {
  await log();
  expect(await opened()).toBeNull();
});
