import { beforeAll, describe, expect, test } from "vitest";
import {
  closerOf,
  decodeReviewDecisions,
  decodeShape,
  encodeReviewDecisions,
  encodeShape,
  practiceStateShape,
  readOrder,
  reviewOf,
  type Hash,
  type OrderId,
  type PracticeId,
  type ReviewDecision,
} from "@sinetti/core";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import { elapse, give, join, refusal, tryOrder, type BodyOf } from "./acts.ts";

beforeAll(loadSuite);

const SNAPSHOT = "ab".repeat(32) as Hash;
const DECISIONS = "cd".repeat(32) as Hash;

const roundOf = (practice: TestPractice, round: OrderId) => {
  const found = reviewOf(practice.state, round);
  if (found === null) throw new TypeError("no round");
  return found;
};

/** A practice with two privacy officers, and a round of three edges by the first of them. */
function scene() {
  const practice = new TestPractice({ week: 3000 });
  const officer = join(practice, ["privacy"]);
  const other = join(practice, ["privacy"]);
  const therapist = join(practice, ["therapist"]);
  elapse(practice, 3);
  const opened = give(practice, officer, {
    kind: "review.open",
    body: { snapshot: SNAPSHOT, edges: 3 },
  });
  const round = readOrder(opened).id;
  const closing = (change: Partial<BodyOf<"review.close">> = {}) => ({
    round,
    decisions: DECISIONS,
    kept: 1,
    narrowed: 1,
    revoked: 0,
    left: 1,
    ...change,
  });
  const tryClose = (by: TestMember, change: Partial<BodyOf<"review.close">> = {}) =>
    tryOrder(practice, { by, order: practice.order(by, "review.close", closing(change)) });
  return { practice, officer, other, therapist, round, closing, tryClose };
}

describe("a round of review", () => {
  test("is closed by a privacy officer, once, and no other round is closed with it", () => {
    const { practice, officer, therapist, closing, tryClose } = scene();
    expect(tryClose(therapist)).toBe("not-authorised");
    expect(tryClose(officer, { round: "99".repeat(16) as OrderId })).toBe("broken-chain");
    give(practice, officer, { kind: "review.close", body: closing() });
    expect(tryClose(officer)).toBe("broken-chain");
  });

  test("may be closed by another officer than the one who opened it, and the state says who", () => {
    const { practice, officer, other, round, closing } = scene();
    expect(closerOf(roundOf(practice, round))).toBe(null);
    give(practice, other, { kind: "review.close", body: closing() });
    expect(reviewOf(practice.state, round)).toMatchObject({
      by: officer.member,
      snapshot: SNAPSHOT,
      closed: { by: other.member, decisions: DECISIONS, kept: 1, narrowed: 1, revoked: 0, left: 1 },
    });
    expect(closerOf(roundOf(practice, round))).toBe(other.member);
  });

  test("that was closed before another could close it was closed by its opener", () => {
    const { practice, officer, round, closing } = scene();
    give(practice, officer, { kind: "review.close", body: closing() });
    const { closed, ...open } = roundOf(practice, round);
    if (closed === null) throw new TypeError("not closed");
    const { by: _by, ...before } = closed;
    expect(closerOf({ ...open, closed: before })).toBe(officer.member);
  });

  test("accounts for each of its edges", () => {
    const { officer, tryClose } = scene();
    expect(tryClose(officer, { left: 0 })).toBe("malformed");
    expect(tryClose(officer, { kept: 2 })).toBe("malformed");
    expect(tryClose(officer)).toBe("accepted");
  });

  test("is kept in the folded state, and a state from before there were rounds is read as it is", () => {
    const { practice, round } = scene();
    const kept = decodeShape(practiceStateShape, encodeShape(practiceStateShape, practice.state));
    expect(reviewOf(kept, round)?.edges).toBe(3);
    const { reviews: _reviews, ...before } = practice.state;
    const old = decodeShape(practiceStateShape, encodeShape(practiceStateShape, before));
    expect(reviewOf(old, round)).toBe(null);
  });
});

test("decisions name each edge once, in their order", () => {
  const decision = (edge: number): ReviewDecision => ({
    edge,
    verdict: "keep",
    rights: 1,
    until: 3013,
    reason: "needed",
    inBulk: false,
    seconds: 2,
  });
  const read = (edges: readonly number[]): string =>
    refusal(() =>
      decodeReviewDecisions(
        encodeReviewDecisions({
          v: 1,
          practice: "11".repeat(16) as PracticeId,
          round: "22".repeat(16) as OrderId,
          decisions: edges.map(decision),
        }),
      ),
    );
  expect(read([0, 1, 5])).toBe("accepted");
  expect(read([0, 0])).toBe("malformed");
  expect(read([1, 0])).toBe("malformed");
});
