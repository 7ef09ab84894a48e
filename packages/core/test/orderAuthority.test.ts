import { beforeAll, describe, expect, test } from "vitest";
import {
  DEFAULT_POLICY,
  ORDER_AUTHORITY,
  ROLES,
  STOP_KINDS,
  bytesToId,
  randomBytes,
  readOrder,
  type Hash,
  type OrderKind,
  type Role,
  type Signed,
  type TeamId,
} from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";
import {
  TestPractice,
  introduction,
  loadSuite,
  testMember,
  type TestMember,
} from "../../../tools/testPractice.ts";
import {
  elapse,
  give,
  join,
  openTeam,
  orderByKey,
  sealTo,
  told,
  tryOrder,
  type BodyOf,
} from "./acts.ts";

beforeAll(loadSuite);

type Actor = Role | "self" | "kit" | "recovery" | "code";
type PracticeKind = Exclude<OrderKind, "revoke" | "erase" | "unhold" | "resume">;

/** Who may give each order of the practice chain, written down from the protocol and not from the source. */
const MAY_ORDER: Record<PracticeKind, readonly Actor[]> = {
  "member.add": ["admin"],
  "member.role": ["admin"],
  "member.rekey": ["self"],
  "member.end": ["privacy", "admin", "self"],
  "device.add": ["admin", "self", "kit"],
  "device.end": ["privacy", "admin", "self"],
  "team.open": ["admin"],
  "team.add": ["admin", "self"],
  "team.remove": ["privacy", "admin", "self"],
  "team.rekey": ["self"],
  policy: ["admin"],
  freeze: ["therapist", "privacy", "admin", "self", "code"],
  thaw: ["therapist", "supervisor", "office", "privacy", "admin", "code"],
  recover: ["recovery"],
  "recovery.rotate": ["recovery"],
  "service.rotate": ["admin"],
  "review.open": ["privacy"],
  "review.close": ["privacy"],
  "posture.policy": ["admin"],
};
const KINDS = Object.keys(MAY_ORDER) as PracticeKind[];
/** Orders that somebody can be the object of. */
const ABOUT_SOMEBODY: readonly PracticeKind[] = [
  "member.rekey",
  "member.end",
  "device.add",
  "device.end",
  "team.remove",
  "team.rekey",
  "freeze",
];

/** One grown member of every role, a cover team, a freeze; orders about `target`, who sits in the team. */
function cast() {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  const byRole = Object.fromEntries(ROLES.map((role) => [role, join(practice, [role])])) as Record<
    Role,
    TestMember
  >;
  const target = join(practice, ["therapist"]);
  const substitute = join(practice, ["therapist"]);
  const witness = join(practice, ["office"]);
  const { team } = openTeam(practice, "cover", { members: [target] });
  elapse(practice, 3);
  const freeze = give(practice, practice.founder, {
    kind: "freeze",
    body: { member: substitute.member },
  });
  const review = give(practice, byRole.privacy, {
    kind: "review.open",
    body: { snapshot: "ab".repeat(32) as Hash, edges: 3 },
  });
  return { practice, byRole, target, substitute, witness, team, freeze, review };
}

function device() {
  return {
    device: bytesToId<TestMember["device"]>(randomBytes(16)),
    statementKey: generateSignKey().publicKey,
    requestKey: generateSignKey().publicKey,
  };
}

function bodies(
  { team, freeze, substitute, review }: ReturnType<typeof cast>,
  subject: TestMember,
): { [K in PracticeKind]: BodyOf<K> } {
  const { member } = subject;
  const key = subject.kem.publicKey;
  const prior = new Uint8Array(72);
  const newcomer = (): TestMember => testMember(["therapist"]);
  return {
    "member.add": introduction(newcomer()),
    "member.role": { member, roles: [...subject.roles] },
    "member.rekey": { member, version: 2, key, prior, kit: subject.kit.publicKey },
    "member.end": { member },
    "device.add": { member, device: device() },
    "device.end": { device: subject.device },
    "team.open": {
      team: bytesToId<TeamId>(randomBytes(16)),
      kind: "cover",
      site: null,
      key,
      seals: [],
    },
    "team.add": { team, version: 1, seal: sealTo(substitute) },
    "team.remove": { team, member },
    "team.rekey": { team, version: 2, key, prior, seals: [sealTo(subject)] },
    policy: { policy: { ...DEFAULT_POLICY, topUp: 99 } },
    freeze: { member },
    thaw: { freeze: readOrder(freeze).id },
    recover: introduction(newcomer()),
    "recovery.rotate": { version: 2, kem: key, sign: subject.statement.publicKey, prior },
    "service.rotate": { service: "gate", key: subject.statement.publicKey },
    "review.open": { snapshot: "cd".repeat(32) as Hash, edges: 1 },
    "review.close": {
      round: readOrder(review).id,
      decisions: "ef".repeat(32) as Hash,
      kept: 1,
      narrowed: 0,
      revoked: 1,
      left: 1,
    },
    "posture.policy": { database: "who", policy: "12".repeat(32) as Hash, replaces: null },
  };
}

/** The refusal of one cell; grown colleagues approve, so that only the authority is asked. */
function cell(scene: ReturnType<typeof cast>, kind: PracticeKind, actor: Actor): string {
  const { practice, byRole, target, witness } = scene;
  const sequence = (order: Signed, by: TestMember): string =>
    tryOrder(practice, {
      by,
      order,
      approvals: [byRole.therapist, witness, byRole.privacy, practice.founder]
        .filter((each) => each.member !== by.member)
        .map((each) => practice.approval(each, order)),
    });
  const body = bodies(scene, target)[kind];
  if (actor === "kit")
    return sequence(
      orderByKey(practice, { by: "kit", id: target.member, key: target.kit }, { kind, body }),
      practice.founder,
    );
  if (actor === "recovery")
    return sequence(
      orderByKey(
        practice,
        { by: "recovery", id: practice.id, key: practice.recovery.sign },
        { kind, body },
      ),
      target,
    );
  if (actor === "code")
    return sequence(
      orderByKey(practice, { by: "code", id: practice.id, key: practice.code }, { kind, body }),
      practice.founder,
    );
  const by = actor === "self" ? target : byRole[actor];
  return sequence(practice.order(by, kind, body), by);
}

describe("every cell of the table of orders", () => {
  test.each(KINDS)("%s: whoever may not is refused", (kind) => {
    const scene = cast();
    const actors: Actor[] = [...ROLES, "kit", "recovery", "code"];
    if (ABOUT_SOMEBODY.includes(kind)) actors.push("self");
    const denied = actors.filter((actor) => !MAY_ORDER[kind].includes(actor));
    expect(denied.length).toBeGreaterThan(0);
    for (const actor of denied)
      expect(told(actor, cell(scene, kind, actor))).toBe(told(actor, "not-authorised"));
  });

  test.each(KINDS)("%s: whoever may is accepted", (kind) => {
    const scene = cast();
    for (const actor of MAY_ORDER[kind])
      expect(told(actor, cell(scene, kind, actor))).toBe(told(actor, "accepted"));
  });

  test("a reviewer may do to themselves, and to nobody else, what everybody may", () => {
    const scene = cast();
    const { practice, byRole } = scene;
    const own = bodies(scene, byRole.reviewer);
    for (const kind of [
      "member.rekey",
      "member.end",
      "device.add",
      "device.end",
      "freeze",
    ] as const) {
      const order = practice.order(byRole.reviewer, kind, own[kind]);
      expect(told(kind, tryOrder(practice, { by: byRole.reviewer, order }))).toBe(
        told(kind, "accepted"),
      );
    }
  });

  test("a kit adds a device to its own member and to no other", () => {
    const { practice, target, witness } = cast();
    const body = { member: witness.member, device: device() };
    const order = orderByKey(
      practice,
      { by: "kit", id: target.member, key: target.kit },
      { kind: "device.add", body },
    );
    expect(tryOrder(practice, { by: practice.founder, order })).toBe("not-authorised");
  });

  test("orders of a file and of a restored service have no place in the practice chain", () => {
    const { practice, byRole } = cast();
    for (const kind of ["revoke", "erase", "unhold", "resume"] as const) {
      const file = bytesToId(randomBytes(16));
      const order = practice.order(byRole.privacy, kind, {
        file,
        subject: { type: "recovery", id: file },
        reason: "retention",
        hold: file,
        restore: file,
        lost: null,
      } as never);
      expect(told(kind, tryOrder(practice, { by: byRole.privacy, order }))).not.toBe(
        told(kind, "accepted"),
      );
    }
  });
});

describe("the rules beside the cells", () => {
  test("which orders need a second person, which wait, and which are stops", () => {
    const always = [
      "member.add",
      "member.role",
      "team.open",
      "team.add",
      "thaw",
      "service.rotate",
      "recovery.rotate",
      "resume",
      "erase",
      "unhold",
      "posture.policy",
    ];
    const kinds = Object.keys(ORDER_AUTHORITY) as OrderKind[];
    expect(
      kinds.filter((kind) => ORDER_AUTHORITY[kind].secondPerson === "always").toSorted(),
    ).toEqual(always.toSorted());
    expect(ORDER_AUTHORITY.policy.secondPerson).toBe("when-weakening");
    expect(ORDER_AUTHORITY.freeze.secondPerson).toBe("any-two");
    expect(ORDER_AUTHORITY["device.add"]).toMatchObject({
      secondPerson: "for-others",
      waitHours: 24,
    });
    expect(ORDER_AUTHORITY.recover.waitHours).toBe(72);
    const byRole = kinds.map((kind) => [kind, ORDER_AUTHORITY[kind].secondRole]);
    expect(byRole.filter(([, role]) => role !== null)).toEqual([["posture.policy", "privacy"]]);
    expect([...STOP_KINDS].toSorted()).toEqual(["device.end", "freeze", "member.end", "revoke"]);
    for (const kind of STOP_KINDS)
      expect(["never", "any-two"]).toContain(ORDER_AUTHORITY[kind].secondPerson);
  });
});
