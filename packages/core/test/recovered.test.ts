import { beforeAll, describe, expect, test } from "vitest";
import {
  DEFAULT_POLICY,
  ORDER_AUTHORITY,
  RIGHTS,
  ZERO_ID,
  accessOf,
  bytesToId,
  hashOrder,
  isRecovered,
  isRekeyDue,
  practiceHead,
  randomBytes,
  readOrder,
  recoveryAt,
  type AccessState,
  type Compartment,
  type Grant,
  type MemberId,
  type OrderKind,
  type Role,
  type Signed,
  type Subject,
  type TeamId,
} from "@sinetti/core";
import {
  deriveRecoveryKeys,
  generateRecoverySecret,
  openPriorSeed,
  recoverySecretBytes,
  sealPriorSeed,
  signApproval,
} from "@sinetti/core/secret";
import {
  TestPractice,
  introduction,
  loadSuite,
  testMember,
  type TestMember,
} from "../../../tools/testPractice.ts";
import {
  accessLink,
  createFile,
  elapse,
  fold,
  give,
  grantBody,
  join,
  orderByKey,
  rekeyBody,
  told,
  tryAccess,
  tryOrder,
  type BodyOf,
} from "./acts.ts";

beforeAll(loadSuite);

const RECOVERY: Subject = { type: "recovery", id: ZERO_ID as MemberId };

function recoveryAuthor(practice: TestPractice) {
  return { by: "recovery" as const, id: practice.id, key: practice.recovery.sign };
}

/** The trustees bring somebody in. */
function recover(practice: TestPractice, roles: Role[] = ["admin", "therapist"]): TestMember {
  const member = testMember(roles);
  const order = orderByKey(practice, recoveryAuthor(practice), {
    kind: "recover",
    body: introduction(member),
  });
  practice.apply(practice.statement(practice.founder, order));
  return member;
}

/** The consent of the key that the trustees joined. */
function trustees(practice: TestPractice, order: Signed, key = practice.recovery.sign): Signed {
  return signApproval(
    {
      practice: practice.id,
      order: hashOrder(order),
      author: { by: "recovery", id: practice.id },
      until: practice.week + 2,
    },
    key.secret,
  );
}

/** A practice of three that is grown, and a member whom the trustees brought in. */
function scene(roles: Role[] = ["admin", "therapist"]) {
  const practice = new TestPractice({ week: 3000 });
  const therapist = practice.add(["therapist"]);
  const office = practice.add(["office"]);
  elapse(practice, 3);
  const recovered = recover(practice, roles);
  return { practice, therapist, office, recovered };
}

function rotateOrder(practice: TestPractice) {
  const next = generateRecoverySecret();
  const keys = deriveRecoveryKeys(next);
  const version = recoveryAt(practice.state).version + 1;
  const prior = sealPriorSeed(
    "recovery",
    { next: recoverySecretBytes(next), prior: new Uint8Array(32).fill(1) },
    { practice: practice.id, owner: practice.id, version },
  );
  const body = { kem: keys.kem.publicKey, sign: keys.sign.publicKey, version, prior };
  const order = orderByKey(practice, recoveryAuthor(practice), { kind: "recovery.rotate", body });
  return { order, next, body };
}

function rotate(practice: TestPractice, by: TestMember): void {
  const { order } = rotateOrder(practice);
  practice.apply(practice.statement(by, order, [practice.approval(by, order)]));
}

function endAllBut(practice: TestPractice, recovered: TestMember): void {
  for (const member of Object.keys(practice.state.members) as MemberId[]) {
    if (member === recovered.member || practice.state.members[member]?.endedSeq !== null) continue;
    practice.apply(
      practice.statement(recovered, practice.order(recovered, "member.end", { member })),
    );
  }
}

function standing(practice: TestPractice, state: AccessState, { member }: TestMember): number {
  return accessOf(state, practice.state, { member, week: practice.week }).standing;
}

function fileOf(
  practice: TestPractice,
  by: TestMember,
  compartment: Compartment,
  { recovery = true }: { recovery?: boolean } = {},
): AccessState {
  const grants: Grant[] = [practice.grant(by), ...(recovery ? [practice.grant("recovery")] : [])];
  return createFile(practice, by, { compartment, grants });
}

describe("what recovery may read", () => {
  test("is read by nobody else: not by an administrator, not by a member added in the ordinary way", () => {
    const { practice, therapist, office } = scene();
    const ordinary = join(practice, ["admin"], [therapist]);
    const state = fileOf(practice, therapist, "care");
    for (const member of [practice.founder, office, ordinary])
      expect(standing(practice, state, member)).toBe(0);
  });

  test("is read by whom the trustees brought in, whatever their role, and written by them never", () => {
    for (const role of ["admin", "office", "privacy"] as const) {
      const { practice, therapist, recovered } = scene([role]);
      for (const compartment of ["care", "identity", "roster"] as const)
        expect(
          told(role, standing(practice, fileOf(practice, therapist, compartment), recovered)),
        ).toBe(told(role, RIGHTS.read));
    }
  });

  test("never holds a process file that its owner did not wrap to it", () => {
    const { practice, therapist, recovered } = scene();
    const closed = fileOf(practice, therapist, "process", { recovery: false });
    const opted = fileOf(practice, therapist, "process");
    expect(standing(practice, closed, recovered)).toBe(0);
    expect(standing(practice, opted, recovered)).toBe(RIGHTS.read);
  });

  test("ends for them when the secret is replaced, and when they end", () => {
    const { practice, therapist, recovered } = scene();
    const state = fileOf(practice, therapist, "care");
    const before = practiceHead(practice.state).seq;
    rotate(practice, recovered);
    expect(isRecovered(practice.state, recovered.member)).toBe(false);
    expect(isRecovered(practice.state, recovered.member, before)).toBe(true);
    expect(standing(practice, state, recovered)).toBe(0);

    const other = scene();
    const file = fileOf(other.practice, other.therapist, "care");
    give(other.practice, other.practice.founder, {
      kind: "member.end",
      body: { member: other.recovered.member },
    });
    expect(standing(other.practice, file, other.recovered)).toBe(0);
  });

  test("is not theirs who were brought in under an older secret", () => {
    const { practice, therapist, recovered } = scene();
    rotate(practice, recovered);
    const state = fileOf(practice, therapist, "care");
    expect(standing(practice, state, recovered)).toBe(0);
    expect(isRekeyDue(state, practice.state)).toBe(false);
  });
});

describe("giving files back", () => {
  const grantTo = (practice: TestPractice, by: TestMember, state: AccessState, grant: Grant) =>
    tryAccess(
      practice,
      state,
      accessLink(practice, by, { state, kind: "grant", body: grantBody(grant) }),
    );

  test("is refused while somebody lives who could grant", () => {
    const { practice, therapist, recovered } = scene();
    const state = fileOf(practice, therapist, "care");
    const heir = join(practice, ["therapist"], [therapist]);
    expect(grantTo(practice, recovered, state, practice.grant(heir))).toBe("not-authorised");
    give(practice, practice.founder, { kind: "member.end", body: { member: therapist.member } });
    expect(grantTo(practice, recovered, state, practice.grant(heir))).toBe("accepted");
  });

  test("is refused to everybody but whom the trustees brought in, and to them after the secret is replaced", () => {
    const { practice, therapist, recovered, office } = scene();
    const state = fileOf(practice, therapist, "care");
    const heir = join(practice, ["therapist"], [therapist]);
    give(practice, practice.founder, { kind: "member.end", body: { member: therapist.member } });
    for (const by of [practice.founder, office, heir])
      expect(grantTo(practice, by, state, practice.grant(heir))).toBe("not-authorised");
    rotate(practice, recovered);
    expect(grantTo(practice, recovered, state, practice.grant(heir))).toBe("not-authorised");
  });

  test("is not kept off by who could open with another's approval alone: nobody hands on by that", () => {
    const { practice, therapist, recovered } = scene();
    const sleeper = join(practice, ["therapist"], [therapist]);
    const heir = join(practice, ["therapist"], [therapist]);
    const grants = [
      practice.grant(therapist),
      practice.grant("recovery"),
      practice.grant(sleeper, { term: "approved" }),
    ];
    const state = createFile(practice, therapist, { compartment: "care", grants });
    give(practice, practice.founder, { kind: "member.end", body: { member: therapist.member } });
    expect(grantTo(practice, sleeper, state, practice.grant(heir))).toBe("not-authorised");
    expect(grantTo(practice, recovered, state, practice.grant(heir))).toBe("accepted");
  });

  test("keeps within the table: nothing that nobody may grant, nobody who may not hold it", () => {
    const { practice, therapist, recovered, office } = scene();
    const care = fileOf(practice, therapist, "care");
    const roster = fileOf(practice, therapist, "roster");
    const process = fileOf(practice, therapist, "process");
    const closed = fileOf(practice, therapist, "process", { recovery: false });
    const heir = join(practice, ["therapist"], [therapist]);
    give(practice, practice.founder, { kind: "member.end", body: { member: therapist.member } });
    for (const state of [roster, process, closed])
      expect(
        told(state.compartment, grantTo(practice, recovered, state, practice.grant(heir))),
      ).toBe(told(state.compartment, "not-authorised"));
    expect(grantTo(practice, recovered, care, practice.grant(office))).toBe("not-authorised");
    expect(grantTo(practice, recovered, care, practice.grant(recovered))).toBe("not-authorised");
    expect(
      grantTo(practice, recovered, care, practice.grant(heir, { expires: practice.week + 99 })),
    ).toBe("not-authorised");
  });

  test("goes to oneself only when nobody else is left, and then whoever got it carries on", () => {
    const { practice, therapist, recovered } = scene();
    const state = fileOf(practice, therapist, "care");
    endAllBut(practice, recovered);
    const own = accessLink(practice, recovered, {
      state,
      kind: "grant",
      body: grantBody(practice.grant(recovered)),
    });
    fold(practice, state, own);
    expect(standing(practice, state, recovered)).toBe(7);
    expect(isRekeyDue(state, practice.state)).toBe(true);
    fold(
      practice,
      state,
      accessLink(practice, recovered, { state, kind: "rekey", body: rekeyBody(2) }),
    );
    expect(isRekeyDue(state, practice.state)).toBe(false);
  });
});

describe("the trustees' key as the second person", () => {
  function bodies(target: TestMember): { [K in OrderKind]?: BodyOf<K> } {
    const key = target.kem.publicKey;
    const team = bytesToId<TeamId>(randomBytes(16));
    return {
      "member.add": introduction(testMember(["therapist"])),
      "member.role": { member: target.member, roles: ["therapist", "supervisor"] },
      "team.open": { team, kind: "cover", site: null, key, seals: [] },
      policy: { policy: { ...DEFAULT_POLICY, topUp: 99 } },
      "service.rotate": { service: "gate", key: target.statement.publicKey },
    };
  }

  test.each(["member.add", "member.role", "team.open", "service.rotate"] as const)(
    "%s by whom they brought in: refused alone, accepted with it",
    (kind) => {
      const { practice, therapist, recovered } = scene();
      const order = practice.order(recovered, kind, bodies(therapist)[kind] as never);
      expect(tryOrder(practice, { by: recovered, order })).toBe("second-person-missing");
      expect(
        tryOrder(practice, { by: recovered, order, approvals: [trustees(practice, order)] }),
      ).toBe("accepted");
    },
  );

  test("is nobody for an order of anybody else, for a weaker policy, or under another key", () => {
    const { practice, therapist, recovered } = scene();
    const add = practice.order(
      practice.founder,
      "member.add",
      introduction(testMember(["office"])),
    );
    const approved = (order: Signed, by: TestMember, key?: TestPractice["recovery"]["sign"]) =>
      tryOrder(practice, { by, order, approvals: [trustees(practice, order, key)] });
    expect(approved(add, practice.founder)).toBe("not-authorised");
    const weaker = practice.order(recovered, "policy", {
      policy: { ...DEFAULT_POLICY, topUp: 99 },
    });
    expect(approved(weaker, recovered)).toBe("not-authorised");
    const own = practice.order(recovered, "member.role", {
      member: therapist.member,
      roles: ["office"],
    });
    expect(approved(own, recovered, practice.recovery.root)).toBe("bad-signature");
  });

  test("is nobody before `recover` and after the secret is replaced", () => {
    const early = new TestPractice({ week: 3000 });
    early.add(["therapist"]);
    early.add(["office"]);
    elapse(early, 3);
    const add = early.order(early.founder, "member.add", introduction(testMember(["office"])));
    expect(
      tryOrder(early, { by: early.founder, order: add, approvals: [trustees(early, add)] }),
    ).toBe("not-authorised");
    const { practice, recovered } = scene();
    rotate(practice, recovered);
    const order = practice.order(recovered, "member.add", introduction(testMember(["office"])));
    expect(
      tryOrder(practice, { by: recovered, order, approvals: [trustees(practice, order)] }),
    ).toBe("not-authorised");
  });

  test("thaws, and not for whom they brought in while that one is frozen", () => {
    const { practice, therapist, recovered } = scene();
    const freeze = give(practice, practice.founder, {
      kind: "freeze",
      body: { member: therapist.member },
    });
    const thaw = practice.order(recovered, "thaw", { freeze: readOrder(freeze).id });
    expect(tryOrder(practice, { by: recovered, order: thaw })).toBe("second-person-missing");
    expect(
      tryOrder(practice, { by: recovered, order: thaw, approvals: [trustees(practice, thaw)] }),
    ).toBe("accepted");
    give(practice, practice.founder, { kind: "freeze", body: { member: recovered.member } });
    expect(
      tryOrder(practice, { by: recovered, order: thaw, approvals: [trustees(practice, thaw)] }),
    ).toBe("not-authorised");
  });

  test("stands for these kinds and for no other, written down apart from the table", () => {
    const kinds = (Object.keys(ORDER_AUTHORITY) as OrderKind[]).filter(
      (kind) => ORDER_AUTHORITY[kind].recoverySeconds,
    );
    expect(kinds.toSorted()).toEqual(
      [
        "member.add",
        "member.role",
        "resume",
        "service.rotate",
        "team.add",
        "team.open",
        "thaw",
      ].toSorted(),
    );
  });

  test("erases nothing", () => {
    const { practice, therapist, recovered } = scene(["privacy"]);
    const state = fileOf(practice, therapist, "care");
    const order = practice.order(recovered, "erase", { file: state.file, reason: "request" });
    const link = accessLink(practice, recovered, {
      state,
      kind: "erase",
      body: { order, approvals: [trustees(practice, order)] },
    });
    expect(tryAccess(practice, state, link)).toBe("not-authorised");
  });
});

describe("replacing the secret", () => {
  test("is refused to its own key alone, to a therapist's consent, and to a frozen administrator's", () => {
    const { practice, therapist } = scene();
    const { order } = rotateOrder(practice);
    const attempt = (...by: TestMember[]) =>
      tryOrder(practice, {
        by: practice.founder,
        order,
        approvals: by.map((each) => practice.approval(each, order)),
      });
    expect(attempt()).toBe("second-person-missing");
    expect(attempt(therapist)).toBe("second-person-missing");
    expect(attempt(practice.founder)).toBe("accepted");
    give(practice, therapist, { kind: "freeze", body: { member: practice.founder.member } });
    expect(attempt(practice.founder)).toBe("second-person-missing");
  });

  test("in a practice of one takes its member's consent too, and never a wait instead", () => {
    const practice = new TestPractice({ week: 3000 });
    elapse(practice, 3);
    const { order } = rotateOrder(practice);
    expect(tryOrder(practice, { by: practice.founder, order })).toBe("second-person-missing");
    expect(
      tryOrder(practice, {
        by: practice.founder,
        order,
        approvals: [practice.approval(practice.founder, order)],
      }),
    ).toBe("accepted");
  });

  test("keeps the secret before under the new one, and files made before it still replay", () => {
    const { practice, therapist, recovered } = scene();
    const made = createFile(practice, therapist, {
      compartment: "care",
      grants: [practice.grant(therapist), practice.grant("recovery")],
    });
    const { order, next, body } = rotateOrder(practice);
    practice.apply(practice.statement(recovered, order, [practice.approval(recovered, order)]));
    const context = { practice: practice.id, owner: practice.id, version: 2 };
    expect(
      openPriorSeed("recovery", recoverySecretBytes(next), { sealed: body.prior, context }),
    ).toEqual(new Uint8Array(32).fill(1));
    expect(recoveryAt(practice.state, 0).version).toBe(1);
    const link = accessLink(practice, therapist, {
      state: made,
      kind: "rekey",
      body: rekeyBody(2),
    });
    fold(practice, made, link);
    const recovery = made.grants.findLast(({ grant }) => grant.subject.id === RECOVERY.id);
    expect(recovery?.grant.keyVersion).toBe(2);
  });
});
