import { describe, expect, test } from "vitest";

import { approvalCheck } from "../src/checks/approval.ts";
import type { Context } from "../src/checks/check.ts";
import type { PolicyInUse, PracticeWord } from "../src/policy/approvedPolicy.ts";
import type { PosturePolicy } from "../src/policy/policy.ts";
import { policyChanges } from "../src/policy/policyChanges.ts";
import { readPolicy } from "../src/policy/readPolicy.ts";

const IN_USE = "ab".repeat(32);
const OTHER = "cd".repeat(32);

const word = (change: Partial<PracticeWord> = {}): PracticeWord => ({
  practice: "11".repeat(16),
  approved: IN_USE,
  isNew: false,
  isVerified: true,
  ...change,
});

/** Severity and object of what the check finds; it looks at nothing else. */
function found(inUse: PolicyInUse | null): string[] {
  return approvalCheck
    .find({ inUse } as Context)
    .map(({ severity = approvalCheck.severity, object }) => `${severity} ${object}`);
}
const foundOf = (...words: PracticeWord[]): string[] => found({ sha256: IN_USE, words });

describe("the policy in use", () => {
  test("is high where a practice approved another one, wherever it is new or not", () => {
    for (const isNew of [true, false])
      expect(foundOf(word({ approved: OTHER, isNew }))).toEqual([
        `high practice ${"11".repeat(16)}`,
      ]);
  });

  test("is high where statements do not verify or cannot be read, whatever they say", () => {
    expect(foundOf(word({ isVerified: false, isNew: true }))).toEqual([
      `high practice ${"11".repeat(16)}`,
    ]);
    expect(found({ sha256: IN_USE, words: null })).toEqual(["high statements of the practices"]);
  });

  test("is medium where a practice approved none, and low as long as the practice is new", () => {
    expect(foundOf(word({ approved: null }))).toEqual([`medium practice ${"11".repeat(16)}`]);
    expect(foundOf(word({ approved: null, isNew: true }))).toEqual([
      `low practice ${"11".repeat(16)}`,
    ]);
  });

  test("is found for each practice by itself, and for none that approved it", () => {
    const other = word({ practice: "22".repeat(16), approved: OTHER });
    expect(foundOf(word(), other)).toEqual([`high practice ${"22".repeat(16)}`]);
    expect(foundOf(word())).toEqual([]);
    expect(foundOf()).toEqual([]);
    expect(found(null)).toEqual([]);
  });
});

describe("what changed between two policies", () => {
  const read = (text: string): PosturePolicy => {
    const policy = readPolicy(`sinettiPosture: 1\n${text}`, new Date("2026-11-21T12:00:00Z"));
    if (!policy.ok) throw new TypeError("no policy");
    return policy.value;
  };
  const app = (relations: string): PosturePolicy =>
    read(`roles:\n  app: { kind: application, relations: { ${relations} } }\n`);

  test("is said declaration by declaration", () => {
    expect(
      policyChanges(
        app("public.note: [select]"),
        app("public.note: [select, delete], public.log: [insert]"),
      ),
    ).toEqual({
      added: ["roles.app.relations.public.log: insert", "roles.app.relations.public.note: delete"],
      removed: [],
    });
  });

  test("names a list that is no longer compared, and one that allows nothing", () => {
    expect(policyChanges(read("listen: []\n"), read(""))).toEqual({
      added: [],
      removed: ["listen: none"],
    });
    expect(policyChanges(read("listen: [10.0.0.1]\n"), read("listen: []\n"))).toEqual({
      added: ["listen: none"],
      removed: ["listen: 10.0.0.1"],
    });
    const wide = read("roles: { helper: { kind: person, login: true } }\n");
    expect(policyChanges(read(""), wide).added).toContain("roles.helper.login: true");
  });

  test("is nothing where only comments, order or layout are others", () => {
    const [one, other] = [read("# a comment\nschemas: [a, b]\n"), read("schemas:\n  - b\n  - a\n")];
    expect(policyChanges(one, other)).toEqual({ added: [], removed: [] });
  });
});
