import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { openTestDatabase, type TestDatabase } from "../../../../tools/testDatabase.ts";
import { Search } from "../../src/theft/search.ts";
import { searchRelation, searchWal } from "../../src/theft/searchCluster.ts";

let database: TestDatabase;
let sql: postgres.Sql;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  sql = postgres({ ...databaseUrlToOptions(database.superUrl), max: 1, onnotice: () => undefined });
  const [row] = await sql<{ data_directory: string }[]>`show data_directory`;
  folder = row?.data_directory ?? "";
});
afterAll(async () => {
  await sql.end();
  await database.stop();
});

/** A string that only this test has, in a text that compresses; so long that it is cut into pieces when `isLong`. */
function plantedText(needle: string, isLong: boolean): string {
  const filler = Array.from({ length: isLong ? 400 : 2 }, () => randomBytes(24).toString("hex"));
  return `${filler.join(" and then again ")} ${needle} ${"it goes on and on. ".repeat(150)}`;
}

async function filesOf(table: string): Promise<string[]> {
  const [row] = await sql<{ heap: string; toast: string }[]>`
    select pg_relation_filepath(oid) as heap, pg_relation_filepath(reltoastrelid) as toast
    from pg_class where relname = ${table}`;
  return [row?.heap ?? "", row?.toast ?? ""].map((path) => join(folder, path));
}

/** What this PostgreSQL was built with, of the values of a setting. */
async function supported(setting: string): Promise<string[]> {
  const [row] = await sql<{ values: string[] }[]>`
    select enumvals as values from pg_settings where name = ${setting}`;
  return row?.values ?? [];
}

describe("a text that PostgreSQL compressed", () => {
  for (const isLong of [false, true])
    it(`is found in the table's files, ${isLong ? "in pieces" : "in its row"}`, async () => {
      for (const method of await supported("default_toast_compression")) {
        const table = `packed_${method}_${isLong ? "long" : "short"}`;
        // With copies of what came before inside, so that it lies nowhere as it is.
        const needle = `Varpu Vehmas ${randomBytes(4).toString("hex")} Varpu Vehmas Varpu Vehmas`;
        await sql.unsafe(`create table ${table} (text text compression ${method})`);
        await sql.unsafe(`insert into ${table} values ($1)`, [plantedText(needle, isLong)]);
        const [kept] = await sql.unsafe(
          `select pg_column_compression(text) as method from ${table}`,
        );
        expect(kept?.["method"]).toBe(method);
        await sql`checkpoint`;
        const search = new Search([needle]);
        for (const path of await filesOf(table)) await searchRelation(search, path, path);
        const through = search.hits.map(({ source }) => source.replace(/^[^!]*/, ""));
        expect(through).toEqual([expect.stringContaining(method)]);
      }
    });
});

describe("the write-ahead log", () => {
  let first: string;
  beforeAll(async () => {
    const [row] = await sql<{ name: string }[]>`
      select pg_walfile_name(pg_switch_wal()) as name`;
    first = row?.name ?? "";
    // A checkpoint takes segments away that no slot holds.
    await sql`select pg_create_physical_replication_slot('theft_log', true)`;
  });
  afterAll(async () => {
    await sql`select pg_drop_replication_slot('theft_log')`;
  });
  const walFiles = (): string[] => {
    const wal = join(folder, "pg_wal");
    const names = readdirSync(wal).filter((name) => /^[0-9A-F]{24}$/.test(name));
    return names.filter((name) => name > first).map((name) => join(wal, name));
  };
  async function searchLog(needle: string): Promise<Search> {
    await sql`select pg_switch_wal()`;
    const search = new Search([needle]);
    for (const path of walFiles()) await searchWal(search, path, "wal");
    return search;
  }

  it("shows a string in the image of a page, however it is compressed", async () => {
    for (const method of ["off", "pglz", "lz4", "zstd"]) {
      if (method !== "off" && !(await supported("wal_compression")).includes(method)) continue;
      const needle = `Image ${method} ${randomBytes(6).toString("hex")}`;
      const table = `image_${method}`;
      await sql.unsafe(`set wal_compression = ${method}`);
      await sql.unsafe(`create table ${table} (text text)`);
      // Unlogged until now: the index alone comes into the log, page by page.
      await sql.unsafe(`insert into ${table} select $1 || n from generate_series(1, 50) n`, [
        needle,
      ]);
      await sql.unsafe(`create index on ${table} (text)`);
      const { hits } = await searchLog(needle);
      const where = method === "off" ? "wal" : "wal!page";
      expect(hits.some(({ source }) => source.startsWith(where))).toBe(true);
    }
  });

  it("shows a compressed text in pieces", async () => {
    const needle = `Logged ${randomBytes(6).toString("hex")}`;
    await sql`create table logged (text text compression pglz)`;
    await sql`insert into logged values (${plantedText(needle, true)})`;
    const { hits } = await searchLog(needle);
    expect(hits.some(({ source }) => source.includes("!toast") && source.endsWith("!pglz"))).toBe(
      true,
    );
  });
});
