import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bytesToHex, weekOf } from "@sinetti/core";
import { signDocument } from "@sinetti/core/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestPractice, loadSuite, type TestMember } from "../../../../tools/testPractice.ts";
import { ensureSafeToStart } from "../../src/posture/ensureSafeToStart.ts";
import { READER } from "../../src/posture/provisionReader.ts";
import { exceptionBytes, writeExceptions } from "../../src/posture/signedExceptions.ts";
import { SAFE, openOwnDatabase, type OwnDatabase } from "./ownDatabase.ts";

const folder = mkdtempSync(join(tmpdir(), "sinetti-safe-"));
const exceptionsFile = join(folder, "exceptions.json");

let database: OwnDatabase;
const logged: string[] = [];

const start = () =>
  ensureSafeToStart({
    targets: [database.target],
    exceptionsFile,
    now: new Date(),
    onLog: (line) => logged.push(line),
  });
/** What the start says when it refuses; empty where it does not. */
const refusal = async (): Promise<string> =>
  start().then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : "not an error"),
  );
const letIn = (lines: string): Promise<void> => database.letIn(lines);
const run = (statements: string): Promise<unknown> => database.sql().unsafe(statements);

beforeAll(async () => {
  await loadSuite();
  database = await openOwnDatabase();
});
afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true });
});

test("services start on a database that is as it should be", async () => {
  expect(await refusal()).toBe("");
});

/** Each is planted, found and named, and its mend is said; then it is taken away, and services start. */
const FAULTS: readonly {
  readonly name: string;
  readonly id: string;
  readonly object: string;
  readonly mend: string;
  plant(): Promise<unknown>;
  mended(): Promise<unknown>;
}[] = [
  {
    name: "a port that is open to the world without TLS",
    id: "N1",
    object: "listen_addresses *",
    mend: "ALTER SYSTEM SET listen_addresses = 'localhost'",
    plant: async () => {
      await run("alter system set listen_addresses = '*'");
      await database.restart();
    },
    mended: async () => {
      await run("alter system reset listen_addresses");
      await database.restart();
    },
  },
  {
    name: "a line that trusts beyond the local socket",
    id: "N2",
    object: "pg_hba: host sinetti sinetti_app 10.9.8.7/32 trust",
    mend: "replace line 2 by: hostssl sinetti sinetti_app 10.9.8.7/32 scram-sha-256",
    plant: () => letIn(`${SAFE}host sinetti sinetti_app 10.9.8.7/32 trust\n`),
    mended: () => letIn(SAFE),
  },
  {
    name: "a role without a password that can be reached",
    id: "R1",
    object: "ghost",
    mend: 'ALTER ROLE "ghost" NOLOGIN',
    plant: async () => {
      await run("create role ghost login");
      await letIn(`${SAFE}host all ghost 10.9.8.7/32 trust\n`);
    },
    mended: async () => {
      await letIn(SAFE);
      await run("drop role ghost");
    },
  },
  {
    name: "a superuser as the application's role",
    id: "R4",
    object: "sinetti_app",
    mend: 'ALTER ROLE "sinetti_app" NOSUPERUSER',
    plant: () => run("alter role sinetti_app superuser"),
    mended: () => run("alter role sinetti_app nosuperuser"),
  },
  {
    name: "an application's role that can become a superuser",
    id: "R8",
    object: "sinetti_app as boss",
    mend: 'REVOKE "boss" FROM "sinetti_app"',
    plant: () => run("create role boss superuser; grant boss to sinetti_app"),
    mended: () => run("drop role boss"),
  },
  {
    name: "plain text in a column of ciphertext",
    id: "E1",
    object: "public.entries.box",
    mend: "Stop what writes public.entries.box, seal the values",
    plant: () =>
      run(
        "insert into public.entries values ('', convert_to('Potilas kertoi nukkuneensa huonosti', 'UTF8'))",
      ),
    mended: () => run("delete from public.entries where octet_length(box) < 64"),
  },
  {
    name: "a database in which nobody may look",
    id: "unseen",
    object: "pg_authid",
    mend: "posture.password_methods()",
    plant: () => run(`revoke execute on function posture.password_methods() from ${READER}`),
    mended: () => run(`grant execute on function posture.password_methods() to ${READER}`),
  },
];

describe("no service starts on", () => {
  test.each(FAULTS)("$name, which is named with its mend", async (fault) => {
    await fault.plant();
    await expect(start()).rejects.toMatchObject({ code: "database-unsafe" });
    const said = await refusal();
    await fault.mended();
    expect(said).toContain(`who: ${fault.id} ${fault.object}`);
    expect(said).toContain(fault.mend);
    expect(said).not.toContain("nukkuneensa");
    expect(await refusal()).toBe("");
  });

  test("a name that steers a terminal, without letting it: it begins no line of its own", async () => {
    const role = '"gh\u001b[2J\nwho: all is well"';
    await run(`create role ${role} login`);
    await letIn(`${SAFE}host all all 10.9.8.7/32 trust\n`);
    const said = await refusal();
    await letIn(SAFE);
    await run(`drop role ${role}`);
    expect(said).toContain("who: R1 gh");
    expect(said).not.toContain("\u001b");
    expect(said.split("\n").filter((line) => line.startsWith("who: all is well"))).toEqual([]);
  });
});

describe("a critical fault", () => {
  const practice = (): { made: TestPractice; privacy: TestMember } => {
    const made = new TestPractice({
      founderRoles: ["admin"],
      week: weekOf(Date.now() / 1000) - 60,
    });
    return { made, privacy: made.add(["privacy"]) };
  };
  const keep = async ({ id, links }: TestPractice): Promise<void> => {
    await run(
      "create table if not exists public.practice_links (practice bytea, seq bigint, statement bytea, acceptance bytea)",
    );
    for (const [seq, { statement, acceptance }] of links.entries())
      await database.sql()`insert into public.practice_links values
        (${Buffer.from(id, "hex")}, ${seq}, ${Buffer.from(statement)}, ${Buffer.from(acceptance)})`;
  };
  const bear = (id: string, signers: readonly TestMember[]): void => {
    const said = {
      practice: id,
      database: "who",
      check: "N2",
      object: "pg_hba: host sinetti sinetti_app 10.9.8.7/32 trust",
      reason: "until the report server moves",
      made: new Date().toISOString(),
      until: new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10),
    };
    const signatures = signers.map(({ device, statement }) => ({
      device,
      signed: bytesToHex(signDocument("postureException", exceptionBytes(said), statement)),
    }));
    writeExceptions(exceptionsFile, [{ ...said, signatures }]);
  };

  test("that two live members of the practice have signed for is borne, and said at every start", async () => {
    const { made, privacy } = practice();
    await keep(made);
    await letIn(`${SAFE}host sinetti sinetti_app 10.9.8.7/32 trust\n`);
    bear(made.id, [made.founder]);
    expect(await refusal()).toContain("who: N2");
    bear(made.id, [made.founder, privacy]);
    expect(await refusal()).toBe("");
    expect(logged.at(-1)).toMatch(/^ALARM: borne until .*who .*until the report server moves$/);
    const stranger = practice();
    bear(stranger.made.id, [stranger.made.founder, stranger.privacy]);
    expect(await refusal()).toContain("who: N2");
    bear(made.id, [made.founder, privacy]);
    await database.sql()`update public.practice_links set statement = ${Buffer.from(stranger.made.genesis)} where seq = 0`;
    expect(await refusal()).toContain("who: N2");
    await letIn(SAFE);
    await run("drop table public.practice_links");
    rmSync(exceptionsFile);
    expect(readFileSync(database.cluster.hbaFile, "utf8")).toBe(SAFE);
  });

  test("is not borne through a view that somebody put in the place of the chain", async () => {
    await run("create view public.practice_links as select 1 as practice");
    await letIn(`${SAFE}host sinetti sinetti_app 10.9.8.7/32 trust\n`);
    const { made, privacy } = practice();
    bear(made.id, [made.founder, privacy]);
    expect(await refusal()).not.toBe("");
    await run("drop view public.practice_links");
    await letIn(SAFE);
    rmSync(exceptionsFile);
  });
});
