import { describe, expect, test } from "vitest";

import { fingerprintOf, type Finding } from "../src/findings.ts";
import { advanceState, emptyState, type PostureState } from "../src/findingState.ts";

const finding = (excepted: string | null = null): Finding => ({
  id: "R4",
  severity: "high",
  object: "boss",
  title: "",
  why: "",
  mend: "",
  fingerprint: fingerprintOf("R4", "boss"),
  excepted,
});
const FINGERPRINT = fingerprintOf("R4", "boss");

function look(
  state: PostureState,
  findings: readonly Finding[],
  blind: readonly string[] = [],
): PostureState {
  const now = new Date("2026-11-21T12:00:00Z");
  return advanceState(state, { database: "clinic", findings, blind: new Set(blind), now });
}
const stateOf = (state: PostureState): string | undefined =>
  state.databases["clinic"]?.[FINGERPRINT]?.state;

describe("the state of a finding", () => {
  test("goes from open to fixed, and to regressed when it is back", () => {
    const open = look(emptyState, [finding()]);
    const fixed = look(open, []);
    const back = look(fixed, [finding()]);
    expect([open, fixed, back, look(back, [finding()])].map(stateOf)).toEqual([
      "open",
      "fixed",
      "regressed",
      "regressed",
    ]);
    expect(back.databases["clinic"]?.[FINGERPRINT]?.regressions).toBe(1);
  });

  test("is excepted until its date, and then as it was", () => {
    const excepted = look(look(emptyState, [finding()]), [finding("2026-12-01")]);
    expect([stateOf(excepted), stateOf(look(excepted, [finding()]))]).toEqual(["excepted", "open"]);
  });

  test("is not fixed by a role that may not look", () => {
    const open = look(emptyState, [finding()]);
    expect(stateOf(look(open, [], ["R4"]))).toBe("open");
    expect(stateOf(look(open, [], ["N2"]))).toBe("fixed");
  });

  test("is of one database, and another one's stays as it was", () => {
    const both = advanceState(look(emptyState, [finding()]), {
      database: "other",
      findings: [],
      blind: new Set(),
      now: new Date(),
    });
    expect([stateOf(both), both.databases["other"]]).toEqual(["open", {}]);
  });

  test("has a fingerprint by check and object alone", () => {
    expect(FINGERPRINT).toMatch(/^[0-9a-f]{16}$/);
    expect(
      new Set([FINGERPRINT, fingerprintOf("R4", "bos"), fingerprintOf("R", "4boss")]).size,
    ).toBe(3);
  });
});
