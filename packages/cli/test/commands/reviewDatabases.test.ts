import type { DatabaseEdge, PracticeId, ReviewDecision } from "@sinetti/core";
import { describe, expect, it } from "vitest";

import { decisionsOn } from "../../src/commands/reviewDatabases.ts";

const DAY = 86_400;
const AT = 1_795_000_000;

const login: DatabaseEdge = {
  database: "who",
  role: "report",
  path: ["report"],
  right: "LOGIN",
  object: "plain",
  validUntil: null,
  risks: [],
};

function untilOf(decisions: readonly Pick<ReviewDecision, "verdict" | "until">[]): number[] {
  const edges = [{ kind: "database" as const, edge: login }];
  const practice = "00".repeat(16) as PracticeId;
  const whole = decisions.map((one) => ({
    edge: 0,
    rights: 0,
    reason: "needed" as const,
    inBulk: false,
    seconds: 1,
    ...one,
  }));
  const round = { snapshot: { v: 1 as const, practice, at: AT, edges }, decisions: whole };
  return decisionsOn(round, "who").map(({ until }) => (until - AT) / DAY);
}

describe("a login that a round kept", () => {
  it("ends on the day that was said", () => {
    expect(untilOf([{ verdict: "keep", until: AT + 7 * DAY }])).toEqual([7]);
  });

  it("is looked at again after thirty days, whatever day was said", () => {
    expect(untilOf([{ verdict: "keep", until: 0 }])).toEqual([30]);
    expect(untilOf([{ verdict: "keep", until: AT + 36_500 * DAY }])).toEqual([30]);
  });

  it("ends after fourteen days where nobody decided", () => {
    expect(untilOf([])).toEqual([14]);
  });
});
