import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { fillPractice, runCaseload } from "../../src/synthetic/fillPractice.ts";
import { readCommitTimes } from "../../src/theft/commitTimes.ts";
import { memoryDevices } from "../memoryWorld.ts";

let system: TestSystem;
let sql: postgres.Sql;

beforeAll(async () => {
  system = await startTestSystem();
  sql = postgres({ ...databaseUrlToOptions(system.databases.what.superUrl), max: 1 });
  const openDevice = memoryDevices(system);
  await fillPractice({
    wish: {
      seed: "commits",
      patients: 6,
      meanEntries: 6,
      until: "2026-10-30",
      patientsEach: 6,
      plant: [],
    },
    endpoints: system.endpoints,
    installationCode: system.code(),
    openDevice,
    runTask: (task, hooks) => runCaseload(task, openDevice, hooks),
    workers: 1,
    onProgress: () => undefined,
    isStopped: () => false,
  });
});
afterAll(async () => {
  await sql.end();
  await system.stop();
});

it("the write-ahead log tells when each file was made, though no row does; those of one import at once", async () => {
  const [row] = await sql<{ practice: Uint8Array; folder: string }[]>`
    select practice, current_setting('data_directory') as folder from practices`;
  if (row === undefined) throw new TypeError("there is a practice");
  await sql`select pg_switch_wal()`;
  const times = await readCommitTimes(row.folder, row.practice);
  const files = await sql<{ file: string }[]>`
    select encode(file, 'hex') as file from files where compartment = 'care'`;
  expect(files).toHaveLength(6);
  const made = new Set(files.map(({ file }) => times.get(file)));
  expect([...made]).toEqual([expect.any(Number)]);
});
