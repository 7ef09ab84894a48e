import { describe, expect, test } from "vitest";

import { fingerprintOf, type Finding } from "../src/findings.ts";
import {
  MOST_CHANGES,
  advanceState,
  emptyState,
  postureStateSchema,
  type PostureState,
} from "../src/findingState.ts";

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

describe("the history of a database", () => {
  const changesOf = (state: PostureState): string[] =>
    (state.history["clinic"] ?? []).map(
      ({ change, id, until }) => `${change} ${id}${until === null ? "" : ` ${until}`}`,
    );

  test("says when a finding was opened, mended and back, and nothing of a look that changed nothing", () => {
    const open = look(look(emptyState, [finding()]), [finding()]);
    const back = look(look(look(open, []), []), [finding()]);
    expect(changesOf(look(back, [finding()]))).toEqual(["opened R4", "mended R4", "regressed R4"]);
    expect(back.history["clinic"]?.[0]).toEqual({
      at: "2026-11-21T12:00:00.000Z",
      change: "opened",
      id: "R4",
      object: "boss",
      severity: "high",
      until: null,
    });
  });

  test("says until when one was excepted, also anew, and when that was over", () => {
    const first = look(emptyState, [finding("2026-12-01")]);
    const again = look(look(first, [finding("2026-12-01")]), [finding("2026-12-24")]);
    expect(changesOf(look(again, [finding()]))).toEqual([
      "opened R4",
      "excepted R4 2026-12-01",
      "excepted R4 2026-12-24",
      "ended R4",
    ]);
  });

  test("keeps the newest changes alone, and of each database its own", () => {
    let state = emptyState;
    for (let round = 0; round <= MOST_CHANGES; round++)
      state = look(state, round % 2 === 0 ? [finding()] : []);
    expect(changesOf(state)).toHaveLength(MOST_CHANGES);
    expect(changesOf(state).at(-1)).toBe("regressed R4");
    expect(changesOf(state)).not.toContain("opened R4");
    const seen = { database: "other", findings: [], blind: new Set<string>(), now: new Date() };
    expect(advanceState(state, seen).history["other"]).toEqual([]);
    expect(postureStateSchema.parse(state)).toEqual(state);
  });

  test("begins with the first look of this version where an older one wrote the state", () => {
    const { history: _history, ...older } = look(emptyState, [finding()]);
    expect(changesOf(look(postureStateSchema.parse(older), []))).toEqual(["mended R4"]);
  });
});
