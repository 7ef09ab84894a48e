import { createHmac, randomBytes } from "node:crypto";

import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import type { Change, Client, Storage, World } from "@sinetti/client";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { openTestDatabase, type TestDatabase } from "../../../../tools/testDatabase.ts";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { compareAppends } from "../../src/bench/appendWork.ts";
import { foundPractice } from "../../src/bench/benchPractice.ts";
import { compareCharts } from "../../src/bench/chartWork.ts";
import { compareCsvImport } from "../../src/bench/csvWork.ts";
import { compareImport, rememberTraffic, type Traffic } from "../../src/bench/importWork.ts";
import { createPlainTables } from "../../src/bench/plainTables.ts";
import { compareRelease } from "../../src/bench/releaseWork.ts";
import { sampleBundles } from "../../src/bench/sampleBundle.ts";

function memoryStorage(): Storage {
  const cells = new Map<string, Uint8Array>();
  return {
    get: (name) => Promise.resolve(cells.get(name) ?? null),
    list: (prefix) =>
      Promise.resolve([...cells.keys()].filter((name) => name.startsWith(prefix)).sort()),
    write: (changes: readonly Change[]) => {
      for (const { name, value } of changes) {
        if (value === null) cells.delete(name);
        else cells.set(name, value);
      }
      return Promise.resolve();
    },
  };
}

const open = (url: string): postgres.Sql =>
  postgres({ ...databaseUrlToOptions(url), max: 4, onnotice: () => undefined });

let system: TestSystem;
let database: TestDatabase;
let plain: postgres.Sql;
let vaults: postgres.Sql[];
let client: Client;
let traffic: Traffic;

beforeAll(async () => {
  system = await startTestSystem();
  database = await openTestDatabase();
  plain = open(database.ownerUrl);
  vaults = [open(system.databases.who.superUrl), open(system.databases.what.superUrl)];
  const factor = randomBytes(32);
  const world: World = {
    clock: system.clock,
    fetch: system.fetch,
    storage: memoryStorage(),
    deviceFactor: (salt) =>
      Promise.resolve(new Uint8Array(createHmac("sha256", factor).update(salt).digest())),
  };
  const remembered = rememberTraffic(world);
  ({ traffic } = remembered);
  const { endpoints } = system;
  client = await foundPractice(remembered.world, { endpoints, installationCode: system.code() });
  await createPlainTables(plain);
});
afterAll(async () => {
  await Promise.all([plain, ...vaults].map((sql) => sql.end()));
  await database.stop();
  await system.stop();
});

interface Kept {
  readonly links: number;
  readonly entries: number;
  readonly bytes: number;
}

async function countKept(sql: postgres.Sql): Promise<Kept> {
  const [row] = await sql<Kept[]>`
    select (select count(*)::int from record_links) as links, count(*)::int as entries,
      coalesce(sum(octet_length(box)), 0)::int as bytes from entries`;
  if (row === undefined) throw new TypeError("no row");
  return row;
}

async function countAll(sqls: readonly postgres.Sql[]): Promise<Kept> {
  const each = await Promise.all(sqls.map(countKept));
  const sum = (of: (kept: Kept) => number): number => each.reduce((all, kept) => all + of(kept), 0);
  return {
    links: sum(({ links }) => links),
    entries: sum(({ entries }) => entries),
    bytes: sum(({ bytes }) => bytes),
  };
}

let before: { ours: Kept; plain: Kept };
beforeEach(async () => {
  before = { ours: await countAll(vaults), plain: await countKept(plain) };
});

/** What both sides have written since the test began. */
async function written(): Promise<{ ours: Kept; plain: Kept }> {
  const now = { ours: await countAll(vaults), plain: await countKept(plain) };
  const since = (side: "ours" | "plain"): Kept => ({
    links: now[side].links - before[side].links,
    entries: now[side].entries - before[side].entries,
    bytes: now[side].bytes - before[side].bytes,
  });
  return { ours: since("ours"), plain: since("plain") };
}

it("writes as many notes plainly as sealed, of the same size", async () => {
  const row = await compareAppends(
    { client, plain },
    { inFlight: 2, notes: 4, runs: 1, aim: null },
  );
  expect(row.ours).toBeGreaterThan(0);
  const { ours, plain: other } = await written();
  // One sealed note more: the one that tells the size.
  expect(other).toEqual({ links: 8, entries: 8, bytes: 8 * (ours.bytes / ours.entries) });
  expect(ours.entries).toBe(9);
});

it("reads the same sixty entries in each way of opening", async () => {
  const rows = await compareCharts({ client, plain, endpoints: system.endpoints }, 1);
  expect(rows).toHaveLength(3);
  for (const { ours, limit } of rows) expect(Math.min(ours, limit)).toBeGreaterThan(0);
  const { ours, plain: other } = await written();
  expect(ours).toEqual(other);
  expect(ours.entries).toBe(60);
});

it("imports as many entries as it inserts plainly, in the same appends", async () => {
  traffic.length = 0;
  const row = await compareImport(
    { client, plain, traffic },
    { bundles: sampleBundles(2), runs: 1 },
  );
  expect(row.ours).toBeGreaterThan(0);
  const { ours, plain: other } = await written();
  expect(ours).toEqual(other);
  expect(ours.entries).toBeGreaterThan(120);
});

it("imports as many rows of CSV files as it inserts plainly, in the same appends", async () => {
  traffic.length = 0;
  const row = await compareCsvImport(
    { client, plain, traffic },
    { patients: 3, notes: 12, runs: 1 },
  );
  expect(row.ours).toBeGreaterThan(0);
  const { ours, plain: other } = await written();
  expect(ours).toEqual(other);
  expect(ours.entries).toBeGreaterThan(24);
});

it("releases and logs each of sixty files on both sides", async () => {
  const gate = open(system.databases.gate.superUrl);
  const count = async (sql: postgres.Sql): Promise<number> => {
    const [row] = await sql<{ count: number }[]>`select count(*)::int as count from log_items`;
    return row?.count ?? 0;
  };
  const start = await count(gate);
  await compareRelease({ client, plain }, 1);
  expect((await count(gate)) - start).toBe(11 * 60);
  expect(await count(plain)).toBe(11 * 60);
  await gate.end();
});
