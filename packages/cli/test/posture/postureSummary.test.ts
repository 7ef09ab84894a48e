import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import {
  NEVER_LOOKED,
  STATE_FILE,
  postureSummary,
  summaryLines,
} from "../../src/posture/postureSummary.ts";

const NOW = new Date("2026-11-21T12:00:00.000Z");
const folder = mkdtempSync(join(tmpdir(), "sinetti-summary-"));
afterAll(() => rmSync(folder, { recursive: true }));

function summaryOf(looked: Readonly<Record<string, string>>): ReturnType<typeof postureSummary> {
  const state = { sinettiPostureState: 1, looked, databases: {} };
  writeFileSync(join(folder, STATE_FILE), JSON.stringify(state));
  return postureSummary(folder, NOW);
}

describe("what is said of posture", () => {
  it("has no name of a database steer a terminal or begin a line", () => {
    const at = "2026-11-21T11:00:00.000Z";
    const finding = {
      id: "R1",
      object: "gh\u001b[2J\nposture: all is well",
      severity: "critical",
      until: "2026-12-01",
      state: "excepted",
      first: at,
      last: at,
      fixed: null,
      regressions: 0,
    };
    const databases = { who: { "0123456789abcdef": finding } };
    const state = { sinettiPostureState: 1, looked: { who: at }, databases };
    writeFileSync(join(folder, STATE_FILE), JSON.stringify(state));
    const lines = summaryLines(postureSummary(folder, NOW));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("EXCEPTED until 2026-12-01: who R1 gh");
    expect(lines.join("")).not.toMatch(/[\u001b\n]/);
  });
});

describe("posture is late", () => {
  it("not where all were looked at within two hours", () => {
    const looked = { who: "2026-11-21T11:00:00.000Z", gate: "2026-11-21T12:10:00.000Z" };
    expect(summaryOf(looked)).toMatchObject({ isLate: false, looked: looked.who });
  });

  it("where one was looked at long ago, or never answered", () => {
    const fresh = "2026-11-21T11:00:00.000Z";
    expect(summaryOf({ who: fresh, gate: "2026-11-21T09:59:00.000Z" })?.isLate).toBe(true);
    expect(summaryOf({ who: fresh, gate: NEVER_LOOKED })).toMatchObject({
      isLate: true,
      looked: null,
    });
    expect(summaryOf({})?.isLate).toBe(true);
  });

  it("where one was looked at in the future: a clock that was put back must not make it fresh for days", () => {
    const looked = { who: "2026-11-21T11:00:00.000Z", gate: "2026-11-28T11:00:00.000Z" };
    expect(summaryOf(looked)?.isLate).toBe(true);
  });
});
