import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bytesToHex, weekOf } from "@sinetti/core";
import { signDocument } from "@sinetti/core/secret";
import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../../tools/bareCluster.ts";
import { TestPractice, loadSuite, type TestMember } from "../../../../tools/testPractice.ts";
import { ensureSafeToStart } from "../../src/posture/ensureSafeToStart.ts";
import { ownPolicy, urlTarget, type PostureTarget } from "../../src/posture/postureTarget.ts";
import { READER, provisionReader } from "../../src/posture/provisionReader.ts";
import { exceptionBytes, writeExceptions } from "../../src/posture/signedExceptions.ts";
import { provisionDatabase, provisionRoles } from "../../src/start/provisionDatabase.ts";

const SAFE = "local all all scram-sha-256\n";
const folder = mkdtempSync(join(tmpdir(), "sinetti-safe-"));
const exceptionsFile = join(folder, "exceptions.json");
const password = randomBytes(16).toString("hex");

let cluster: BareCluster;
let target: PostureTarget;
let sql: postgres.Sql;
const logged: string[] = [];

const start = () =>
  ensureSafeToStart({
    targets: [target],
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
const letIn = async (lines: string): Promise<void> => {
  writeFileSync(cluster.hbaFile, lines);
  await sql`select pg_reload_conf()`;
};

beforeAll(async () => {
  await loadSuite();
  cluster = await startBareCluster({ settings: { listen_addresses: "" }, hba: SAFE });
  const superUrl = cluster.url("postgres");
  await provisionRoles(superUrl, { ownerPassword: "a1", appPassword: "b2" });
  await provisionDatabase(superUrl, "sinetti");
  await provisionReader(cluster.url("sinetti"), password);
  const reader = new URL(cluster.url("sinetti"));
  reader.username = READER;
  reader.password = password;
  target = { ...urlTarget(reader.href, ownPolicy("vault")), name: "who" };
  sql = cluster.connect("sinetti");
  await sql.unsafe(`
    set role sinetti_owner;
    create table public.entries (practice bytea, box bytea);
    insert into public.entries select '', sha512(convert_to(i::text, 'UTF8')) from generate_series(1, 50) i;
    alter table public.entries enable row level security; alter table public.entries force row level security;
    create policy own on public.entries using (practice = '');
    reset role`);
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await cluster.stop();
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
      await sql.unsafe("alter system set listen_addresses = '*'");
      await restarted();
    },
    mended: async () => {
      await sql.unsafe("alter system reset listen_addresses");
      await restarted();
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
      await sql.unsafe("create role ghost login");
      await letIn(`${SAFE}host all ghost 10.9.8.7/32 trust\n`);
    },
    mended: async () => {
      await letIn(SAFE);
      await sql.unsafe("drop role ghost");
    },
  },
  {
    name: "a superuser as the application's role",
    id: "R4",
    object: "sinetti_app",
    mend: 'ALTER ROLE "sinetti_app" NOSUPERUSER',
    plant: () => sql.unsafe("alter role sinetti_app superuser"),
    mended: () => sql.unsafe("alter role sinetti_app nosuperuser"),
  },
  {
    name: "an application's role that can become a superuser",
    id: "R8",
    object: "sinetti_app as boss",
    mend: 'REVOKE "boss" FROM "sinetti_app"',
    plant: () => sql.unsafe("create role boss superuser; grant boss to sinetti_app"),
    mended: () => sql.unsafe("drop role boss"),
  },
  {
    name: "plain text in a column of ciphertext",
    id: "E1",
    object: "public.entries.box",
    mend: "Stop what writes public.entries.box, seal the values",
    plant: () =>
      sql.unsafe(
        "insert into public.entries values ('', convert_to('Potilas kertoi nukkuneensa huonosti', 'UTF8'))",
      ),
    mended: () => sql.unsafe("delete from public.entries where octet_length(box) < 64"),
  },
  {
    name: "a database in which nobody may look",
    id: "unseen",
    object: "pg_authid",
    mend: "posture.password_methods()",
    plant: () => sql.unsafe(`revoke execute on function posture.password_methods() from ${READER}`),
    mended: () => sql.unsafe(`grant execute on function posture.password_methods() to ${READER}`),
  },
];

async function restarted(): Promise<void> {
  await sql.end({ timeout: 1 });
  await cluster.restart();
  sql = cluster.connect("sinetti");
}

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
    await sql.unsafe(
      "create table if not exists public.practice_links (practice bytea, seq bigint, statement bytea, acceptance bytea)",
    );
    for (const [seq, { statement, acceptance }] of links.entries())
      await sql`insert into public.practice_links values
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
    await sql`update public.practice_links set statement = ${Buffer.from(stranger.made.genesis)} where seq = 0`;
    expect(await refusal()).toContain("who: N2");
    await letIn(SAFE);
    await sql.unsafe("drop table public.practice_links");
    rmSync(exceptionsFile);
    expect(readFileSync(cluster.hbaFile, "utf8")).toBe(SAFE);
  });

  test("is not borne through a view that somebody put in the place of the chain", async () => {
    await sql.unsafe("create view public.practice_links as select 1 as practice");
    await letIn(`${SAFE}host sinetti sinetti_app 10.9.8.7/32 trust\n`);
    const { made, privacy } = practice();
    bear(made.id, [made.founder, privacy]);
    expect(await refusal()).not.toBe("");
    await sql.unsafe("drop view public.practice_links");
    await letIn(SAFE);
    rmSync(exceptionsFile);
  });
});
