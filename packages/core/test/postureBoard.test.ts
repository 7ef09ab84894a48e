import { describe, expect, test } from "vitest";
import {
  POSTURE_LIMITS,
  borneDays,
  encodeShape,
  criticalFaults,
  postureBoardShape,
  readPostureBoard,
  shownBoard,
  type MemberId,
  type PostureBoard,
  type PracticeId,
} from "@sinetti/core";

import { boardFinding } from "../../../tools/testBoard.ts";

type Finding = PostureBoard["findings"][number];

const OWN = "11".repeat(16) as PracticeId;
const OTHER = "22".repeat(16) as PracticeId;
const signer = "33".repeat(16) as MemberId;
const stranger = "44".repeat(16) as MemberId;

const excepted = (wish: Partial<Finding> = {}): Finding =>
  boardFinding({ state: "excepted", until: "2026-12-01", ...wish });
const board = (findings: Finding[]): PostureBoard => ({
  v: 1,
  service: "who",
  looked: 1_800_000_000,
  blind: [],
  left: 0,
  changes: [],
  hosts: null,
  findings,
});
const read = (findings: Finding[], service: "who" | "what" | "gate" = "who"): PostureBoard =>
  readPostureBoard(encodeShape(postureBoardShape, board(findings)), service);

describe("a board of posture", () => {
  test("is read as it was written, by the service that it is about and no other", () => {
    const findings = [boardFinding(), excepted()];
    expect(read(findings)).toEqual(board(findings));
    expect(() => read(findings, "gate")).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  test("is refused past each of its bounds", () => {
    const { findings, text, mend, boardBytes } = POSTURE_LIMITS;
    const many = (count: number): Finding[] => Array.from({ length: count }, () => boardFinding());
    expect(read(many(findings)).findings).toHaveLength(findings);
    expect(() => read(many(findings + 1))).toThrow(expect.objectContaining({ code: "too-large" }));
    for (const [key, length] of [
      ["object", text],
      ["why", text],
      ["mend", mend],
    ] as const) {
      expect(read([boardFinding({ [key]: "x".repeat(length) })]).findings).toHaveLength(1);
      expect(() => read([boardFinding({ [key]: "x".repeat(length + 1) })])).toThrow(
        expect.objectContaining({ code: "malformed" }),
      );
    }
    for (const until of ["2026-12-1", "2026-12-011", "tomorrow", ""])
      expect(() => read([excepted({ until })])).toThrow(
        expect.objectContaining({ code: "malformed" }),
      );
    const large = Array.from({ length: findings }, () => boardFinding({ mend: "x".repeat(mend) }));
    expect(() => read(large)).toThrow(expect.objectContaining({ code: "too-large" }));
    expect(boardBytes).toBeLessThan(findings * mend);
  });

  test("says of critical faults alone until when they are borne, soonest first, and how many nobody bears", () => {
    const findings = [
      excepted({ until: "2026-12-09" }),
      excepted(),
      excepted({ severity: "high", until: "2026-11-30" }),
      boardFinding(),
      boardFinding({ state: "regressed" }),
      boardFinding({ severity: "high" }),
    ];
    expect(borneDays(board(findings))).toEqual(["2026-12-01", "2026-12-09"]);
    expect(criticalFaults(board(findings))).toBe(2);
  });

  test("shows a practice its own reason and signers, and of another one neither", () => {
    const signed = [
      { practice: OTHER, reason: "theirs", by: [stranger] },
      { practice: OWN, reason: "ours", by: [signer] },
    ];
    const shown = shownBoard(board([excepted({ signed })]), OWN);
    expect(shown.findings).toEqual([
      expect.objectContaining({ until: "2026-12-01", reason: "ours", by: [signer] }),
    ]);
    const theirs = shownBoard(board([excepted({ signed: signed.slice(0, 1) })]), OWN);
    expect(theirs.findings).toEqual([expect.objectContaining({ reason: null, by: [] })]);
    expect(JSON.stringify([shown, theirs])).not.toMatch(new RegExp(`theirs|${stranger}|${OTHER}`));
  });

  test("shows a practice nothing that names another one", () => {
    const findings = [OWN, OTHER].map((practice) =>
      boardFinding({ object: `practice ${practice}` }),
    );
    const changes = findings.map(({ id, object }) => {
      return { at: 1, change: "opened", id, severity: null, object, until: null } as const;
    });
    const shown = shownBoard(
      { ...board([...findings, boardFinding()]), changes: [...changes] },
      OWN,
    );
    expect(shown.findings.map(({ object }) => object)).toEqual([
      `practice ${OWN}`,
      boardFinding().object,
    ]);
    expect(shown.changes.map(({ object }) => object)).toEqual([`practice ${OWN}`]);
  });
});
