import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import type { PracticeWish } from "../../src/synthetic/caseload.ts";
import { fillPractice, runCaseload } from "../../src/synthetic/fillPractice.ts";
import type { Door } from "../../src/theft/session/doors.ts";
import { robLiveSessions } from "../../src/theft/session/liveThieves.ts";
import { officeRows, therapistRows } from "../../src/theft/session/sessionRows.ts";
import { openedByLive, type Thief } from "../../src/theft/theftReport.ts";
import { memoryDevices } from "../memoryWorld.ts";

/** More patients than ten minutes of any budget let out. */
const WISH: PracticeWish = {
  seed: "live",
  patients: 32,
  meanEntries: 3,
  until: "2026-10-30",
  patientsEach: 16,
  plant: [],
};

let system: TestSystem;
let robbed: Awaited<ReturnType<typeof robLiveSessions>>;
const opened: postgres.Sql[] = [];

function open(url: string): postgres.Sql {
  const sql = postgres({ ...databaseUrlToOptions(url), max: 2, onnotice: () => undefined });
  opened.push(sql);
  return sql;
}

beforeAll(async () => {
  system = await startTestSystem();
  const openDevice = memoryDevices(system);
  const { endpoints, databases } = system;
  await fillPractice({
    wish: WISH,
    endpoints,
    installationCode: system.code(),
    openDevice,
    runTask: (task, hooks) => runCaseload(task, openDevice, hooks),
    workers: 1,
    onProgress: () => undefined,
    isStopped: () => false,
  });
  robbed = await robLiveSessions({
    wish: WISH,
    endpoints,
    openDevice,
    databases: {
      who: open(databases.who.superUrl),
      what: open(databases.what.superUrl),
      gate: open(databases.gate.superUrl),
    },
    onStep: () => undefined,
  });
}, 300_000);
afterAll(async () => {
  await Promise.all(opened.map((sql) => sql.end()));
  await system.stop();
});

const ofEach = WISH.patientsEach;

function got(doors: readonly Door[], name: Door["door"]): Pick<Door, "tried" | "got"> | undefined {
  const found = doors.find(({ door }) => door === name);
  return found && { tried: found.tried, got: found.got };
}

/** The doors that must give nothing, though something was tried at each. */
const SHUT: readonly Door["door"][] = [
  "others-care-gate",
  "others-care-crisis",
  "others-care-vault",
  "others-rosters-gate",
  "grant-itself",
  "recovery-wraps",
  "join-teams",
  "approve-itself",
  "export-practice",
  "add-member",
];

describe("a therapist's unlocked session", () => {
  it("is stopped by the canary when every grant is opened, and gives no more than the budget before", () => {
    const { greedy } = robbed.therapist;
    expect(greedy?.endedBy).toBe("canary");
    expect(greedy?.held).toEqual({ care: ofEach, identity: ofEach });
    expect(greedy?.opened.care).toBeLessThanOrEqual(12);
    expect(greedy?.opened.identity).toBe(ofEach);
    expect(greedy?.entries).toBeGreaterThan(0);
    expect(greedy?.horizons).toEqual([]);
  });

  it("raises the alarm of the canary, which names what was out by then; a colleague sees nothing of it", () => {
    const { greedy } = robbed.therapist;
    expect(greedy?.alarm).toEqual({ signal: "canary", records: greedy?.opened });
    expect(greedy?.seen).toMatchObject({ alarms: { canary: 1 }, canaryLines: 1 });
    expect(greedy?.seen.logLines).toBe(greedy?.asked);
    expect(greedy?.seen.colleague).toEqual({ statements: 0, log: "not-authorised" });
  });

  it("is let on again by another person, not by itself", () => {
    expect(robbed.therapist.greedy?.thaw).toEqual({ alone: "not-authorised", byAnother: true });
  });

  it("gives twelve records to who goes by the caseload, alarms nobody, and warns the thief alone", () => {
    const { guided } = robbed.therapist;
    expect(guided).toMatchObject({
      endedBy: "over-budget",
      opened: { care: 12, identity: ofEach },
      warned: { care: 10, identity: 0 },
      alarm: null,
    });
    expect(guided.seen).toMatchObject({ canaryLines: 0, alarms: {} });
  });

  it("shows the day and the month as the policy computes them, never as measured", () => {
    const of = ({ how }: { how: string }): boolean => how === "computed";
    const { horizons } = robbed.therapist.guided;
    expect(horizons.filter(of).map(({ horizon }) => horizon)).toEqual([
      "day",
      "month",
      "day",
      "month",
    ]);
    expect(horizons.every(({ records }) => records <= ofEach)).toBe(true);
  });

  it("leaves lines that the copied device does not know, and none where the device itself was used", () => {
    const { greedy, guided } = robbed.therapist;
    expect(guided.unknownToDevice).toBe(guided.seen.logLines);
    expect(greedy?.unknownToDevice).toBe(0);
  });

  it.each([...SHUT, "other-purposes" as const])("gives nothing by the door %s", (name) => {
    const door = got(robbed.therapist.doors, name);
    expect(door?.tried).toBeGreaterThan(0);
    expect(door?.got).toBe(0);
  });

  it("opens one more record for a crisis, which alarms", () => {
    expect(got(robbed.therapist.doors, "crisis")).toEqual({ tried: 3, got: 1 });
    expect(robbed.therapist.doorsSeen.alarms).toEqual({ crisis: 1, passkey: 1 });
  });

  it("raises no budget by a passkey that it brings, and is seen to have brought one", () => {
    expect(got(robbed.therapist.doors, "top-up")).toEqual({ tried: 1, got: 0 });
    expect(robbed.therapist.doorsSeen.alarms).toHaveProperty("passkey", 1);
  });

  it("asks two hundred names, adds a device to its member, and shows the caseload uncounted", () => {
    const { doors, doorsSeen } = robbed.therapist;
    expect(got(doors, "lookups")).toEqual({ tried: 201, got: 200 });
    expect(got(doors, "lookups-known")?.got).toBeGreaterThanOrEqual(WISH.patients);
    expect(got(doors, "add-device")).toEqual({ tried: 1, got: 1 });
    expect(doorsSeen.colleague.statements).toBe(1);
    expect(got(doors, "caseload-lines")?.got).toBe(ofEach);
  });

  it("opens on the device that made the records this week whatever the budget says", () => {
    const door = got(robbed.therapist.doors, "made-here-this-week");
    expect(door).toEqual({ tried: ofEach, got: ofEach });
  });
});

describe("an unlocked session of the office", () => {
  it("gives thirty identities and no care file", () => {
    expect(robbed.office.way).toMatchObject({
      held: { care: 0, identity: WISH.patients },
      opened: { care: 0, identity: 30 },
      endedBy: "over-budget",
      warned: { care: 0, identity: 24 },
      alarm: null,
    });
  });

  it("reads schedule and ledger uncounted", () => {
    expect(got(robbed.office.doors, "schedule-entries")?.got).toBe(WISH.patients);
    expect(got(robbed.office.doors, "ledger-entries")?.got).toBe(WISH.patients);
  });

  it.each([...SHUT, "others-process-gate" as const, "others-process-vault" as const])(
    "gives nothing by the door %s",
    (name) => {
      const door = got(robbed.office.doors, name);
      expect(door?.tried).toBeGreaterThan(0);
      expect(door?.got).toBe(0);
    },
  );

  it("asks two hundred names", () => {
    expect(got(robbed.office.doors, "lookups")).toEqual({ tried: 201, got: 200 });
  });
});

describe("a door that should be shut", () => {
  const door: Door = { door: "add-member", tried: 1, got: 1, said: [] };

  it("and gave something is named, and nothing else is", () => {
    const { therapist, office } = robbed;
    const thieves = (doors: readonly Door[]): Thief[] => [
      { id: "T5", yields: therapist },
      { id: "T6", yields: { ...office, doors } },
    ];
    expect(openedByLive(thieves(office.doors))).toEqual([]);
    expect(openedByLive(thieves([door]))).toEqual(["add-member"]);
  });

  it("is what a care file at the office is, too", () => {
    const { way, doors } = robbed.office;
    const yields = { doors, way: { ...way, opened: { care: 1, identity: 0 } } };
    expect(openedByLive([{ id: "T6", yields }])).toEqual(["care-at-office"]);
  });
});

describe("the rows for people", () => {
  it("say each number of both sessions", () => {
    const rows = [...therapistRows(robbed.therapist), ...officeRows(robbed.office)];
    expect(rows.every((row) => row.length === 3 && row.every((cell) => cell !== ""))).toBe(true);
    expect(rows).toContainEqual(["T5", "one more record for a crisis, of three", "1 of 3 tries"]);
    expect(rows.length).toBeGreaterThan(robbed.therapist.doors.length + robbed.office.doors.length);
  });
});
