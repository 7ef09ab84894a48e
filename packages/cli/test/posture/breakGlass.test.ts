import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { closeBreakGlass, openBreakGlass, type OpenedBreakGlass } from "@sinetti/posture";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { loadSuite } from "../../../../tools/testPractice.ts";
import { PostureRounds, type RoundsOptions } from "../../src/posture/postureRounds.ts";
import { postureSummary, summaryLines } from "../../src/posture/postureSummary.ts";
import { urlTarget, type PostureTarget } from "../../src/posture/postureTarget.ts";
import { watchTargets } from "../../src/posture/watchTargets.ts";
import { until } from "../start/startedSystem.ts";
import { openOwnDatabase, type OwnDatabase } from "./ownDatabase.ts";

const HOUR_SECONDS = 3600;
/** What ends a session, as the server says it, the driver finds it, or a second attempt is told. */
const GONE = /^(57P01|28P01|28000)$|^CONNECTION_/;
let database: OwnDatabase;
let keeper: PostureTarget;
let folder: string;
let lines: string[];
let rounds: PostureRounds;
let aheadMs = 0;

const begin = (more: Partial<RoundsOptions> = {}): PostureRounds =>
  new PostureRounds({
    targets: [database.target],
    exceptionsFile: join(folder, "exceptions.json"),
    folder,
    onLog: (line) => lines.push(line),
    now: () => new Date(Date.now() + aheadMs),
    everyMs: 3_600_000,
    watchMs: 50,
    ...more,
  });
const open = (): Promise<OpenedBreakGlass> =>
  openBreakGlass(database.sql(), {
    access: "owner",
    by: "Aino Laine",
    reason: "an index\u{1F511}is broken",
    seconds: HOUR_SECONDS,
    verifier: "x",
  });
const said = (start: string): string[] => lines.filter((line) => line.startsWith(start));
const number = (state: string): string =>
  /break_glass\{database="who",state="(?:open|over)"\} \d/.exec(
    rounds.metrics().slice(rounds.metrics().indexOf(`break_glass{database="who",state="${state}"`)),
  )?.[0] ?? "";
const isThere = async (role: string): Promise<boolean> =>
  (await database.sql()`select 1 from pg_roles where rolname = ${role}`).length > 0;

beforeAll(async () => {
  await loadSuite();
  database = await openOwnDatabase();
  keeper = { ...urlTarget(database.cluster.url("sinetti"), null), name: "who" };
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-glass-"));
  [lines, aheadMs] = [[], 0];
});
afterEach(async () => {
  await rounds.stop();
  rmSync(folder, { recursive: true });
});
afterAll(() => database.stop());

describe("a database that is opened to somebody for a time", () => {
  test("is an alarm, a finding and a number at the next look of the watch, and it is said when it ends", async () => {
    rounds = begin({ keepers: [keeper] });
    await until(() => rounds.state.looked["who"] !== undefined);
    expect(said("ALARM")).toEqual([]);
    const { role, note } = await open();
    await until(() => postureSummary(folder, new Date())?.temporary.length === 1);
    expect(said("ALARM: who is open")).toEqual([
      `ALARM: who is open to Aino Laine, for owner, until ${note.until}, as ${role}: ${note.reason}; end it: sinetti break-glass close ${role}`,
    ]);
    expect(said("ALARM: high, open: who R14")[0]).toContain(`ALTER ROLE "${role}" NOLOGIN;`);
    expect(number("open")).toMatch(/ 1$/);
    expect(rounds.metrics()).toContain('sinetti_posture_break_glass_total{database="who"} 1');
    const summary = postureSummary(folder, new Date());
    expect([summary?.temporary, summaryLines(summary)[1]]).toEqual([
      [{ database: "who", role }],
      `OPEN FOR A TIME: who by ${role}: sinetti break-glass list`,
    ]);
    expect(await isThere(role)).toBe(true);
    await closeBreakGlass(database.sql(), role);
    await until(() => said(`ended: ${role}`).length === 1);
    await until(() => postureSummary(folder, new Date())?.temporary.length === 0);
    expect(number("open")).toMatch(/ 0$/);
  });

  test("is ended at its hour by whoever keeps the database, with the sessions that are under way", async () => {
    rounds = begin({ keepers: [keeper] });
    const { role } = await open();
    const session = database.cluster.connect("sinetti", { user: role, password: "x" });
    await session`select 1`;
    await until(() => said("ALARM: who is open").length === 1);
    aheadMs = (HOUR_SECONDS - 1) * 1000;
    await until(() => rounds.state.looked["who"] !== undefined);
    expect(await isThere(role)).toBe(true);
    aheadMs = (HOUR_SECONDS + 60) * 1000;
    await until(() => said(`ended: ${role}`).length === 1);
    expect(
      said(`ALARM: who is still open as ${role}. Its hours are over. It is ended now`),
    ).toHaveLength(1);
    expect(said(`who ${role}: its hours are over; it is ended`)).toHaveLength(1);
    await expect(session`select 1`).rejects.toMatchObject({ code: expect.stringMatching(GONE) });
    await session.end();
    expect(await isThere(role)).toBe(false);
    await until(() => number("over").endsWith(" 0"));
  });

  test("is told to whoever watches by hand", async () => {
    rounds = begin();
    const { role } = await open();
    const seen: string[] = [];
    await watchTargets([database.target], {
      isOver: () => seen.length > 0,
      onEvent: () => undefined,
      onBreakGlass: ({ event, access, database: name }) =>
        seen.push(`${name} ${event} ${access.role}`),
    });
    expect(seen).toEqual([`who opened ${role}`]);
    await closeBreakGlass(database.sql(), role);
  });

  test("where nobody keeps it turns critical at its hour", async () => {
    rounds = begin();
    await until(() => rounds.state.looked["who"] !== undefined);
    const { role } = await open();
    await until(() => said("ALARM: who is open").length === 1);
    aheadMs = (HOUR_SECONDS + 60) * 1000;
    await until(() => said(`ALARM: critical, open: who R14 ${role}`).length > 0);
    expect(said(`ALARM: who is still open as ${role}. Its hours are over.`)[0]).toContain(
      `end it: sinetti break-glass close ${role}`,
    );
    expect(number("over")).toMatch(/ 1$/);
    expect(postureSummary(folder, new Date())?.open.critical).toBe(1);
    await closeBreakGlass(database.sql(), role);
    await until(() => said(`ended: ${role}`).length === 1);
  });
});
