import { beforeAll, describe, expect, test } from "vitest";
import {
  ROLES,
  bytesToId,
  checkResume,
  hashLostHeads,
  hashOrder,
  randomBytes,
  type FileId,
  type Hash,
  type LostHeads,
  type RestoreId,
  type Role,
  type Signed,
} from "@sinetti/core";
import { signApproval, type SignKey } from "@sinetti/core/secret";
import { loadSuite, TestPractice, type TestMember } from "../../../tools/testPractice.ts";
import { elapse, join, orderByKey, refusal } from "./acts.ts";

beforeAll(loadSuite);

const restore = (): RestoreId => bytesToId<RestoreId>(randomBytes(16));
const LOST: LostHeads = [{ file: "ab".repeat(16) as FileId, record: null }];

function grown(roles: readonly Role[][]): { practice: TestPractice; staff: TestMember[] } {
  const practice = new TestPractice({ week: 3000, founderRoles: ["therapist", "admin"] });
  const staff = [practice.founder, ...roles.map((each) => join(practice, each))];
  elapse(practice, 3);
  return { practice, staff };
}

function consent(practice: TestPractice, order: Signed): Signed {
  const author = { by: "code" as const, id: practice.id };
  const until = practice.week + 2;
  const content = { practice: practice.id, order: hashOrder(order), author, until };
  return signApproval(content, practice.code.secret);
}

function resumption(practice: TestPractice, by: TestMember, lost: LostHeads = []): Signed {
  const named = lost.length === 0 ? null : hashLostHeads(lost);
  return practice.order(by, "resume", { restore: restore(), lost: named });
}

function outcome(
  practice: TestPractice,
  order: Signed,
  { approvals = [], lost = [] }: { approvals?: Signed[]; lost?: LostHeads } = {},
): string {
  const { state, week } = practice;
  return refusal(() => checkResume(state, order, { approvals, lost, week }));
}

function byKey(practice: TestPractice, by: "recovery" | "code" | "kit"): Signed {
  const { founder, recovery, code } = practice;
  const keys: Record<typeof by, SignKey> = { recovery: recovery.sign, code, kit: founder.kit };
  const id = by === "kit" ? founder.member : practice.id;
  const body = { restore: restore(), lost: null as Hash | null };
  return orderByKey(practice, { by, id, key: keys[by] }, { kind: "resume", body });
}

describe("the order that ends the stillness after a restore", () => {
  test("is refused from whoever may not give it, and taken from privacy officer, administrator and paper code", () => {
    const { practice, staff } = grown(ROLES.map((role) => [role]));
    const [, ...others] = staff;
    for (const [index, member] of others.entries()) {
      const order = resumption(practice, member);
      const approvals = [practice.approval(practice.founder, order)];
      const may = ["privacy", "admin"].includes(ROLES[index] ?? "");
      expect([ROLES[index], outcome(practice, order, { approvals })]).toEqual([
        ROLES[index],
        may ? "accepted" : "not-authorised",
      ]);
    }
    for (const by of ["recovery", "kit", "code"] as const) {
      const order = byKey(practice, by);
      const approvals = [practice.approval(practice.founder, order)];
      expect([by, outcome(practice, order, { approvals })]).toEqual([
        by,
        by === "code" ? "accepted" : "not-authorised",
      ]);
    }
  });

  test("with three staff takes two of them, or one with the paper code, and never one alone", () => {
    const { practice, staff } = grown([["office"], ["therapist"]]);
    const [founder, office] = staff as [TestMember, TestMember];
    const order = resumption(practice, founder);
    expect(outcome(practice, order)).toBe("second-person-missing");
    const twice = [practice.approval(founder, order)];
    expect(outcome(practice, order, { approvals: twice })).toBe("second-person-missing");
    const young = join(practice, ["therapist"], [office]);
    const tooYoung = [practice.approval(young, order)];
    expect(outcome(practice, order, { approvals: tooYoung })).toBe("second-person-missing");
    const approvals = [practice.approval(office, order)];
    expect(outcome(practice, order, { approvals })).toBe("accepted");
    expect(outcome(practice, order, { approvals: [consent(practice, order)] })).toBe("accepted");
    expect(outcome(practice, byKey(practice, "code"))).toBe("second-person-missing");
  });

  test("with two staff takes both, or the paper code", () => {
    const { practice, staff } = grown([["office"]]);
    const [founder, office] = staff as [TestMember, TestMember];
    const order = resumption(practice, founder);
    expect(outcome(practice, order)).toBe("second-person-missing");
    const approvals = [practice.approval(office, order)];
    expect(outcome(practice, order, { approvals })).toBe("accepted");
    expect(outcome(practice, order, { approvals: [consent(practice, order)] })).toBe("accepted");
  });

  test("alone takes the paper code or a reviewer: waiting is not enough", () => {
    const { practice, staff } = grown([["reviewer"]]);
    const [founder, reviewer] = staff as [TestMember, TestMember];
    const order = resumption(practice, founder);
    expect(outcome(practice, order)).toBe("second-person-missing");
    expect(outcome(practice, order, { approvals: [consent(practice, order)] })).toBe("accepted");
    const approvals = [practice.approval(reviewer, order)];
    expect(outcome(practice, order, { approvals })).toBe("accepted");
  });

  test("names exactly what is given up", () => {
    const { practice, staff } = grown([["office"]]);
    const [founder, office] = staff as [TestMember, TestMember];
    const nothing = resumption(practice, founder);
    const something = resumption(practice, founder, LOST);
    const other: LostHeads = [{ file: "cd".repeat(16) as FileId, record: null }];
    const check = (order: Signed, lost: LostHeads): string =>
      outcome(practice, order, { lost, approvals: [practice.approval(office, order)] });
    expect(check(nothing, LOST)).toBe("malformed");
    expect(check(something, [])).toBe("malformed");
    expect(check(something, other)).toBe("malformed");
    expect(check(something, LOST)).toBe("accepted");
  });

  test("is bound to its practice, its place and its signature, and is no other order", () => {
    const { practice, staff } = grown([["office"]]);
    const [founder, office] = staff as [TestMember, TestMember];
    const approved = (order: Signed): string =>
      outcome(practice, order, { approvals: [practice.approval(office, order)] });
    const elsewhere = new TestPractice({ week: 3000 });
    expect(approved(resumption(elsewhere, elsewhere.founder))).toBe("wrong-practice");
    const order = resumption(practice, founder);
    const flipped = Uint8Array.from(order);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(approved(flipped)).toBe("bad-signature");
    expect(approved(practice.order(founder, "freeze", { member: null }))).toBe("malformed");
    const ahead = { ...practice.state, heads: practice.state.heads.slice(0, 1) };
    expect(
      refusal(() => checkResume(ahead, order, { approvals: [], lost: [], week: practice.week })),
    ).toBe("stale-head");
  });
});
