import {
  POSTURE_LIMITS,
  readPostureBoard,
  type MemberId,
  type PostureBoard,
  type PracticeId,
} from "@sinetti/core";
import { advanceState, emptyState, fingerprintOf, type Finding } from "@sinetti/posture";
import { describe, expect, test } from "vitest";

import type { BorneFault } from "../../src/posture/borneFaults.ts";
import { boardBytes } from "../../src/posture/postureBoard.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

function finding(object: string, wish: Partial<Finding> = {}): Finding {
  return {
    id: "N2",
    severity: "critical",
    object,
    title: "A line lets in without a password",
    why: "Vastaamo",
    mend: "take out line 3",
    fingerprint: fingerprintOf("N2", object),
    excepted: null,
    ...wish,
  };
}

/** What the service reads after one look. */
function told(findings: readonly Finding[], borne: readonly BorneFault[] = []): PostureBoard {
  const blind = new Set(["E1"]);
  const state = advanceState(emptyState, { database: "who", findings, blind, now: NOW });
  const source = { service: "who", findings, blind, borne, state, deployment: null } as const;
  return readPostureBoard(boardBytes(source), "who");
}

describe("what a service is told", () => {
  test("is each finding with its mend, when it was seen first, and who bears it", () => {
    const signed = [
      {
        practice: "11".repeat(16) as PracticeId,
        reason: "moving",
        by: ["22".repeat(16) as MemberId],
      },
    ];
    const { fingerprint } = finding("a line");
    const borne = [{ fingerprint, until: "2026-12-01", reason: "moving", signed }];
    const board = told([finding("a line", { excepted: "2026-12-01" }), finding("another")], borne);
    expect(board).toMatchObject({
      looked: NOW.getTime() / 1000,
      blind: ["E1"],
      left: 0,
      hosts: null,
    });
    expect(board.findings).toEqual([
      expect.objectContaining({ state: "excepted", until: "2026-12-01", signed }),
      expect.objectContaining({ state: "open", until: null, signed: [], mend: "take out line 3" }),
    ]);
    expect(board.findings[0]?.first).toBe(NOW.getTime() / 1000);
    expect(board.changes.map(({ change }) => change)).toEqual(
      ["opened", "excepted", "opened"].reverse(),
    );
  });

  test("has a mend whole or not at all, and long words cut", () => {
    const { mend, text } = POSTURE_LIMITS;
    const [whole, without] = told([
      finding("a", { mend: "x".repeat(mend) }),
      finding("b".repeat(text + 1), { mend: "x".repeat(mend + 1) }),
    ]).findings;
    expect(whole?.mend).toHaveLength(mend);
    expect(without?.mend).toBeNull();
    expect([without?.object.length, without?.object.at(-1)]).toEqual([text, "…"]);
  });

  test("is of very many findings the worst, and how many had no room", () => {
    const { findings: most, mend } = POSTURE_LIMITS;
    const many = Array.from({ length: most + 7 }, (_, index) => finding(`line ${index}`));
    const board = told(many);
    expect([board.findings.length, board.left]).toEqual([most, 7]);
    const large = told(many.map((one) => ({ ...one, mend: "x".repeat(mend) })));
    expect(large.findings.length + large.left).toBe(many.length);
    expect(large.findings.length).toBeGreaterThan(50);
    expect(large.findings[0]?.object).toBe("line 0");
  });
});
