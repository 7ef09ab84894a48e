import { beforeAll, describe, expect, test } from "vitest";
import {
  applyPracticeStatement,
  approvedPolicy,
  decodeShape,
  encodeShape,
  hashOrder,
  practiceStateShape,
  readStatement,
  type Hash,
  type ServiceName,
  type Signed,
} from "@sinetti/core";
import { signApproval } from "@sinetti/core/secret";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import { elapse, give, join, orderByKey, tryOrder } from "./acts.ts";

beforeAll(loadSuite);

const FIRST = "ab".repeat(32) as Hash;
const SECOND = "cd".repeat(32) as Hash;

/** A practice of grown members: an administrator, and whoever else. */
function practiceOf(...roles: TestMember["roles"][]) {
  const practice = new TestPractice({ founderRoles: ["admin"], week: 3000 });
  const others = roles.map((each) => join(practice, each));
  elapse(practice, 3);
  const propose = (
    policy: Hash,
    replaces: Hash | null = null,
    database: ServiceName = "who",
  ): Signed => practice.order(practice.founder, "posture.policy", { database, policy, replaces });
  const tried = (order: Signed, ...approvals: Signed[]): string =>
    tryOrder(practice, { by: practice.founder, order, approvals });
  return { practice, admin: practice.founder, others, propose, tried };
}

function codeApproval(practice: TestPractice, order: Signed): Signed {
  const author = { by: "code" as const, id: practice.id };
  const content = { practice: practice.id, order: hashOrder(order), author, until: 4000 };
  return signApproval(content, practice.code.secret);
}

describe("the declared policy of a database", () => {
  test("is not approved by its administrator, another role, a young or frozen officer, or the paper code", () => {
    const { practice, admin, others, propose, tried } = practiceOf(
      ["therapist"],
      ["privacy"],
      ["admin"],
      ["reviewer"],
    );
    const [therapist, officer, otherAdmin, reviewer] = others as [
      TestMember,
      TestMember,
      TestMember,
      TestMember,
    ];
    const young = join(practice, ["privacy"], [therapist]);
    const order = propose(FIRST);
    const by = (...members: TestMember[]): string =>
      tried(order, ...members.map((each) => practice.approval(each, order)));
    for (const refused of [[], [admin], [therapist], [otherAdmin, therapist], [reviewer], [young]])
      expect(by(...refused)).toBe("second-person-missing");
    expect(tried(order, codeApproval(practice, order))).toBe("second-person-missing");
    expect(tried(order, practice.approval(officer, propose(SECOND)))).toBe("second-person-missing");
    expect(by(officer)).toBe("accepted");
    const body = { member: officer.member };
    give(practice, therapist, { kind: "freeze", body });
    const after = propose(FIRST);
    expect(tried(after, practice.approval(officer, after))).toBe("second-person-missing");
  });

  test("is proposed by no privacy officer, and by no officer for an administrator", () => {
    const { practice, admin, others } = practiceOf(["privacy"], ["therapist"]);
    const [officer] = others as [TestMember];
    const body = { database: "who" as const, policy: FIRST, replaces: null };
    const order = practice.order(officer, "posture.policy", body);
    const approvals = [practice.approval(admin, order)];
    expect(tryOrder(practice, { by: officer, order, approvals })).toBe("not-authorised");
    for (const by of ["recovery", "code"] as const) {
      const key = by === "code" ? practice.code : practice.recovery.sign;
      const paper = orderByKey(
        practice,
        { by, id: practice.id, key },
        { kind: "posture.policy", body },
      );
      const seconded = [practice.approval(officer, paper)];
      expect(tryOrder(practice, { by: admin, order: paper, approvals: seconded })).toBe(
        "not-authorised",
      );
    }
  });

  test("takes both of two, or the paper code; and one alone in a practice of one", () => {
    const two = practiceOf(["privacy", "therapist"]);
    const order = two.propose(FIRST);
    expect(two.tried(order)).toBe("second-person-missing");
    expect(two.tried(order, two.practice.approval(two.others[0] as TestMember, order))).toBe(
      "accepted",
    );
    expect(two.tried(order, codeApproval(two.practice, order))).toBe("accepted");
    const unfit = practiceOf(["therapist"]);
    const other = unfit.propose(FIRST);
    expect(unfit.tried(other, unfit.practice.approval(unfit.others[0] as TestMember, other))).toBe(
      "second-person-missing",
    );
    const alone = practiceOf();
    expect(alone.tried(alone.propose(FIRST))).toBe("accepted");
  });

  test("replaces the one that is approved, and no other: what was proposed before it is overtaken", () => {
    const { practice, others, propose, tried } = practiceOf(["privacy"]);
    const officer = others[0] as TestMember;
    const approved = (order: Signed): string => tried(order, practice.approval(officer, order));
    const overtaken = propose(SECOND);
    expect(approved(propose(FIRST, SECOND))).toBe("broken-chain");
    const first = propose(FIRST);
    const approvals = [practice.approval(officer, first)];
    applyPracticeStatement(
      practice.state,
      readStatement(practice.statement(practice.founder, first, approvals)),
      { week: practice.week },
    );
    expect(approved(overtaken)).toBe("broken-chain");
    expect(approved(propose(SECOND, null, "what"))).toBe("accepted");
    expect(approved(propose(SECOND, FIRST))).toBe("accepted");
    expect(approvedPolicy(practice.state, "what")).toBe(null);
    expect(approvedPolicy(practice.state, "who")).toEqual({
      policy: FIRST,
      by: practice.founder.member,
      approvers: [officer.member],
      seq: practice.state.heads.length - 1,
      week: 3003,
    });
  });

  test("is kept in the folded state, and a state from before there were any is read as it is", () => {
    const { practice, others } = practiceOf(["privacy"]);
    give(practice, practice.founder, {
      kind: "posture.policy",
      body: { database: "gate", policy: FIRST, replaces: null },
      approvers: [others[0] as TestMember],
    });
    const kept = decodeShape(practiceStateShape, encodeShape(practiceStateShape, practice.state));
    expect(approvedPolicy(kept, "gate")?.policy).toBe(FIRST);
    const { posturePolicies: _policies, ...before } = practice.state;
    const old = decodeShape(practiceStateShape, encodeShape(practiceStateShape, before));
    expect(approvedPolicy(old, "gate")).toBe(null);
  });
});
