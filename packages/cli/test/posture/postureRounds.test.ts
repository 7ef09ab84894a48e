import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readPostureBoard, type PostureBoard } from "@sinetti/core";
import { fingerprintOf } from "@sinetti/posture";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { loadSuite } from "../../../../tools/testPractice.ts";
import { LookTurns } from "../../src/posture/lookTurns.ts";
import { PostureRounds, type RoundsOptions } from "../../src/posture/postureRounds.ts";
import { postureSummary, summaryLines } from "../../src/posture/postureSummary.ts";
import { until } from "../start/startedSystem.ts";
import { openOwnDatabase, type OwnDatabase } from "./ownDatabase.ts";

let database: OwnDatabase;
let folder: string;
let lines: string[];

const begin = (more: Partial<RoundsOptions> = {}): PostureRounds =>
  new PostureRounds({
    targets: [database.target],
    exceptionsFile: join(folder, "exceptions.json"),
    folder,
    metricsFile: join(folder, "collected.prom"),
    onLog: (line) => lines.push(line),
    everyMs: 100,
    watchMs: 50,
    boards: folder,
    ...more,
  });
/** What the service `who` is told. */
const boardNow = (): PostureBoard =>
  readPostureBoard(readFileSync(join(folder, "posture.who.cbor")), "who");
const alarms = (word: string): string[] =>
  lines.filter((line) => line.startsWith("ALARM") && line.includes(word));
const stateOf = (rounds: PostureRounds, id: string, object: string): string | undefined =>
  rounds.state.databases["who"]?.[fingerprintOf(id, object)]?.state;

beforeAll(async () => {
  await loadSuite();
  database = await openOwnDatabase();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-rounds-"));
  lines = [];
});
afterAll(() => database.stop());

describe("while services run", () => {
  test("a grant by hand is an alarm at the next look, once; fixed when it is gone, regressed when it is back", async () => {
    const grant = "SELECT on public.entries to helper";
    const rounds = begin();
    await until(() => rounds.state.looked["who"] !== undefined);
    expect(alarms("")).toEqual([]);
    await database.sql().unsafe("create role helper login; grant select on entries to helper");
    await until(() => stateOf(rounds, "G2", grant) === "open");
    const { who } = rounds.state.looked;
    await until(() => rounds.state.looked["who"] !== who);
    expect(alarms(grant)).toEqual([
      expect.stringMatching(
        /^ALARM: high, open: who G2 .* Mend: REVOKE SELECT ON "public"."entries" FROM "helper"/,
      ),
    ]);
    await database.sql().unsafe("revoke select on entries from helper");
    await until(() => stateOf(rounds, "G2", grant) === "fixed");
    await database.sql().unsafe("grant select on entries to helper");
    await until(() => stateOf(rounds, "G2", grant) === "regressed");
    await rounds.stop();
    const summary = postureSummary(folder, new Date());
    expect([summary?.regressed, summary?.open.high, summary?.isLate]).toEqual([1, 1, false]);
    expect(summaryLines(summary)[0]).toMatch(/^posture: 0 critical, 1 high, .* back again/);
    await database.sql().unsafe("drop owned by helper; drop role helper");
    // What was known is known to the next process.
    const next = begin();
    await until(() => stateOf(next, "G2", grant) === "fixed");
    await next.stop();
    expect(statSync(join(folder, "posture.json")).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });

  test("a critical fault is said at every look", async () => {
    const rounds = begin();
    await database.sql().unsafe("alter role sinetti_app superuser");
    await until(() => alarms("who R4 sinetti_app").length >= 3);
    await database.sql().unsafe("alter role sinetti_app nosuperuser");
    await rounds.stop();
    expect(alarms("who R4")[0]).toContain('Mend: ALTER ROLE "sinetti_app" NOSUPERUSER;');
    rmSync(folder, { recursive: true });
  });

  test("the service is told what was found, and asked for a look has one before the hour is over", async () => {
    const file = join(folder, "posture.who.cbor");
    const rounds = begin({ everyMs: 3_600_000 });
    await until(() => existsSync(file));
    const object = "SELECT on public.entries to helper";
    const changes = (): string[] =>
      boardNow()
        .changes.filter((one) => one.object === object)
        .map(({ change }) => change);
    const look = async (sql: string): Promise<PostureBoard> => {
      await database.sql().unsafe(sql);
      const before = changes().length;
      writeFileSync(`${file}.ask`, "");
      await until(() => changes().length > before);
      expect(existsSync(`${file}.ask`)).toBe(false);
      return boardNow();
    };
    expect(changes()).toEqual([]);
    const found = await look("create role helper login; grant select on entries to helper");
    expect(found.findings.find((one) => one.object === object)).toMatchObject({
      id: "G2",
      severity: "high",
      mend: 'REVOKE SELECT ON "public"."entries" FROM "helper";',
      state: "open",
      signed: [],
    });
    const mended = await look("drop owned by helper; drop role helper");
    expect(mended.findings.filter((one) => one.object === object)).toEqual([]);
    expect(changes()).toEqual(["mended", "opened"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await rounds.stop();
    rmSync(folder, { recursive: true });
  });

  test("a dump that runs is an alarm with what ends it, and a number", async () => {
    const rounds = begin();
    await until(() => rounds.state.looked["who"] !== undefined);
    const dump = database.cluster.connect("sinetti", { application: "pg_dump" });
    await dump`select 1`;
    await until(() => alarms("data is copied out of who").length > 0);
    expect(alarms("data is copied")[0]).toMatch(
      /by pg_dump from this machine; end it: SELECT pg_terminate_backend\(\d+\);$/,
    );
    const metrics = readFileSync(join(folder, "posture.prom"), "utf8");
    expect(metrics).toContain('sinetti_posture_copies_total{database="who",kind="dump"} 1');
    expect(metrics).toContain('sinetti_posture_copies_running{database="who",kind="dump"} 1');
    const collected = readFileSync(join(folder, "collected.prom"), "utf8");
    expect(collected).toContain('sinetti_posture_copies_running{database="who",kind="dump"} 1');
    expect(statSync(join(folder, "collected.prom")).mode & 0o777).toBe(0o644);
    await dump.end({ timeout: 1 });
    await until(() => lines.some((line) => line.startsWith("ended: a copy out of who")));
    expect(rounds.metrics()).toContain('copies_running{database="who",kind="dump"} 0');
    await rounds.stop();
    rmSync(folder, { recursive: true });
  });

  test("a database that does not answer is an alarm and no reason to stop; the look goes on when it is back", async () => {
    const rounds = begin();
    await until(() => rounds.state.looked["who"] !== undefined);
    await database.restart();
    const { who } = rounds.state.looked;
    await until(() => rounds.state.looked["who"] !== who);
    const dump = database.cluster.connect("sinetti", { application: "pg_dump" });
    await dump`select 1`;
    await until(() => alarms("data is copied out of who").length > 0);
    await dump.end({ timeout: 1 });
    await rounds.stop();
    expect(rounds.metrics()).toMatch(/sinetti_posture_looked_seconds\{database="who"\} \d+/);
    rmSync(folder, { recursive: true });
  });

  test("a database that never answered is not missing from what is said of all", async () => {
    const connect = (): never => {
      throw Object.assign(new Error("nobody answers"), { code: "ECONNREFUSED" });
    };
    const rounds = begin({ targets: [database.target, { name: "gate", policy: null, connect }] });
    await until(
      () => rounds.state.looked["who"] !== undefined && alarms("gate could not").length > 0,
    );
    await rounds.stop();
    expect(postureSummary(folder, new Date())).toMatchObject({ isLate: true, looked: null });
    rmSync(folder, { recursive: true });
  });

  test("a look that does not end is a finding of its own, keeps nobody from seeing a copy, and is mended by the next", async () => {
    const rounds = begin({ lookMs: 2000 });
    await until(() => rounds.state.looked["who"] !== undefined);
    const holder = database.cluster.connect("sinetti");
    await holder`begin`;
    await holder`lock table public.entries in access exclusive mode`;
    await until(() => stateOf(rounds, "unlooked", "who") === "open");
    expect(alarms("took more than 2 s")).not.toEqual([]);
    await until(() => boardNow().findings.some(({ id }) => id === "unlooked"));
    const dump = database.cluster.connect("sinetti", { application: "pg_dump" });
    await dump`select 1`;
    await until(() => alarms("data is copied out of who").length > 0);
    expect(stateOf(rounds, "unlooked", "who")).toBe("open");
    await holder`rollback`;
    await until(() => stateOf(rounds, "unlooked", "who") === "fixed");
    await until(() => boardNow().findings.every(({ id }) => id !== "unlooked"));
    await Promise.all([holder, dump].map((sql) => sql.end({ timeout: 1 })));
    await rounds.stop();
    rmSync(folder, { recursive: true });
  });

  test("it stops in the middle of a look that hangs", async () => {
    const holder = database.cluster.connect("sinetti");
    await holder`begin`;
    await holder`lock table public.entries in access exclusive mode`;
    const rounds = begin({ lookMs: 3_600_000 });
    await until(async () => {
      const [row] = await database.sql()<{ waiting: number }[]>`
        select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock'`;
      return row?.waiting === 1;
    });
    await rounds.stop();
    expect(stateOf(rounds, "unlooked", "who")).toBeUndefined();
    await holder`rollback`;
    await holder.end();
    rmSync(folder, { recursive: true });
  });

  test("hosts that say nothing are found too, where there is a plan", async () => {
    mkdirSync(join(folder, "deployment"));
    writeFileSync(
      join(folder, "deployment", "plan.yaml"),
      "sinettiDeployment: 1\nhosts:\n  who: { addresses: [10.0.0.3] }\nservices: {}\n",
    );
    const rounds = begin();
    await until(() => alarms("who says nothing").length > 0);
    expect(alarms("who says nothing")[0]).toMatch(/^ALARM: high, open: deployment N0 /);
    await until(() => existsSync(join(folder, "posture.who.cbor")));
    await rounds.stop();
    expect(boardNow().hosts).toMatchObject({
      words: [{ host: "who", said: null, signature: "unsigned", lateAfter: 26 * 3600, wrong: 0 }],
      findings: [{ id: "N0", object: "who says nothing", severity: "high" }],
    });
    expect(rounds.metrics()).toContain(
      'sinetti_posture_findings{database="deployment",severity="high",state="open"} 1',
    );
    rmSync(folder, { recursive: true });
  });

  test("a damaged history is said, and begun anew", async () => {
    writeFileSync(join(folder, "posture.json"), "{");
    const rounds = begin();
    await until(() => rounds.state.looked["who"] !== undefined);
    await rounds.stop();
    expect(alarms("posture.json is damaged")).toHaveLength(1);
    expect(postureSummary(folder, new Date())?.looked).not.toBeNull();
    rmSync(folder, { recursive: true });
  });
});

describe("looks at one database", () => {
  test("take turns: who asks while one is under way shares the next, which begins after they asked", async () => {
    const turns = new LookTurns();
    const begun: string[] = [];
    const gates = ["first", "second", "of another"].map((name) => ({
      name,
      ...Promise.withResolvers<undefined>(),
    }));
    const look = (index: number) => async (): Promise<void> => {
      begun.push(gates[index]?.name ?? "");
      await gates[index]?.promise;
    };
    const first = turns.take("who", look(0));
    await Promise.resolve();
    const shared = [turns.take("who", look(1)), turns.take("who", look(1))];
    const other = turns.take("gate", look(2));
    await Promise.resolve();
    expect([begun, shared[0] === shared[1]]).toEqual([["first", "of another"], true]);
    gates[0]?.resolve(undefined);
    await first;
    await Promise.resolve();
    for (const { resolve } of gates) resolve(undefined);
    await Promise.all([...shared, other, turns.rest()]);
    expect(begun).toEqual(["first", "of another", "second"]);
  });

  test("go on after one that fails", async () => {
    const turns = new LookTurns();
    const failing = turns.take("who", () => Promise.reject(new Error("no answer")));
    const next = failing.then(
      () => [],
      async () => {
        const begun: string[] = [];
        await turns.take("who", async () => void begun.push("next"));
        return begun;
      },
    );
    expect(await next).toEqual(["next"]);
  });
});
