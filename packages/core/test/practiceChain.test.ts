import { beforeAll, describe, expect, test } from "vitest";
import {
  applyPracticeStatement,
  bytesToId,
  decodeShape,
  encodeShape,
  isTeamRekeyDue,
  liveDevice,
  liveFreezes,
  memberKey,
  practiceHead,
  practiceStateShape,
  randomBytes,
  readOrder,
  readStatement,
  rolesAt,
  sitsInTeam,
  startPractice,
  teamKey,
  teamsOf,
  type DeviceId,
  type MemberId,
  type OrderKind,
  type TeamId,
} from "@sinetti/core";
import { generateKemKey, generateSignKey, type SignKey } from "@sinetti/core/secret";
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
  refusal,
  sealTo,
  told,
  tryOrder,
  type BodyOf,
} from "./acts.ts";

beforeAll(loadSuite);

const prior = new Uint8Array(72);

/** Grown: founder (admin), a second admin, a therapist, an office worker. */
function scene() {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  const admin = join(practice, ["admin"]);
  const therapist = join(practice, ["therapist"]);
  const office = join(practice, ["office"]);
  elapse(practice, 3);
  const ask = <K extends OrderKind>(
    kind: K,
    body: BodyOf<K>,
    by: TestMember = practice.founder,
  ): string => {
    const order = practice.order(by, kind, body as never);
    const approver = by === admin ? therapist : admin;
    return tryOrder(practice, { by, order, approvals: [practice.approval(approver, order)] });
  };
  return { practice, founder: practice.founder, admin, therapist, office, ask };
}

describe("orders that make no sense are refused", () => {
  test("a member or device that is there already, by member.add, recover and device.add", () => {
    const { practice, founder, therapist, ask } = scene();
    const device = {
      device: therapist.device,
      statementKey: founder.statement.publicKey,
      requestKey: founder.request.publicKey,
    };
    expect(ask("member.add", introduction(therapist))).toBe("broken-chain");
    expect(ask("member.add", { ...introduction(testMember(["office"])), device })).toBe(
      "broken-chain",
    );
    expect(ask("device.add", { member: therapist.member, device })).toBe("broken-chain");
    expect(
      ask("device.add", {
        member: bytesToId<MemberId>(randomBytes(16)),
        device: { ...device, device: bytesToId<DeviceId>(randomBytes(16)) },
      }),
    ).toBe("broken-chain");
    const recover = orderByKey(
      practice,
      { by: "recovery", id: practice.id, key: practice.recovery.sign },
      { kind: "recover", body: introduction(therapist) },
    );
    expect(tryOrder(practice, { by: founder, order: recover })).toBe("broken-chain");
  });

  test("roles twice, none, or beside reviewer", () => {
    const { ask, therapist } = scene();
    expect(ask("member.role", { member: therapist.member, roles: ["office", "office"] })).toBe(
      "malformed",
    );
    expect(ask("member.role", { member: therapist.member, roles: ["office", "reviewer"] })).toBe(
      "malformed",
    );
    expect(ask("member.role", { member: therapist.member, roles: [] })).toBe("malformed");
    expect(
      ask("member.role", { member: bytesToId<MemberId>(randomBytes(16)), roles: ["office"] }),
    ).toBe("not-authorised");
    expect(ask("member.role", { member: therapist.member, roles: ["office", "therapist"] })).toBe(
      "accepted",
    );
  });

  test("versions of keys that do not follow", () => {
    const { practice, founder, therapist, office, ask } = scene();
    const key = generateKemKey().publicKey;
    const kit = therapist.kit.publicKey;
    for (const version of [0, 1, 3])
      expect(
        ask("member.rekey", { member: therapist.member, version, key, prior, kit }, therapist),
      ).toBe("broken-chain");
    expect(
      ask("member.rekey", { member: therapist.member, version: 2, key, prior, kit }, therapist),
    ).toBe("accepted");
    const { team } = openTeam(practice, "office", { members: [office], approvers: [therapist] });
    for (const version of [1, 3])
      expect(
        ask("team.rekey", { team, version, key, prior, seals: [sealTo(office)] }, office),
      ).toBe("broken-chain");
    const rotate = (version: number) => {
      const order = orderByKey(
        practice,
        { by: "recovery", id: practice.id, key: practice.recovery.sign },
        {
          kind: "recovery.rotate",
          body: { version, kem: key, sign: generateSignKey().publicKey, prior },
        },
      );
      return tryOrder(practice, {
        by: founder,
        order,
        approvals: [practice.approval(founder, order)],
      });
    };
    expect([rotate(1), rotate(2), rotate(3)]).toEqual(["broken-chain", "accepted", "broken-chain"]);
  });

  test("ends of what has ended, freezes of who is not there", () => {
    const { practice, founder, therapist, ask } = scene();
    give(practice, founder, { kind: "device.end", body: { device: therapist.device } });
    expect(ask("device.end", { device: therapist.device })).toBe("not-authorised");
    give(practice, founder, { kind: "member.end", body: { member: therapist.member } });
    expect(ask("member.end", { member: therapist.member })).toBe("not-authorised");
    expect(ask("freeze", { member: therapist.member })).toBe("not-authorised");
    expect(
      ask("device.add", {
        member: therapist.member,
        device: introduction(testMember(["office"])).device,
      }),
    ).toBe("broken-chain");
  });

  test("seats that a role does not fit, teams that are not there or stand twice, sites where none belongs", () => {
    const { practice, office, therapist, ask } = scene();
    const key = generateKemKey().publicKey;
    const site = bytesToId<NonNullable<BodyOf<"team.open">["site"]>>(randomBytes(16));
    const team = bytesToId<TeamId>(randomBytes(16));
    const open = (kind: BodyOf<"team.open">["kind"], at: typeof site | null, who: TestMember[]) =>
      ask("team.open", { team, kind, site: at, key, seals: who.map(sealTo) });
    expect(open("office", site, [therapist])).toBe("not-authorised");
    expect(open("cover", null, [office])).toBe("not-authorised");
    expect(open("office", null, [office])).toBe("broken-chain");
    expect(open("cover", site, [therapist])).toBe("broken-chain");
    const made = openTeam(practice, "office", { members: [office], approvers: [therapist] });
    expect(ask("team.open", { team: made.team, kind: "office", site, key, seals: [] })).toBe(
      "broken-chain",
    );
    expect(ask("team.add", { team, version: 1, seal: sealTo(office) })).toBe("broken-chain");
    expect(ask("team.add", { team: made.team, version: 2, seal: sealTo(office) })).toBe(
      "broken-chain",
    );
    expect(ask("team.add", { team: made.team, version: 1, seal: sealTo(therapist) })).toBe(
      "not-authorised",
    );
    expect(ask("team.remove", { team: made.team, member: therapist.member })).toBe(
      "not-authorised",
    );
  });

  test("a team rekey that leaves out a seated member, brings in another, or seals twice", () => {
    const { practice, office, therapist, ask } = scene();
    const second = join(practice, ["office"], [therapist]);
    const { team } = openTeam(practice, "office", {
      members: [office, second],
      approvers: [therapist],
    });
    const rekey = (...who: TestMember[]) =>
      ask(
        "team.rekey",
        { team, version: 2, key: generateKemKey().publicKey, prior, seals: who.map(sealTo) },
        office,
      );
    expect(rekey(office)).toBe("broken-chain");
    expect(rekey(office, second, therapist)).toBe("broken-chain");
    expect(rekey(office, office)).toBe("broken-chain");
    expect(rekey(office, second)).toBe("accepted");
  });

  test("the last administrator gives up the role only when another stays", () => {
    const { practice, founder, admin, therapist, ask } = scene();
    expect(ask("member.role", { member: founder.member, roles: ["office"] })).toBe("accepted");
    give(practice, founder, { kind: "member.end", body: { member: admin.member } });
    const order = practice.order(founder, "member.role", {
      member: founder.member,
      roles: ["office"],
    });
    expect(
      tryOrder(practice, { by: founder, order, approvals: [practice.approval(therapist, order)] }),
    ).toBe("not-authorised");
  });
});

describe("what the fold remembers", () => {
  test("roles, keys, devices and seats as they stood at each statement", () => {
    const { practice, founder, therapist } = scene();
    const before = practiceHead(practice.state).seq;
    const { team } = openTeam(practice, "cover", { members: [therapist], approvers: [therapist] });
    const key = generateKemKey().publicKey;
    give(practice, therapist, {
      kind: "member.rekey",
      body: { member: therapist.member, version: 2, key, prior, kit: therapist.kit.publicKey },
    });
    give(practice, founder, { kind: "member.end", body: { member: therapist.member } });
    const { state } = practice;
    expect(rolesAt(state, therapist.member, before)).toEqual(["therapist"]);
    expect(rolesAt(state, therapist.member)).toEqual([]);
    expect(rolesAt(state, therapist.member, 0)).toEqual([]);
    expect(liveDevice(state, therapist.device, before)?.member).toBe(therapist.member);
    expect(liveDevice(state, therapist.device)).toBeNull();
    expect(memberKey(state, therapist.member, before)?.version).toBe(1);
    expect(memberKey(state, therapist.member)?.version).toBe(2);
    expect(teamsOf(state, therapist.member, before + 1)).toEqual([team]);
    expect(sitsInTeam(state, { team, member: therapist.member })).toBe(false);
    expect(isTeamRekeyDue(state, team)).toBe(true);
    expect(teamKey(state, team)?.version).toBe(1);
    expect(decodeShape(practiceStateShape, encodeShape(practiceStateShape, state))).toEqual(state);
  });

  test("freezes until they are thawed, of the member and of the whole practice", () => {
    const { practice, founder, admin, therapist } = scene();
    const one = readOrder(
      give(practice, founder, { kind: "freeze", body: { member: therapist.member } }),
    ).id;
    const all = readOrder(give(practice, founder, { kind: "freeze", body: { member: null } })).id;
    const ids = (member: MemberId) => liveFreezes(practice.state, member).map(({ id }) => id);
    expect(ids(therapist.member).toSorted()).toEqual([one, all].toSorted());
    expect(ids(admin.member)).toEqual([all]);
    give(practice, founder, { kind: "thaw", body: { freeze: all }, approvers: [admin] });
    expect(ids(admin.member)).toEqual([]);
    expect(ids(therapist.member)).toEqual([one]);
  });

  test("a rotated service or recovery key replaces the old one for what follows", () => {
    const { practice, founder, admin } = scene();
    const key = generateSignKey();
    give(practice, founder, {
      kind: "service.rotate",
      body: { service: "gate", key: key.publicKey },
      approvers: [admin],
    });
    expect(practice.state.services.gate).toEqual(key.publicKey);
    const sign = generateSignKey();
    const rotate = orderByKey(
      practice,
      { by: "recovery", id: practice.id, key: practice.recovery.sign },
      {
        kind: "recovery.rotate",
        body: { version: 2, kem: founder.kem.publicKey, sign: sign.publicKey, prior },
      },
    );
    practice.apply(practice.statement(founder, rotate, [practice.approval(founder, rotate)]));
    const recover = (by: SignKey) =>
      orderByKey(
        practice,
        { by: "recovery", id: practice.id, key: by },
        { kind: "recover", body: introduction(testMember(["admin"])) },
      );
    expect(tryOrder(practice, { by: founder, order: recover(practice.recovery.sign) })).toBe(
      "bad-signature",
    );
    expect(tryOrder(practice, { by: founder, order: recover(sign) })).toBe("accepted");
  });
});

describe("an order", () => {
  test("acts once, whoever brings it again", () => {
    const { practice, founder, admin } = scene();
    const order = give(practice, founder, { kind: "freeze", body: { member: null } });
    give(practice, founder, {
      kind: "thaw",
      body: { freeze: readOrder(order).id },
      approvers: [admin],
    });
    for (const by of [founder, admin])
      expect(tryOrder(practice, { by, order })).toBe("order-reused");
  });

  test("of an ended device, an ended member or a stranger is nobody's", () => {
    const { practice, founder, admin, therapist } = scene();
    const stop = practice.order(therapist, "freeze", { member: null });
    const stranger = testMember(["admin"]);
    expect(
      tryOrder(practice, {
        by: founder,
        order: practice.order(stranger, "freeze", { member: null }),
      }),
    ).toBe("not-authorised");
    give(practice, founder, { kind: "device.end", body: { device: therapist.device } });
    expect(
      tryOrder(practice, { by: founder, order: stop, approvals: [practice.approval(admin, stop)] }),
    ).toBe("not-authorised");
    const kit = orderByKey(
      practice,
      { by: "kit", id: therapist.member, key: therapist.kit },
      {
        kind: "device.add",
        body: { member: therapist.member, device: introduction(testMember(["office"])).device },
      },
    );
    expect(tryOrder(practice, { by: founder, order: kit })).toBe("accepted");
    give(practice, founder, { kind: "member.end", body: { member: therapist.member } });
    expect(tryOrder(practice, { by: founder, order: kit })).toBe("not-authorised");
  });

  test("is sequenced by any live device, or by the key of its own author", () => {
    const { practice, founder, office, therapist } = scene();
    const order = practice.order(founder, "freeze", { member: office.member });
    expect(tryOrder(practice, { by: office, order })).toBe("accepted");
    expect(tryOrder(practice, { by: testMember(["office"]), order })).toBe("not-authorised");
    const zero = { ...founder, device: "0".repeat(32) as DeviceId };
    expect(tryOrder(practice, { by: zero, order })).toBe("accepted");
    expect(tryOrder(practice, { by: { ...zero, statement: therapist.statement }, order })).toBe(
      "bad-signature",
    );
  });
});

describe("the chain of a practice", () => {
  test("two statements at one place: whichever was folded first, the other is refused", () => {
    const { practice, founder, office, therapist } = scene();
    const statements = [office, therapist].map((each) =>
      readStatement(
        practice.statement(founder, practice.order(founder, "freeze", { member: each.member })),
      ),
    );
    for (const [first, second] of [statements, statements.toReversed()] as [
      typeof statements,
      typeof statements,
    ]) {
      const state = structuredClone(practice.state);
      const fold = (link: (typeof statements)[number] | undefined) =>
        refusal(
          () => link !== undefined && applyPracticeStatement(state, link, { week: practice.week }),
        );
      expect(told("first", fold(first as never))).toBe(told("first", "accepted"));
      expect(told("second", fold(second as never))).toBe(told("second", "broken-chain"));
    }
  });

  test("is replayed to the same state by whoever has the links", () => {
    const { practice, founder, admin, therapist } = scene();
    openTeam(practice, "cover", { members: [therapist], approvers: [admin] });
    give(practice, founder, { kind: "freeze", body: { member: therapist.member } });
    const [genesis, ...links] = practice.links.map(({ statement }) => statement);
    const weeks = [3000, 3000, 3000, 3003, 3003];
    const state = startPractice(genesis as Uint8Array, { practice: practice.id, week: 3000 });
    links.forEach((statement, at) =>
      applyPracticeStatement(state, readStatement(statement), { week: weeks[at] ?? 3003 }),
    );
    expect(state).toEqual(practice.state);
  });
});
