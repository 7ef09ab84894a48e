import { beforeAll, describe, expect, test } from "vitest";
import {
  DEFAULT_POLICY,
  bytesToId,
  randomBytes,
  readOrder,
  type DeviceId,
  type Policy,
  type Signed,
} from "@sinetti/core";
import { generateSignKey, signApproval } from "@sinetti/core/secret";
import { hashOrder } from "@sinetti/core";
import {
  TestPractice,
  introduction,
  loadSuite,
  testMember,
  type TestMember,
} from "../../../tools/testPractice.ts";
import { elapse, give, join, orderByKey, tryOrder, told } from "./acts.ts";

beforeAll(loadSuite);

const WEAKER: Policy = { ...DEFAULT_POLICY, topUp: DEFAULT_POLICY.topUp + 1 };
const STRICTER: Policy = { ...DEFAULT_POLICY, topUp: DEFAULT_POLICY.topUp - 1 };

/** A practice of grown members: the founder and whoever else. */
function practiceOf(...roles: TestMember["roles"][]) {
  const practice = new TestPractice({ week: 3000 });
  const others = roles.map((each) => join(practice, each));
  elapse(practice, 3);
  return { practice, founder: practice.founder, others };
}

function codeApproval(practice: TestPractice, order: Signed): Signed {
  return signApproval(
    {
      practice: practice.id,
      order: hashOrder(order),
      author: { by: "code", id: practice.id },
      until: practice.week + 2,
    },
    practice.code.secret,
  );
}

/** The orders that always need a second person, given by the founder. */
function twoPersonOrders(practice: TestPractice): Record<string, Signed> {
  const { founder } = practice;
  const newcomer = testMember(["therapist"]);
  return {
    "member.add": practice.order(founder, "member.add", introduction(newcomer)),
    "member.role": practice.order(founder, "member.role", {
      member: founder.member,
      roles: ["admin"],
    }),
    "team.open": practice.order(founder, "team.open", {
      team: bytesToId(randomBytes(16)),
      kind: "cover",
      site: null,
      key: founder.kem.publicKey,
      seals: [],
    }),
    policy: practice.order(founder, "policy", { policy: WEAKER }),
    "service.rotate": practice.order(founder, "service.rotate", {
      service: "who",
      key: generateSignKey().publicKey,
    }),
  };
}

describe("with three staff or more", () => {
  test("every two-person order is refused alone, with the author twice, a reviewer, the code, a young member or a stranger; and passes with a grown colleague", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"], ["reviewer"]);
    const [therapist, , reviewer] = others as [TestMember, TestMember, TestMember];
    const young = join(practice, ["therapist"], [therapist]);
    const second = bytesToId<DeviceId>(randomBytes(16));
    const secondKey = generateSignKey();
    give(practice, founder, {
      kind: "device.add",
      body: {
        member: founder.member,
        device: {
          device: second,
          statementKey: secondKey.publicKey,
          requestKey: generateSignKey().publicKey,
        },
      },
    });
    const ownOther: TestMember = { ...founder, device: second, statement: secondKey };
    for (const [kind, order] of Object.entries(twoPersonOrders(practice))) {
      const result = (...approvals: Signed[]) =>
        tryOrder(practice, { by: founder, order, approvals });
      expect(told(kind, result())).toBe(told(kind, "second-person-missing"));
      expect(told(kind, result(practice.approval(founder, order)))).toBe(
        told(kind, "second-person-missing"),
      );
      expect(
        told(
          `${kind}: two devices are one member`,
          result(practice.approval(founder, order), practice.approval(ownOther, order)),
        ),
      ).toBe(told(`${kind}: two devices are one member`, "second-person-missing"));
      expect(told(kind, result(practice.approval(reviewer, order)))).toBe(
        told(kind, "second-person-missing"),
      );
      expect(told(kind, result(codeApproval(practice, order)))).toBe(
        told(kind, "second-person-missing"),
      );
      expect(told(kind, result(practice.approval(young, order)))).toBe(
        told(kind, "second-person-missing"),
      );
      expect(told(kind, result(practice.approval(testMember(["therapist"]), order)))).toBe(
        told(kind, "not-authorised"),
      );
      expect(told(kind, result(practice.approval(therapist, order)))).toBe(told(kind, "accepted"));
    }
  });

  test("a young member counts after quorumAge", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"]);
    const young = join(practice, ["therapist"], [others[0] as TestMember]);
    elapse(practice, 1);
    const order = practice.order(founder, "policy", { policy: WEAKER });
    expect(
      tryOrder(practice, { by: founder, order, approvals: [practice.approval(young, order)] }),
    ).toBe("accepted");
  });

  test("two young friends of a stolen administrator are still nobody", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"]);
    const friends = [
      join(practice, ["therapist"], [others[0] as TestMember]),
      join(practice, ["privacy"], [others[0] as TestMember]),
    ];
    const order = practice.order(founder, "policy", { policy: WEAKER });
    expect(
      tryOrder(practice, {
        by: founder,
        order,
        approvals: friends.map((each) => practice.approval(each, order)),
      }),
    ).toBe("second-person-missing");
  });

  test("an approval is for one exact order, until its end, in this practice, with a signature that verifies", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"]);
    const therapist = others[0] as TestMember;
    const order = practice.order(founder, "policy", { policy: WEAKER });
    const other = practice.order(founder, "policy", { policy: WEAKER });
    const approve = (
      options: Partial<Parameters<typeof signApproval>[0]>,
      key = therapist.statement,
    ) =>
      signApproval(
        {
          practice: practice.id,
          order: hashOrder(order),
          author: { by: "device", id: therapist.device },
          until: practice.week + 1,
          ...options,
        },
        key.secret,
      );
    const result = (approval: Signed) =>
      tryOrder(practice, { by: founder, order, approvals: [approval] });
    expect(result(practice.approval(therapist, other))).toBe("second-person-missing");
    expect(result(approve({ until: practice.week }))).toBe("second-person-missing");
    expect(result(approve({ practice: bytesToId(randomBytes(16)) }))).toBe("wrong-practice");
    expect(result(approve({ author: { by: "kit", id: therapist.member } }, therapist.kit))).toBe(
      "not-authorised",
    );
    expect(result(approve({}, founder.statement))).toBe("bad-signature");
    expect(result(approve({}))).toBe("accepted");
  });

  test("tightening a policy needs nobody else", () => {
    const { practice, founder } = practiceOf(["therapist"], ["office"]);
    const order = practice.order(founder, "policy", { policy: STRICTER });
    expect(tryOrder(practice, { by: founder, order })).toBe("accepted");
  });

  test("each number of the policy weakens when it grows", () => {
    const { practice, founder } = practiceOf(["therapist"], ["office"]);
    const grow = { ...DEFAULT_POLICY };
    for (const key of [
      "grantWeeks",
      "topUp",
      "lookupsPerDay",
      "coldDays",
      "standInDays",
    ] as const) {
      const order = practice.order(founder, "policy", {
        policy: { ...grow, [key]: grow[key] + 1 },
      });
      expect(told(key, tryOrder(practice, { by: founder, order }))).toBe(
        told(key, "second-person-missing"),
      );
    }
    for (const budget of ["care", "identity"] as const)
      for (const horizon of ["tenMinutes", "day", "month"] as const) {
        const policy = {
          ...grow,
          [budget]: { ...grow[budget], [horizon]: grow[budget][horizon] + 1 },
        };
        const order = practice.order(founder, "policy", { policy });
        expect(told(`${budget} ${horizon}`, tryOrder(practice, { by: founder, order }))).toBe(
          told(`${budget} ${horizon}`, "second-person-missing"),
        );
      }
  });
});

describe("with two staff", () => {
  test("both decide, or the paper code: not one alone, a reviewer, or a young second", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["reviewer"]);
    const [therapist, reviewer] = others as [TestMember, TestMember];
    for (const [kind, order] of Object.entries(twoPersonOrders(practice))) {
      const result = (...approvals: Signed[]) =>
        tryOrder(practice, { by: founder, order, approvals });
      expect(told(kind, result())).toBe(told(kind, "second-person-missing"));
      expect(told(kind, result(practice.approval(founder, order)))).toBe(
        told(kind, "second-person-missing"),
      );
      expect(told(kind, result(practice.approval(reviewer, order)))).toBe(
        told(kind, "second-person-missing"),
      );
      expect(told(kind, result(practice.approval(therapist, order)))).toBe(told(kind, "accepted"));
      expect(told(kind, result(codeApproval(practice, order)))).toBe(told(kind, "accepted"));
    }
  });

  test("a young second does not count", () => {
    const { practice, founder } = practiceOf();
    const order = practice.order(founder, "member.add", introduction(testMember(["therapist"])));
    expect(tryOrder(practice, { by: founder, order })).toBe("accepted");
    const young = join(practice, ["therapist"]);
    const policy = practice.order(founder, "policy", { policy: WEAKER });
    expect(
      tryOrder(practice, {
        by: founder,
        order: policy,
        approvals: [practice.approval(young, policy)],
      }),
    ).toBe("second-person-missing");
    elapse(practice, 1);
    expect(
      tryOrder(practice, {
        by: founder,
        order: policy,
        approvals: [practice.approval(young, policy)],
      }),
    ).toBe("accepted");
  });
});

describe("alone", () => {
  test("an order passes after the gate's wait, with a reviewer, or with the paper code", () => {
    const { practice, founder, others } = practiceOf(["reviewer"]);
    const reviewer = others[0] as TestMember;
    for (const [kind, order] of Object.entries(twoPersonOrders(practice))) {
      const result = (...approvals: Signed[]) =>
        tryOrder(practice, { by: founder, order, approvals });
      expect(told(kind, result())).toBe(told(kind, "accepted"));
      expect(told(kind, result(practice.approval(reviewer, order)))).toBe(told(kind, "accepted"));
      expect(told(kind, result(codeApproval(practice, order)))).toBe(told(kind, "accepted"));
    }
  });

  test("the last administrator stays one", () => {
    const { practice, founder } = practiceOf();
    const order = practice.order(founder, "member.role", {
      member: founder.member,
      roles: ["therapist"],
    });
    expect(tryOrder(practice, { by: founder, order })).toBe("not-authorised");
  });
});

describe("a practice that has just shrunk", () => {
  test("is as large as before until quorumAge has passed: ending everybody makes no administrator alone", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"]);
    for (const { member } of others)
      give(practice, founder, { kind: "member.end", body: { member } });
    const order = practice.order(founder, "member.add", introduction(testMember(["admin"])));
    const result = (...approvals: Signed[]) =>
      tryOrder(practice, { by: founder, order, approvals });
    expect(result()).toBe("second-person-missing");
    expect(result(codeApproval(practice, order))).toBe("second-person-missing");
    elapse(practice, 1);
    expect(result()).toBe("second-person-missing");
    elapse(practice, 1);
    expect(result()).toBe("accepted");
  });

  test("of two, one who has just ended leaves the other with the paper code", () => {
    const { practice, founder, others } = practiceOf(["therapist"]);
    give(practice, founder, {
      kind: "member.end",
      body: { member: (others[0] as TestMember).member },
    });
    const order = practice.order(founder, "policy", { policy: WEAKER });
    expect(tryOrder(practice, { by: founder, order })).toBe("second-person-missing");
    const coded = [codeApproval(practice, order)];
    expect(tryOrder(practice, { by: founder, order, approvals: coded })).toBe("accepted");
  });
});

describe("in a young practice", () => {
  test("one administrator suffices for what founds it, but not for a thaw", () => {
    const practice = new TestPractice({ week: 3000 });
    const therapist = join(practice, ["therapist"]);
    const office = join(practice, ["office"]);
    for (const [kind, order] of Object.entries(twoPersonOrders(practice)))
      expect(told(kind, tryOrder(practice, { by: practice.founder, order }))).toBe(
        told(kind, "accepted"),
      );
    const freeze = give(practice, practice.founder, {
      kind: "freeze",
      body: { member: office.member },
    });
    const thaw = practice.order(practice.founder, "thaw", { freeze: readOrder(freeze).id });
    expect(tryOrder(practice, { by: practice.founder, order: thaw })).toBe("second-person-missing");
    expect(
      tryOrder(practice, {
        by: practice.founder,
        order: thaw,
        approvals: [practice.approval(therapist, thaw)],
      }),
    ).toBe("accepted");
  });
});

describe("freeze and thaw", () => {
  test("the frozen member neither thaws nor is the second person, and neither does another frozen one", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"], ["privacy"]);
    const [therapist, office, privacy] = others as [TestMember, TestMember, TestMember];
    const first = give(practice, founder, { kind: "freeze", body: { member: therapist.member } });
    const thaw = (by: TestMember, freeze: Signed, ...approvers: TestMember[]) => {
      const order = practice.order(by, "thaw", { freeze: readOrder(freeze).id });
      return tryOrder(practice, {
        by,
        order,
        approvals: approvers.map((each) => practice.approval(each, order)),
      });
    };
    expect(thaw(therapist, first, office)).toBe("not-authorised");
    expect(thaw(office, first)).toBe("second-person-missing");
    expect(thaw(office, first, therapist)).toBe("second-person-missing");
    expect(thaw(office, first, privacy)).toBe("accepted");
    const second = give(practice, founder, { kind: "freeze", body: { member: office.member } });
    expect(thaw(office, first, privacy)).toBe("not-authorised");
    expect(thaw(privacy, first, office)).toBe("second-person-missing");
    expect(thaw(privacy, second, therapist)).toBe("second-person-missing");
    expect(thaw(privacy, second, founder)).toBe("accepted");
  });

  test("a frozen member is nobody's second person and gives no order that needs one", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["privacy"]);
    const [therapist, privacy] = others as [TestMember, TestMember];
    give(practice, privacy, { kind: "freeze", body: { member: therapist.member } });
    const order = practice.order(founder, "policy", { policy: WEAKER });
    expect(
      tryOrder(practice, { by: founder, order, approvals: [practice.approval(therapist, order)] }),
    ).toBe("second-person-missing");
    give(practice, privacy, { kind: "freeze", body: { member: founder.member } });
    expect(
      tryOrder(practice, { by: founder, order, approvals: [practice.approval(privacy, order)] }),
    ).toBe("not-authorised");
  });

  test("a thaw of what is not frozen, or thawed already, is refused", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"]);
    const therapist = others[0] as TestMember;
    const freeze = give(practice, founder, { kind: "freeze", body: { member: null } });
    const thaw = () => practice.order(founder, "thaw", { freeze: readOrder(freeze).id });
    give(practice, founder, {
      kind: "thaw",
      body: { freeze: readOrder(freeze).id },
      approvers: [therapist],
    });
    const again = thaw();
    expect(
      tryOrder(practice, {
        by: founder,
        order: again,
        approvals: [practice.approval(therapist, again)],
      }),
    ).toBe("not-authorised");
    const unknown = practice.order(founder, "thaw", { freeze: bytesToId(randomBytes(16)) });
    expect(
      tryOrder(practice, {
        by: founder,
        order: unknown,
        approvals: [practice.approval(therapist, unknown)],
      }),
    ).toBe("not-authorised");
  });

  test("alone, a thaw needs the paper code, even of one's own freeze", () => {
    const { practice, founder } = practiceOf();
    const freeze = give(practice, founder, { kind: "freeze", body: { member: founder.member } });
    const order = practice.order(founder, "thaw", { freeze: readOrder(freeze).id });
    expect(tryOrder(practice, { by: founder, order })).toBe("not-authorised");
    expect(
      tryOrder(practice, { by: founder, order, approvals: [codeApproval(practice, order)] }),
    ).toBe("accepted");
  });

  test("with two, the colleague of a frozen member thaws with the paper code", () => {
    const { practice, founder, others } = practiceOf(["therapist"]);
    const therapist = others[0] as TestMember;
    const freeze = give(practice, founder, { kind: "freeze", body: { member: therapist.member } });
    const order = practice.order(founder, "thaw", { freeze: readOrder(freeze).id });
    expect(tryOrder(practice, { by: founder, order })).toBe("second-person-missing");
    expect(
      tryOrder(practice, { by: founder, order, approvals: [practice.approval(therapist, order)] }),
    ).toBe("second-person-missing");
    expect(
      tryOrder(practice, { by: founder, order, approvals: [codeApproval(practice, order)] }),
    ).toBe("accepted");
  });

  test.each([1, 2, 3, 4])(
    "with %i staff, the holder of the paper code thaws together with one of them, even a frozen one, and not without",
    (size) => {
      const { practice, founder, others } = practiceOf(
        ...Array.from({ length: size - 1 }, () => ["therapist" as const]),
        ["reviewer"],
        ["therapist"],
      );
      const [gone, reviewer] = others.toReversed() as [TestMember, TestMember];
      give(practice, founder, { kind: "member.end", body: { member: gone.member } });
      elapse(practice, 3);
      const staff = [founder, ...others.slice(0, size - 1)];
      const freezes = staff.map(({ member }) =>
        give(practice, founder, { kind: "freeze", body: { member } }),
      );
      for (const freeze of freezes) {
        const order = orderByKey(
          practice,
          { by: "code", id: practice.id, key: practice.code },
          { kind: "thaw", body: { freeze: readOrder(freeze).id } },
        );
        const result = (...approvals: Signed[]) =>
          tryOrder(practice, { by: founder, order, approvals });
        expect(result()).toBe("second-person-missing");
        expect(result(codeApproval(practice, order))).toBe("second-person-missing");
        expect(result(practice.approval(reviewer, order))).toBe("second-person-missing");
        expect(result(practice.approval(gone, order))).toBe("not-authorised");
        expect(result(practice.approval(testMember(["therapist"]), order))).toBe("not-authorised");
        for (const member of staff)
          expect(result(practice.approval(member, order))).toBe("accepted");
      }
    },
  );

  test("at any size, the paper code is the second person of whoever thaws and is not frozen", () => {
    const { practice, founder, others } = practiceOf(["therapist"], ["office"], ["privacy"]);
    const [therapist, office] = others as [TestMember, TestMember];
    const freeze = give(practice, founder, { kind: "freeze", body: { member: therapist.member } });
    const result = (by: TestMember, ...consents: ("code" | TestMember)[]) => {
      const order = practice.order(by, "thaw", { freeze: readOrder(freeze).id });
      const approvals = consents.map((each) =>
        each === "code" ? codeApproval(practice, order) : practice.approval(each, order),
      );
      return tryOrder(practice, { by, order, approvals });
    };
    expect(result(therapist, "code")).toBe("not-authorised");
    expect(result(therapist, "code", office)).toBe("not-authorised");
    expect(result(office)).toBe("second-person-missing");
    expect(result(office, therapist)).toBe("second-person-missing");
    expect(result(office, "code")).toBe("accepted");
  });

  test("any two staff freeze the practice, a privacy officer, an administrator or the code alone", () => {
    const { practice, founder, others } = practiceOf(
      ["therapist"],
      ["office"],
      ["privacy"],
      ["reviewer"],
    );
    const [therapist, office, privacy, reviewer] = others as [
      TestMember,
      TestMember,
      TestMember,
      TestMember,
    ];
    const freeze = (by: TestMember, ...approvers: TestMember[]) => {
      const order = practice.order(by, "freeze", { member: null });
      return tryOrder(practice, {
        by,
        order,
        approvals: approvers.map((each) => practice.approval(each, order)),
      });
    };
    expect(freeze(reviewer, therapist)).toBe("not-authorised");
    expect(freeze(therapist)).toBe("second-person-missing");
    expect(freeze(therapist, reviewer)).toBe("second-person-missing");
    expect(freeze(therapist, office)).toBe("accepted");
    expect(freeze(office, therapist)).toBe("accepted");
    expect(freeze(founder)).toBe("accepted");
    expect(freeze(privacy)).toBe("accepted");
    const byCode = orderByKey(
      practice,
      { by: "code", id: practice.id, key: practice.code },
      { kind: "freeze", body: { member: null } },
    );
    expect(tryOrder(practice, { by: founder, order: byCode })).toBe("accepted");
  });
});
