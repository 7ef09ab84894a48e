import {
  DEFAULT_POLICY,
  RIGHTS,
  policyAt,
  startAccess,
  weekStart,
  type CaseId,
  type Compartment,
  type FileId,
  type Grant,
  type Order,
  type Purpose,
} from "@sinetti/core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { loadSuite, TestPractice, type TestMember } from "../../../tools/testPractice.ts";
import { MemberBudget, type OpenedUnit } from "../src/policyBudget.ts";
import { decideRelease, type LiveApproval, type ReleaseCase } from "../src/policyRelease.ts";
import type { PracticeView } from "../src/practiceView.ts";
import type { StoredFile } from "../src/store/fileStore.ts";
import { randomId } from "./gatePractice.ts";

const DAY = 86_400;
const WEEK = 2900;
const NOW = weekStart(WEEK) + 2 * DAY;

let practice: TestPractice;
let member: TestMember;
beforeAll(loadSuite);
beforeEach(() => {
  practice = new TestPractice({ week: WEEK });
  member = practice.add(["therapist"]);
});

function storedFile(
  grant: Partial<Grant> | null = {},
  options: { compartment?: Compartment; stored?: Partial<StoredFile>; week?: number } = {},
): StoredFile {
  const { compartment = "care", stored = {} } = options;
  const grants = grant === null ? [] : [practice.grant(member, { rights: RIGHTS.read, ...grant })];
  const isCounted = ["care", "identity"].includes(compartment);
  const file = practice.createFile(practice.founder, compartment, {
    grants,
    ...(isCounted ? {} : { caseId: null }),
  });
  const state = startAccess(file.link, { practice: practice.state, week: null });
  const rest = { createdAt: NOW - 30 * DAY, lastReleasedAt: null, canary: false, record: null };
  return { state, ...rest, ...stored };
}

interface Circumstances {
  purpose?: Purpose;
  time?: number;
  stops?: Order[];
  blocked?: boolean;
  isSpent?: boolean;
  opened?: OpenedUnit[];
  cases?: number;
  extra?: number;
  approvals?: LiveApproval[];
  recent?: FileId[];
  by?: TestMember;
}

function releaseCase(circumstances: Circumstances): ReleaseCase {
  const { time = NOW, opened = [], cases = 0, extra = 0, by = member } = circumstances;
  const view: PracticeView = {
    practice: practice.id,
    state: practice.state,
    overlay: 0,
    stops: circumstances.stops ?? [],
    blocked: new Map(circumstances.blocked === true ? [[by.member, NOW]] : []),
    restored: null,
  };
  const budget = new MemberBudget({
    policy: policyAt(practice.state),
    time,
    cases,
    extra,
    opened,
    isSpent: circumstances.isSpent === true,
  });
  return {
    view,
    member: by.member,
    device: by.device,
    purpose: circumstances.purpose ?? "session",
    time,
    budget,
    approvals: circumstances.approvals ?? [],
    recent: new Set(circumstances.recent ?? []),
  };
}

const decide = (files: StoredFile[], circumstances: Circumstances = {}) =>
  decideRelease(
    releaseCase(circumstances),
    files.map((stored) => ({ file: stored.state.file, epoch: 1, stored })),
  );
const outcomeOf = (file: StoredFile, circumstances: Circumstances = {}) =>
  decide([file], circumstances)[0]?.outcome;

const approvalOf = (
  scope: LiveApproval["scope"],
  files: FileId[] = [],
  left = 1,
): LiveApproval => ({
  index: 3,
  scope,
  files: new Set(files),
  left,
});
const openedUnits = (count: number, lastAt: number): OpenedUnit[] =>
  Array.from({ length: count }, () => ({
    class: "care" as const,
    unit: randomId() as string as CaseId,
    lastAt,
    crisisAt: null,
  }));

describe("what a member may read", () => {
  it.each<[string, () => StoredFile, Circumstances, string]>([
    ["nothing without a grant", () => storedFile(null), {}, "not-granted"],
    [
      "nothing with the right to write alone",
      () => storedFile({ rights: RIGHTS.write }),
      {},
      "not-granted",
    ],
    ["nothing when the week is over", () => storedFile({ expires: WEEK }), {}, "lapsed"],
    [
      "no erased file",
      () => {
        const file = storedFile();
        file.state.phases.push({ seq: 0, phase: "erased" });
        return file;
      },
      {},
      "erased",
    ],
    [
      "no closed file",
      () => {
        const file = storedFile();
        file.state.phases.push({ seq: 0, phase: "closed" });
        return file;
      },
      {},
      "cold",
    ],
    [
      "no file that slept 180 days",
      () =>
        storedFile(
          {},
          { stored: { createdAt: NOW - 200 * DAY, lastReleasedAt: NOW - 180 * DAY - 1 } },
        ),
      {},
      "cold",
    ],
    [
      "a grant that asks each time, without an approval",
      () => storedFile({ term: "approved" }),
      {},
      "approval-needed",
    ],
    [
      "a file that slept 180 days to the second",
      () =>
        storedFile({}, { stored: { createdAt: NOW - 200 * DAY, lastReleasedAt: NOW - 180 * DAY } }),
      {},
      "released",
    ],
    ["what is granted", () => storedFile(), {}, "released"],
  ])("is %s", (_what, file, circumstances, outcome) => {
    expect(outcomeOf(file(), circumstances)).toBe(outcome);
  });

  it("is not what a stop has revoked, of that file and that member", () => {
    const [file, other] = [storedFile(), storedFile()];
    const stop = {
      kind: "revoke",
      body: { file: file.state.file, subject: { type: "member", id: member.member } },
    } as Order;
    expect(outcomeOf(file, { stops: [stop] })).toBe("not-granted");
    expect(outcomeOf(other, { stops: [stop] })).toBe("released");
  });

  it("runs on for 14 days of grace when it was used lately, with an alarm, and no longer", () => {
    const file = storedFile({ expires: WEEK - 1 });
    const recent = [file.state.file];
    expect(decide([file], { recent })[0]).toMatchObject({ outcome: "released", exempt: "grace" });
    expect(outcomeOf(file, { recent, time: NOW + 7 * DAY })).toBe("lapsed");
  });
});

describe("a freeze", () => {
  const frozen = (): Circumstances["stops"] => [
    { kind: "freeze", body: { member: member.member } } as Order,
  ];
  it("stops everything but crisis and response with an approval", () => {
    const file = storedFile();
    const approvals = (): LiveApproval[] => [approvalOf("care")];
    expect(outcomeOf(file, { stops: frozen() ?? [] })).toBe("frozen");
    expect(outcomeOf(file, { stops: frozen() ?? [], purpose: "crisis" })).toBe("frozen");
    expect(outcomeOf(file, { stops: frozen() ?? [], approvals: approvals() })).toBe("frozen");
    for (const purpose of ["crisis", "response"] as const)
      expect(outcomeOf(file, { stops: frozen() ?? [], purpose, approvals: approvals() })).toBe(
        "released",
      );
  });

  it("stops a member who opened a canary, and nobody else", () => {
    const file = storedFile();
    expect(outcomeOf(file, { blocked: true })).toBe("frozen");
    expect(outcomeOf(file, { by: practice.founder })).toBe("released");
  });
});

describe("an approval", () => {
  it.each<[string, (file: StoredFile) => LiveApproval, string]>([
    ["of another class", () => approvalOf("identity"), "approval-needed"],
    ["of other files", () => approvalOf("files", [randomId()]), "approval-needed"],
    ["used up", () => approvalOf("all", [], 0), "approval-needed"],
    ["of its class", () => approvalOf("care"), "released"],
    ["of this file", (file) => approvalOf("files", [file.state.file]), "released"],
    ["of everything", () => approvalOf("all"), "released"],
  ])("%s", (_what, approval, outcome) => {
    const file = storedFile({ term: "approved" });
    expect(outcomeOf(file, { approvals: [approval(file)] })).toBe(outcome);
  });

  it("gives no rights: what is not granted stays closed", () => {
    expect(outcomeOf(storedFile(null), { approvals: [approvalOf("all")] })).toBe("not-granted");
  });

  it("lets a canary pass, so that approved bulk work trips nothing, and is used once for each file", () => {
    const canary = storedFile({}, { stored: { canary: true } });
    expect(outcomeOf(canary)).toBe("canary");
    const approvals = [approvalOf("all")];
    const decided = decide([canary, storedFile({ term: "approved" })], { approvals });
    expect(decided.map(({ outcome }) => outcome)).toEqual(["released", "approval-needed"]);
    expect(decided[0]).toMatchObject({ approval: 3, counted: false });
  });

  it("never gives a canary out: an approved export goes past it and trips nothing", () => {
    const canary = storedFile({}, { stored: { canary: true } });
    const approvals = [approvalOf("all", [], 2)];
    const decided = decide([canary, storedFile()], { approvals, purpose: "export" });
    expect(decided.map(({ outcome }) => outcome)).toEqual(["not-granted", "released"]);
  });
});

describe("the budget", () => {
  it.each<[string, number, number, number]>([
    ["ten minutes", 12, 60, 0],
    ["a day", 30, 3600, 0],
    ["30 days", 120, 2 * DAY, 0],
    ["30 days of a caseload of 200", 250, 2 * DAY, 200],
  ])("of %s ends at its limit", (_what, limit, ago, cases) => {
    const file = storedFile();
    const ask = (count: number, extra = 0) =>
      outcomeOf(file, { opened: openedUnits(count, NOW - ago), cases, extra });
    expect(ask(limit)).toBe("over-budget");
    expect(ask(limit - 1)).toBe("released");
    expect(ask(limit, 1)).toBe("released");
  });

  it("is not asked for a case that is open already, nor for what is not counted", () => {
    const file = storedFile();
    const unit = file.state.case;
    if (unit === null) throw new Error("a care file has a case");
    const full = openedUnits(12, NOW - 60);
    const own = { class: "care" as const, unit, lastAt: NOW - 60, crisisAt: null };
    expect(outcomeOf(file, { opened: [...full, own] })).toBe("released");
    const directory = storedFile(
      { rights: RIGHTS.read },
      { compartment: "directory", stored: { createdAt: NOW - 900 * DAY } },
    );
    expect(decide([directory], { opened: full })[0]).toMatchObject({
      outcome: "released",
      counted: false,
    });
  });

  it("counts each class by itself", () => {
    const opened = openedUnits(12, NOW - 60).map((unit) => ({
      ...unit,
      class: "identity" as const,
    }));
    expect(outcomeOf(storedFile(), { opened })).toBe("released");
  });

  it("spares what the same device created less than seven days ago", () => {
    const opened = openedUnits(12, NOW - 60);
    const young = storedFile(null, { stored: { createdAt: NOW - 7 * DAY + 1 } });
    const by = practice.founder;
    expect(decide([young], { opened, by })[0]).toMatchObject({
      outcome: "released",
      exempt: "created",
      counted: false,
    });
    const old = storedFile(null, { stored: { createdAt: NOW - 7 * DAY } });
    expect(outcomeOf(old, { opened, by })).toBe("over-budget");
  });

  it("has room for one crisis, also of a cold file, and not for what is not granted", () => {
    const opened = openedUnits(12, NOW - 60);
    const cold = storedFile({}, { stored: { createdAt: NOW - 500 * DAY } });
    const files = [storedFile(null), cold, storedFile()];
    expect(decide(files, { opened, purpose: "crisis" }).map(({ outcome }) => outcome)).toEqual([
      "not-granted",
      "released",
      "over-budget",
    ]);
  });

  it("counts as spent after a restore, but for a crisis, an approval and what was opened before", () => {
    const isSpent = true;
    expect(outcomeOf(storedFile(), { isSpent })).toBe("over-budget");
    expect(outcomeOf(storedFile(), { isSpent, purpose: "crisis" })).toBe("released");
    const approvals = [{ index: 1, scope: "all" as const, files: new Set<FileId>(), left: 1 }];
    expect(outcomeOf(storedFile(), { isSpent, approvals })).toBe("released");
    const known = storedFile();
    const unit = known.state.case;
    if (unit === null) throw new TypeError("a case");
    const opened = [{ class: "care" as const, unit, lastAt: NOW - 60, crisisAt: null }];
    expect(outcomeOf(known, { isSpent, opened })).toBe("released");
    expect(outcomeOf(storedFile(), { isSpent, opened })).toBe("over-budget");
  });

  it("follows the signed policy", () => {
    const policy = { ...DEFAULT_POLICY, care: { ...DEFAULT_POLICY.care, tenMinutes: 2 } };
    practice.state.policies = [{ seq: 0, policy }];
    const files = [storedFile(), storedFile(), storedFile()];
    expect(decide(files).map(({ outcome }) => outcome)).toEqual([
      "released",
      "released",
      "over-budget",
    ]);
  });
});
