import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { finishDevice } from "@sinetti/client";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { openTestDatabase, type TestDatabase } from "../../../../tools/testDatabase.ts";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { INVENTED_PASSWORD } from "../../src/synthetic/admitStaff.ts";
import { inventStaff, type PracticeWish } from "../../src/synthetic/caseload.ts";
import { fillPractice, runCaseload, type Filled } from "../../src/synthetic/fillPractice.ts";
import { readImportKey } from "../../src/synthetic/writeCaseload.ts";
import { runControl } from "../../src/theft/control.ts";
import { SERVICES, dumpDatabase, type ServiceName } from "../../src/theft/dump.ts";
import { ownNeedles } from "../../src/theft/needles.ts";
import { readPlantsBack } from "../../src/theft/readBack.ts";
import { Search } from "../../src/theft/search.ts";
import { memoryDevices } from "../memoryWorld.ts";

const WISH: PracticeWish = {
  seed: "theft",
  patients: 8,
  meanEntries: 10,
  until: "2026-10-30",
  patientsEach: 4,
  plant: [
    "Kyyhkynen Quarrington",
    'Zettergren "the \\ second"',
    "010190-999Å ei kenenkään",
    "x".repeat(600),
    "brief",
  ],
};

let system: TestSystem;
let filled: Filled;
let scratch: TestDatabase[];
const { caseloads } = inventStaff(WISH);
const opened: postgres.Sql[] = [];

function open(url: string): postgres.Sql {
  const sql = postgres({ ...databaseUrlToOptions(url), max: 2, onnotice: () => undefined });
  opened.push(sql);
  return sql;
}

let openDevice: ReturnType<typeof memoryDevices>;

beforeAll(async () => {
  system = await startTestSystem();
  scratch = [await openTestDatabase(), await openTestDatabase()];
  openDevice = memoryDevices(system);
  filled = await fillPractice({
    wish: WISH,
    endpoints: system.endpoints,
    installationCode: system.code(),
    openDevice,
    runTask: (task, hooks) => runCaseload(task, openDevice, hooks),
    workers: 2,
    onProgress: () => undefined,
    isStopped: () => false,
  });
});
afterAll(async () => {
  await Promise.all(opened.map((sql) => sql.end()));
  await Promise.all(scratch.map((database) => database.stop()));
  await system.stop();
});

describe("the dump of a filled practice", () => {
  it("shows no string that was planted, and no name, code or sentence of its people", async () => {
    const search = new Search([...WISH.plant, ...ownNeedles(WISH)]);
    for (const service of SERVICES)
      await dumpDatabase(open(system.databases[service].superUrl), search, { service });
    expect(search.searchedBytes).toBeGreaterThan(100_000);
    expect(search.hits).toEqual([]);
  });

  it("has nothing in any column but what is declared for it", async () => {
    const search = new Search([]);
    const findings = [];
    for (const service of SERVICES)
      findings.push(
        ...(await dumpDatabase(open(system.databases[service].superUrl), search, { service }))
          .findings,
      );
    expect(findings).toEqual([]);
  });

  it("leaves with the staff what was planted, in every place", async () => {
    const read = await readPlantsBack(
      { wish: WISH, caseloads, endpoints: system.endpoints },
      openDevice,
    );
    expect(read.places).toBeGreaterThan(100);
    expect(read.missing).toEqual([]);
  });
});

describe("the same practice unsealed", () => {
  it("is found to the last place", async () => {
    const { world } = openDevice("founder");
    const founder = await finishDevice(world, {
      password: INVENTED_PASSWORD,
      endpoints: system.endpoints,
    });
    const importKey = await readImportKey(founder);
    const [who, what] = scratch.map(({ superUrl }) => open(superUrl));
    if (who === undefined || what === undefined) throw new TypeError("no scratch databases");
    const needles = [...WISH.plant, ...ownNeedles(WISH)];
    const source = { wish: WISH, caseloads, authors: filled.authors, importKey, also: [] };
    const control = await runControl(source, needles, {
      databases: { who, what },
      searchFiles: () => Promise.resolve(),
      databaseCpuSeconds: () => 0,
    });
    expect(control.places).toBeGreaterThan(100);
    expect(control.missed).toEqual([]);
    const stored = await who`select octet_length(box) as bytes from entries`;
    expect(stored.length).toBeGreaterThan(20);
    expect(control.plain.rows).toBeGreaterThan(stored.length);
    expect(control.plain.bytes).toBeGreaterThan(
      stored.reduce((sum, row) => sum + Number(row["bytes"]), 0),
    );
    expect(control.plain.seconds).toBeGreaterThan(0);
    expect(control.plain.cpuSeconds).toBeGreaterThan(0);
  });
});

describe("a column", () => {
  async function findingsOf(service: ServiceName, ...statements: string[]): Promise<string[]> {
    const database = await openTestDatabase();
    const sql = open(database.superUrl);
    for (const statement of statements) await sql.unsafe(statement);
    const { findings } = await dumpDatabase(sql, new Search([]), { service });
    await sql.end();
    await database.stop();
    return findings.map(({ column, why }) => `${column} ${why}`);
  }

  it("that nobody declared is a finding", async () => {
    expect(await findingsOf("who", "create table entries (practice bytea, note text)")).toEqual([
      "who.entries.note undeclared",
    ]);
  });

  it("of sealed bytes that are not even is a finding", async () => {
    const found = await findingsOf(
      "what",
      "create table entries (box bytea)",
      "insert into entries select convert_to(repeat('a sentence that nobody sealed ' || n, 30), 'utf8') from generate_series(1, 50) n",
    );
    expect(found).toEqual(["what.entries.box uneven-bytes"]);
  });

  it("of a vault that tells a time is a finding, by its type or by its numbers; at the gate it is not", async () => {
    const numbers = "insert into files (created_at) values (extract(epoch from now())::bigint)";
    expect(
      await findingsOf(
        "who",
        "create table files (file timestamptz, record_seq bigint)",
        "insert into files (record_seq) values (extract(epoch from now())::bigint * 1000)",
      ),
    ).toEqual(["who.files.file time", "who.files.record_seq time"]);
    expect(await findingsOf("gate", "create table files (created_at bigint)", numbers)).toEqual([]);
  });

  it("of codes that holds words of somebody's own is a finding, as a row or inside a statement", async () => {
    const text = Buffer.from("she rang at noon", "utf8");
    const statement = Buffer.concat([Uint8Array.of(0xa1, 0x61, 0x78, 0x70), text]);
    const found = await findingsOf(
      "gate",
      "create table log (kind text, entry bytea)",
      "insert into log (kind) values ('she rang at noon')",
      `insert into log (entry) values ('\\x${statement.toString("hex")}')`,
    );
    expect(found).toEqual(["gate.log.kind not-a-code", "gate.log.entry not-a-code"]);
  });

  it("of states may name hundreds of members, and may not hold hundreds of words", async () => {
    const found = async (text: (index: number) => string): Promise<string[]> => {
      const texts = Array.from({ length: 500 }, (_, index) => Buffer.from(text(index), "ascii"));
      const items = texts.map((each) =>
        Buffer.concat([Uint8Array.of(0x78, each.length), each]).toString("hex"),
      );
      const state = `9901f4${items.join("")}`;
      return findingsOf(
        "gate",
        "create table practices (state bytea)",
        `insert into practices (state) values ('\\x${state}')`,
      );
    };
    expect(await found((index) => index.toString(16).padStart(32, "a"))).toEqual([]);
    expect(await found((index) => `word-number-${index}-of-a-diary`)).toEqual([
      "gate.practices.state not-a-code",
    ]);
  });

  it("of statements that holds something else is a finding", async () => {
    const found = await findingsOf(
      "gate",
      "create table log (entry bytea)",
      "insert into log (entry) values ('she rang at noon')",
    );
    expect(found).toEqual(["gate.log.entry no-statement"]);
  });
});
