import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../../tools/bareCluster.ts";
import { EXIT } from "../../src/failure.ts";
import { findStores } from "../../src/start/storeAddresses.ts";
import { until as waitUntil } from "../start/startedSystem.ts";
import { finished, startPractice, type StartedPractice } from "./startedPractice.ts";

interface Posture {
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly object: string;
    readonly why: string;
    readonly mend: string;
    readonly fingerprint: string;
    readonly database: string;
    readonly state: string;
    readonly excepted: string | null;
  }[];
  readonly access?: readonly { readonly role: string; readonly path: readonly string[] }[];
}

let started: StartedPractice;
let foreign: BareCluster;

const posture = (...args: string[]) => started.run("nobody", "posture", ...args);
const admin = async (statement: string): Promise<void> => {
  const sql = foreign.connect();
  await sql.unsafe(statement);
  await sql.end();
};

beforeAll(async () => {
  started = await startPractice();
  foreign = await startBareCluster({
    settings: { listen_addresses: "" },
    hba: "local all all scram-sha-256\nhost all all 203.0.113.7/32 trust\n",
  });
  await admin(
    "create role boss superuser login password 'x'; create table note (id int, body text)",
  );
});
afterAll(async () => {
  await foreign.stop();
  await started.stop();
});

describe("sinetti posture on this installation", () => {
  test("finds nothing, of whatever severity, in its three databases", async () => {
    const ran = await posture("--data", join(started.path, "data"), "--fail-on", "low");
    const { findings } = ran.json<Posture>();
    // Whatever a migration gives or adds is declared in packages/cli/src/posture.
    expect(findings.map(({ database, id, object }) => [database, id, object])).toEqual([]);
    expect(ran.exit).toBe(EXIT.done);
  });

  test("has who came to a database in a bounded file of the launcher's own, to the minute and without a value", async () => {
    const what = postgres({ ...findStores(join(started.path, "data")).what, max: 1 });
    await expect(what.unsafe("select 'Potilas nukkui'::int")).rejects.toMatchObject({
      code: "22P02",
    });
    await what.end();
    const file = join(started.path, "data", "what", "log", "postgres.log");
    await waitUntil(() => readFileSync(file, "utf8").includes(" 22P02 "));
    const log = readFileSync(file, "utf8");
    expect(log).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d UTC \[\d+\] 00000 sinetti_owner@sinetti \[local\] LOG: {2}connection authorized: user=sinetti_owner/m,
    );
    expect(log).toMatch(/ 22P02 postgres@sinetti \[local\] ERROR: {2}a statement failed$/m);
    expect(log).not.toMatch(/Potilas|STATEMENT|DETAIL|\d\d:\d\d:\d\d\.\d+ UTC/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("a system whose database has a critical fault", () => {
  const data = (): string => join(started.path, "data");
  const start = (): Promise<unknown> =>
    started.startOn(data()).then(
      () => null,
      (error: unknown) => error,
    );

  test(
    "does not start, names it, and starts when who runs the practice has signed for it until a day",
    { timeout: 120_000 },
    async () => {
      const solo = [
        "--name",
        "Kuusi",
        "--member",
        "A B",
        "--roles",
        "therapist,admin,privacy",
        "--solo",
      ];
      const made = await started.run("aino", "practice", "create", ...solo);
      expect([made.exit, made.stderr]).toEqual([EXIT.done, expect.any(String)]);
      const who = postgres({ ...findStores(data()).who, max: 1 });
      const planted =
        await who`update kits set blob = convert_to(repeat('Potilas nukkui huonosti. ', 9), 'UTF8')`;
      // As in a folder of before they were limited.
      await who`alter role sinetti_app connection limit -1`;
      await who.end();
      expect(planted.count).toBeGreaterThan(0);
      await started.halt();
      const refused = await start();
      expect(refused).toMatchObject({ code: "database-unsafe" });
      expect(String(refused)).toContain("who: E1 public.kits.blob");
      expect(String(refused)).not.toContain("Potilas");

      const until = new Date(Date.now() + 86_400_000 * 7).toISOString().slice(0, 10);
      const words = [
        "who",
        "E1",
        "public.kits.blob",
        "--until",
        until,
        "--reason",
        "it is looked into",
      ];
      const late = await started.run("aino", "exception", "add", ...words.with(4, "2999-01-01"));
      expect(late.exit).toBe(EXIT.usage);
      const borne = await started.run("aino", "exception", "add", ...words);
      expect([borne.exit, borne.stderr]).toEqual([EXIT.done, ""]);
      expect(await start()).toBeNull();
      // Who has no key of the practice learns nothing of it.
      const said = await fetch(`${started.web}/.well-known/sinetti`);
      expect(await said.text()).not.toContain(until);
      const ran = await posture("--data", data(), "--fail-on", "critical");
      const { findings } = ran.json<Posture>();
      const found = findings.find(({ id }) => id === "E1");
      // Beside it only that nobody has approved the policies yet.
      expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(["E1", "A8"]));
      expect([ran.exit, found?.state, found?.excepted]).toEqual([EXIT.done, "excepted", until]);
    },
  );
});

describe("a grant by hand", () => {
  test("is found, exit 4", async () => {
    const what = postgres({ ...findStores(join(started.path, "data")).what, max: 1 });
    await what.unsafe(
      "create role helper login; grant select on entries to helper; create table public.remarks (body text)",
    );
    await what.unsafe("grant insert on public.remarks to sinetti_app");
    await what.end();
    const ran = await posture("--data", join(started.path, "data"), "--fail-on", "high");
    const found = ran
      .json<Posture>()
      .findings.map(({ database, id, object }) => `${database} ${id} ${object}`);
    for (const expected of [
      "what G2 SELECT on public.entries to helper",
      "what R6 helper",
      "what L1 public.remarks",
      "what E2 public.remarks.body",
    ])
      expect(found).toContain(expected);
    expect(ran.exit).toBe(EXIT.verification);
  });
});

describe("sinetti posture on a database of somebody else", () => {
  test("gives each finding with severity, object, why and mend, and fails where it is told to", async () => {
    const ran = await posture("--url", foreign.url("postgres"), "--fail-on", "critical");
    const { findings } = ran.json<Posture>();
    expect(findings[0]).toMatchObject({
      id: "N2",
      severity: "critical",
      object: "pg_hba: host all all 203.0.113.7/32 trust",
      state: "open",
    });
    expect(findings[0]?.mend).toContain("hostssl all all 203.0.113.7/32 scram-sha-256");
    expect(findings.find(({ id }) => id === "R4")?.mend).toBe('ALTER ROLE "boss" NOSUPERUSER;');
    expect([ran.exit, (await posture("--url", foreign.url("postgres"))).exit]).toEqual([
      EXIT.verification,
      EXIT.done,
    ]);
    const { access } = (
      await posture("--url", foreign.url("postgres"), "--access")
    ).json<Posture>();
    expect(access?.find(({ role }) => role === "boss")?.path).toEqual(["boss", "superuser"]);
  });

  test("remembers: open, excepted until its day, fixed, regressed", async () => {
    const state = join(started.path, "state.json");
    const url = foreign.url("postgres");
    const stateOf = async (...more: string[]): Promise<string | undefined> => {
      const ran = await posture("--url", url, "--state", state, ...more);
      expect(ran.exit).toBe(EXIT.done);
      return ran.json<Posture>().findings.find(({ id }) => id === "R4")?.state;
    };
    const first = (await posture("--url", url))
      .json<Posture>()
      .findings.find(({ id }) => id === "R4");
    expect(await stateOf()).toBe("open");
    const until = new Date(Date.now() + 86_400_000 * 30).toISOString().slice(0, 10);
    const draft = join(started.path, "draft.yaml");
    expect((await posture("--url", url, "--draft-policy", draft)).exit).toBe(EXIT.done);
    const exception = `exceptions:\n  - fingerprint: "${first?.fingerprint}"\n    reason: until the move\n    until: ${until}\n`;
    const policy = started.file(
      "policy.yaml",
      readFileSync(draft, "utf8").replace("exceptions: []\n", exception),
    );
    expect(await stateOf("--policy", policy)).toBe("excepted");
    await admin("alter role boss nosuperuser");
    expect(await stateOf()).toBeUndefined();
    await admin("alter role boss superuser");
    expect(await stateOf()).toBe("regressed");
  });

  test("takes a draft once, and never writes over a file", async () => {
    const kept = started.file("kept.yaml", "sinettiPosture: 1\n");
    const ran = await posture("--url", foreign.url("postgres"), "--draft-policy", kept);
    expect([ran.exit, readFileSync(kept, "utf8")]).toEqual([EXIT.input, "sinettiPosture: 1\n"]);
  });

  test("refuses a policy by line and field, a state of something else, and words that say nothing", async () => {
    const policy = started.file("wrong.yaml", "sinettiPosture: 1\nrolls: {}\n");
    const wrong = await posture("--url", foreign.url("postgres"), "--policy", policy);
    expect([wrong.exit, wrong.stdout]).toEqual([
      EXIT.input,
      expect.stringContaining("line 2, rolls: there is no such field"),
    ]);
    const state = started.file("other.json", "{}");
    expect((await posture("--url", foreign.url("postgres"), "--state", state)).exit).toBe(
      EXIT.input,
    );
    for (const words of [
      ["--url", "mysql://x"],
      ["--fail-on", "awful"],
      ["--draft-policy", "x.yaml"],
    ])
      expect((await posture(...words)).exit).toBe(EXIT.usage);
  });

  test("says when nobody answers, and when the role is turned away, without its password", async () => {
    const silent = await posture("--url", "postgres://a:geheim@127.0.0.1:9/x");
    expect([silent.exit, `${silent.stdout}${silent.stderr}`]).toEqual([
      EXIT.unreachable,
      expect.not.stringContaining("geheim"),
    ]);
    expect(silent.stderr).toContain("does not answer");
    expect(silent.stderr).not.toContain("wrote");
    const url = foreign.url("postgres").replace(/:[0-9a-f]{32}@/, ":geheim@");
    const turned = await posture("--url", url);
    expect([turned.exit, `${turned.stdout}${turned.stderr}`]).toEqual([
      EXIT.usage,
      expect.not.stringContaining("geheim"),
    ]);
    expect(turned.stderr).toContain("refuses this role or its password");
  });

  test("prints no name that steers a terminal", async () => {
    await admin(
      'create table "a\u001b[2J\nLOW" (email text); grant select on "a\u001b[2J\nLOW" to public',
    );
    const words = ["posture", "--url", foreign.url("postgres")];
    const main = fileURLToPath(new URL("../../bin/sinetti.mjs", import.meta.url));
    const { stdout, status } = spawnSync(process.execPath, [main, ...words], { encoding: "utf8" });
    expect([status, stdout.includes("\u001b"), stdout.includes("\nLOW")]).toEqual([
      0,
      false,
      false,
    ]);
    expect(stdout).toContain("a\uFFFD[2J\uFFFDLOW");
  });

  test("watches until it is interrupted, and tells of a dump while it runs", async () => {
    const child = started.begin("nobody", ["posture", "--url", foreign.url("postgres"), "--watch"]);
    const dump = foreign.connect("postgres", { application: "pg_dump" });
    await dump`select 1`;
    const said: string[] = [];
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (part: Buffer) => {
        said.push(part.toString());
        if (said.join("").includes("\n")) resolve();
      });
    });
    child.kill("SIGINT");
    await finished(child);
    await dump.end({ timeout: 1 });
    expect(JSON.parse(said.join("").split("\n")[0] ?? "")).toMatchObject({
      event: "begun",
      kind: "dump",
      object: "dump of postgres as postgres by pg_dump",
    });
    expect(child.exitCode).toBe(EXIT.interrupted);
  });
});
