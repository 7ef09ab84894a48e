import {
  approvedPolicy,
  bytesToId,
  hashOrder,
  practiceHead,
  randomBytes,
  readStatement,
  type Hash,
  type HoldId,
  type Order,
  type Role,
} from "@sinetti/core";
import {
  signAccessStatement,
  signApproval,
  signCancellation,
  signOrder,
  signOrderStatement,
} from "@sinetti/core/secret";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { testMember, type TestMember } from "../../../tools/testPractice.ts";
import { deviceOf, GatePractice, introductionOf } from "./gatePractice.ts";
import { TestGate, type Refused, type Signer } from "./testGate.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
let gate: TestGate;
beforeAll(async () => {
  gate = await TestGate.open();
});
afterAll(() => gate.stop());

/** A practice whose members all count as second persons. */
async function grownPractice(
  others: Role[][],
): Promise<{ practice: GatePractice; members: TestMember[] }> {
  const practice = await GatePractice.create(gate);
  const members: TestMember[] = [];
  for (const roles of others) members.push(await practice.hire(roles));
  gate.clock.pass(8 * DAY);
  practice.week++;
  return { practice, members };
}

const cancelBy = (practice: GatePractice, member: TestMember, order: Uint8Array) =>
  gate.call(practice.signer(member), "orderCancel", {
    cancellation: signCancellation(
      {
        practice: practice.id,
        order: hashOrder(order),
        author: { by: "device", id: member.device },
      },
      member.statement.secret,
    ),
  });

describe("an order that needs a second person", () => {
  it("waits for one in a practice of three, and not for one who is too young", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["office"]]);
    const { founder } = practice;
    const [second = founder] = members;
    const order = practice.order(founder, "member.add", introductionOf(testMember(["office"])));
    await expect(practice.sequence(founder, order)).rejects.toMatchObject({
      code: "second-person-missing",
    });
    const { dueAt } = await gate.call(practice.signer(founder), "orderPropose", { order });
    expect(dueAt).toBeNull();
    const stranger = testMember(["therapist"]);
    const approval = practice.approval(stranger, order);
    await expect(
      gate.call(practice.signer(second), "orderApprove", { approval }),
    ).rejects.toMatchObject({ code: "not-authorised" });
    await gate.call(practice.signer(second), "orderApprove", {
      approval: practice.approval(second, order),
    });
    const { orders } = await gate.call(practice.signer(founder), "orderPending", {});
    expect(orders).toMatchObject([{ hash: hashOrder(order), dueAt: null }]);
    const approvals = orders[0]?.approvals ?? [];
    expect(approvals).toHaveLength(1);
    const statement = practice.statement(founder, order, approvals);
    await gate.call(practice.signer(founder), "practiceSubmit", { statements: [statement] });
    practice.apply(statement);
    expect((await gate.call(practice.signer(founder), "orderPending", {})).orders).toEqual([]);
    const young = await practice.hire(["therapist"], [second]);
    const next = practice.order(founder, "member.add", introductionOf(testMember(["office"])));
    await expect(practice.sequence(founder, next, [young])).rejects.toMatchObject({
      code: "second-person-missing",
    });
  });

  it("is shown to whom it is done however many were laid down after it, and one author cannot fill the room", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["office"]]);
    const { founder } = practice;
    const [victim = founder] = members;
    const propose = () =>
      gate.call(practice.signer(founder), "orderPropose", {
        order: practice.order(founder, "device.add", {
          member: victim.member,
          device: deviceOf(testMember(["therapist"])),
        }),
      });
    /** As many more as it says, like the one that lies there. */
    const flood = (count: number, due: string) =>
      gate.sql.begin(async (tx) => {
        await tx`select set_config('sinetti.practice', ${practice.id}, true)`;
        await tx.unsafe(
          `insert into pending_orders (practice, hash, order_id, signed, kind, proposed_at, due_at)
           select practice, sha256(convert_to(n || '${due}', 'UTF8')), order_id, signed, kind, proposed_at + 60, ${due}
           from pending_orders, generate_series(1, ${count}) n where practice = $1 and proposed_at = ${gate.clock.now()}`,
          [Buffer.from(practice.id, "hex")],
        );
      });
    const { hash: first } = await propose();
    await flood(256, "null");
    await flood(127, "due_at");
    await expect(propose()).rejects.toMatchObject({ code: "too-large" });
    const { orders } = await gate.call(practice.signer(victim), "orderPending", {});
    expect(orders).toHaveLength(256);
    expect(orders.map(({ hash }) => hash)).toContain(first);
  });

  it("waits a day in a solo practice, where an own device can take it back", async () => {
    const { practice } = await grownPractice([]);
    const { founder } = practice;
    const order = practice.order(founder, "member.add", introductionOf(testMember(["office"])));
    await expect(practice.sequence(founder, order)).rejects.toMatchObject({
      code: "second-person-missing",
    });
    const proposed = await gate.call(practice.signer(founder), "orderPropose", { order });
    expect(proposed.dueAt).toBe(gate.clock.now() + DAY);
    await expect(practice.sequence(founder, order)).rejects.toMatchObject({ code: "pending" });
    gate.clock.pass(DAY);
    const taken = practice.order(founder, "member.add", introductionOf(testMember(["office"])));
    await gate.call(practice.signer(founder), "orderPropose", { order: taken });
    await cancelBy(practice, founder, taken);
    gate.clock.pass(DAY);
    await expect(practice.sequence(founder, taken)).rejects.toMatchObject({
      code: "not-authorised",
    });
    await practice.sequence(founder, order);
  });

  it("goes through at once with the paper code in a solo practice", async () => {
    const { practice } = await grownPractice([]);
    const { founder } = practice;
    const order = practice.order(founder, "member.add", introductionOf(testMember(["office"])));
    const byCode = { author: { by: "code" as const, id: practice.id }, until: practice.week + 2 };
    const approval = signApproval(
      { practice: practice.id, order: hashOrder(order), ...byCode },
      practice.code.secret,
    );
    const statement = practice.statement(founder, order, [approval]);
    const signer = practice.signer(founder);
    await gate.call(signer, "practiceSubmit", { statements: [statement] });
    expect((await gate.call(signer, "status", {})).practice.seq).toBe(1);
  });

  it("needs nobody while the practice is young", async () => {
    const practice = await GatePractice.create(gate);
    for (let count = 0; count < 3; count++) await practice.hire(["therapist"]);
    const { practice: head } = await gate.call(practice.signer(practice.founder), "status", {});
    expect(head.seq).toBe(3);
  });
});

describe("the declared policy of a database", () => {
  it("waits without end for a privacy officer, whoever else approves, and is proposed by an administrator", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["privacy"]]);
    const { founder } = practice;
    const [therapist = founder, officer = founder] = members;
    const body = { database: "who" as const, policy: "ab".repeat(32) as Hash, replaces: null };
    const propose = (by: TestMember, order: Uint8Array) =>
      gate.call(practice.signer(by), "orderPropose", { order });
    const byOfficer = practice.order(officer, "posture.policy", body);
    await expect(propose(officer, byOfficer)).rejects.toMatchObject({ code: "not-authorised" });
    const order = practice.order(founder, "posture.policy", body);
    expect((await propose(founder, order)).dueAt).toBe(null);
    for (const approvers of [[], [therapist], [founder]])
      await expect(practice.sequence(founder, order, approvers)).rejects.toMatchObject({
        code: "second-person-missing",
      });
    await practice.sequence(officer, order, [therapist, officer]);
    expect(approvedPolicy(practice.state, "who")).toMatchObject({
      policy: body.policy,
      by: founder.member,
      approvers: [therapist.member, officer.member],
    });
    const again = practice.order(founder, "posture.policy", body);
    await expect(propose(founder, again)).rejects.toMatchObject({ code: "broken-chain" });
  });
});

describe("an erasure", () => {
  async function soloFile() {
    const { practice } = await grownPractice([]);
    const { founder } = practice;
    const made = practice.createFile(founder, "care");
    await practice.store(founder, [made]);
    const order = practice.order(founder, "erase", { file: made.file, reason: "retention" });
    const erase = (approvals: Uint8Array[] = []) =>
      gate.call(practice.signer(founder), "accessSubmit", {
        items: [
          {
            share: null,
            statement: signAccessStatement(
              {
                practice: practice.id,
                file: made.file,
                device: founder.device,
                head: { seq: 0, hash: made.link.hash },
              },
              {
                kind: "erase",
                body: { seen: practiceHead(practice.state), order, approvals },
              },
              founder.statement.secret,
            ),
          },
        ],
      });
    return { practice, founder, order, erase };
  }

  it("waits a day in a solo practice, and is over when it was taken back", async () => {
    const { practice, founder, order, erase } = await soloFile();
    await expect(erase()).rejects.toMatchObject({ code: "second-person-missing" });
    const { dueAt } = await gate.call(practice.signer(founder), "orderPropose", { order });
    expect(dueAt).toBe(gate.clock.now() + DAY);
    await expect(erase()).rejects.toMatchObject({ code: "pending" });
    gate.clock.pass(DAY);
    await erase();
    expect((await gate.call(practice.signer(founder), "orderPending", {})).orders).toEqual([]);
    await erase();
    const again = await soloFile();
    await gate.call(again.practice.signer(again.founder), "orderPropose", { order: again.order });
    await cancelBy(again.practice, again.founder, again.order);
    gate.clock.pass(DAY);
    await expect(again.erase()).rejects.toMatchObject({ code: "not-authorised" });
  });

  it("does not wait when the paper code consents", async () => {
    const { practice, order, erase } = await soloFile();
    const approval = signApproval(
      {
        practice: practice.id,
        order: hashOrder(order),
        author: { by: "code", id: practice.id },
        until: practice.week + 2,
      },
      practice.code.secret,
    );
    expect((await erase([approval])).shares).toEqual([]);
  });
});

describe("a legal hold", () => {
  it("keeps an erasure from being proposed and from being carried out, and is lifted by a privacy officer with another", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["privacy"], ["privacy"]]);
    const [holder, officer, other] = members;
    if (!holder || !officer || !other) throw new TypeError("nobody");
    const made = practice.createFile(holder, "care");
    await practice.store(holder, [made]);
    const hold = bytesToId<HoldId>(randomBytes(16));
    const submit = (
      by: typeof holder,
      head: { seq: number; hash: Hash },
      act: Parameters<typeof signAccessStatement>[1],
    ) => {
      const { id, state } = practice;
      const place = { practice: id, file: made.file, device: by.device, head };
      const statement = signAccessStatement(place, act, by.statement.secret);
      const body = { items: [{ share: null, statement }] };
      return {
        next: { seq: head.seq + 1, hash: readStatement(statement).hash },
        seen: practiceHead(state),
        sent: gate.call(practice.signer(by), "accessSubmit", body),
      };
    };
    const seen = practiceHead(practice.state);
    const first = { seq: 0, hash: made.link.hash };
    const erase = practice.order(officer, "erase", { file: made.file, reason: "order" });
    await gate.call(practice.signer(officer), "orderPropose", { order: erase });
    const placed = submit(officer, first, {
      kind: "hold",
      body: { seen, hold, reason: "authority", until: null },
    });
    await placed.sent;
    const again = practice.order(holder, "erase", { file: made.file, reason: "order" });
    const propose = (by: typeof holder, order: Uint8Array) =>
      gate.call(practice.signer(by), "orderPropose", { order });
    await expect(propose(holder, again)).rejects.toMatchObject({ code: "on-hold" });
    const approvals = [practice.approval(other, erase)];
    const carry = { kind: "erase" as const, body: { seen, order: erase, approvals } };
    await expect(submit(officer, placed.next, carry).sent).rejects.toMatchObject({
      code: "on-hold",
    });
    const byHolder = practice.order(holder, "unhold", { file: made.file, hold });
    await expect(propose(holder, byHolder)).rejects.toMatchObject({ code: "not-authorised" });
    const strange = bytesToId<HoldId>(randomBytes(16));
    const ofNothing = practice.order(officer, "unhold", { file: made.file, hold: strange });
    await expect(propose(officer, ofNothing)).rejects.toMatchObject({ code: "not-found" });
    const lift = practice.order(officer, "unhold", { file: made.file, hold });
    await propose(officer, lift);
    const alone = { kind: "unhold" as const, body: { seen, order: lift, approvals: [] } };
    await expect(submit(officer, placed.next, alone).sent).rejects.toMatchObject({
      code: "second-person-missing",
    });
    const lifted = submit(officer, placed.next, {
      kind: "unhold",
      body: { seen, order: lift, approvals: [practice.approval(other, lift)] },
    });
    await lifted.sent;
    await submit(officer, lifted.next, carry).sent;
    expect((await gate.call(practice.signer(officer), "orderPending", {})).orders).toEqual([]);
  });
});

describe("a new device", () => {
  it("of oneself acts at once; for somebody else after a day, which that member can refuse", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["therapist"]]);
    const { founder } = practice;
    const [lost = founder, second = founder] = members;
    const device = deviceOf(testMember(["therapist"]));
    await practice.give(founder, "device.add", { body: { member: founder.member, device } });
    const foreign = practice.order(founder, "device.add", {
      member: lost.member,
      device: deviceOf(testMember(["therapist"])),
    });
    await expect(practice.sequence(founder, foreign)).rejects.toMatchObject({
      code: "second-person-missing",
    });
    const { dueAt } = await gate.call(practice.signer(founder), "orderPropose", { order: foreign });
    expect(dueAt).toBe(gate.clock.now() + DAY);
    await expect(practice.sequence(founder, foreign)).rejects.toMatchObject({ code: "pending" });
    await expect(cancelBy(practice, second, foreign)).rejects.toMatchObject({
      code: "not-authorised",
    });
    await cancelBy(practice, lost, foreign);
    gate.clock.pass(DAY);
    await expect(practice.sequence(founder, foreign)).rejects.toMatchObject({
      code: "not-authorised",
    });
    const inPerson = practice.order(founder, "device.add", {
      member: lost.member,
      device: deviceOf(testMember(["therapist"])),
    });
    await practice.sequence(founder, inPerson, [second]);
  });

  it("by the recovery kit waits a day, alone", async () => {
    const { practice, members } = await grownPractice([["therapist"]]);
    const [lost = practice.founder] = members;
    const next = testMember(["therapist"]);
    const author = { by: "kit" as const, id: lost.member };
    const order = signOrder(
      {
        practice: practice.id,
        author,
        seen: practiceHead(practice.state),
        kind: "device.add",
        body: { member: lost.member, device: deviceOf(next) },
      },
      lost.kit.secret,
    );
    const kit: Signer = { practice: practice.id, author, key: lost.kit };
    const statement = signOrderStatement(
      practice.state,
      { device: "0".repeat(32) as never, order, approvals: [] },
      lost.kit.secret,
    );
    await expect(
      gate.call(kit, "practiceSubmit", { statements: [statement] }),
    ).rejects.toMatchObject({
      code: "second-person-missing",
    });
    await gate.call(kit, "orderPropose", { order });
    gate.clock.pass(DAY - 1);
    await expect(
      gate.call(kit, "practiceSubmit", { statements: [statement] }),
    ).rejects.toMatchObject({
      code: "pending",
    });
    gate.clock.pass(1);
    await gate.call(kit, "practiceSubmit", { statements: [statement] });
    practice.apply(statement);
    await gate.call(practice.signer({ ...next, member: lost.member }), "status", {});
  });
});

describe("recovery", () => {
  it("waits three days, and two of the staff together can stop it", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["therapist"]]);
    const [first = practice.founder, second = practice.founder] = members;
    const author = { by: "recovery" as const, id: practice.id };
    const recover = (): Uint8Array =>
      signOrder(
        {
          practice: practice.id,
          author,
          seen: practiceHead(practice.state),
          kind: "recover",
          body: introductionOf(testMember(["admin"])),
        },
        practice.recovery.sign.secret,
      );
    const signer: Signer = { practice: practice.id, author, key: practice.recovery.sign };
    const submit = (order: Uint8Array) =>
      gate.call(signer, "practiceSubmit", {
        statements: [
          signOrderStatement(
            practice.state,
            { device: "0".repeat(32) as never, order, approvals: [] },
            practice.recovery.sign.secret,
          ),
        ],
      });
    const [kept, stopped] = [recover(), recover()];
    for (const order of [kept, stopped]) {
      const { dueAt } = await gate.call(signer, "orderPropose", { order });
      expect(dueAt).toBe(gate.clock.now() + 3 * DAY);
    }
    await cancelBy(practice, first, stopped);
    await cancelBy(practice, first, kept);
    await cancelBy(practice, second, stopped);
    await expect(submit(kept)).rejects.toMatchObject({ code: "pending" });
    gate.clock.pass(3 * DAY);
    await expect(submit(stopped)).rejects.toMatchObject({ code: "not-authorised" });
    await submit(kept);
  });
});

describe("a freeze", () => {
  const freezeOf = (practice: GatePractice, by: TestMember, member: TestMember): Uint8Array =>
    practice.order(by, "freeze", { member: member.member });
  const idOf = (practice: GatePractice): Extract<Order, { kind: "thaw" }>["body"] => ({
    freeze: Object.keys(practice.state.freezes).at(-1) as never,
  });

  it("is thawed by two, an hour after it arrived; its giver then needs a second person for a day", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["therapist"]]);
    const { founder } = practice;
    const [frozen = founder, second = founder] = members;
    const order = freezeOf(practice, founder, frozen);
    await gate.call(practice.signer(founder), "stop", { order });
    await practice.sequence(founder, order);
    const thaw = practice.order(founder, "thaw", idOf(practice));
    await expect(practice.sequence(founder, thaw)).rejects.toMatchObject({
      code: "second-person-missing",
    });
    await expect(practice.sequence(founder, thaw, [second])).rejects.toMatchObject({
      code: "pending",
    });
    const admin = practice.order(frozen, "team.remove", {
      team: "0".repeat(32) as never,
      member: second.member,
    });
    await expect(practice.sequence(frozen, admin)).rejects.toMatchObject({ code: "frozen" });
    gate.clock.pass(HOUR);
    await practice.sequence(founder, thaw, [second]);
    expect(await gate.call(practice.signer(frozen), "status", {})).toMatchObject({ frozen: false });
    const again = freezeOf(practice, founder, frozen);
    await expect(
      gate.call(practice.signer(founder), "stop", { order: again }),
    ).rejects.toMatchObject({ code: "second-person-missing" });
    await gate.call(practice.signer(founder), "stop", {
      order: freezeOf(practice, founder, founder),
    });
    gate.clock.pass(DAY);
    await gate.call(practice.signer(founder), "stop", { order: again });
  });

  it("of everybody else by one therapist is thawed after an hour by the paper code and somebody frozen", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["office"]]);
    const { founder } = practice;
    const [hostile = founder, office = founder] = members;
    for (const each of [founder, office])
      await practice.sequence(hostile, freezeOf(practice, hostile, each));
    const author = { by: "code" as const, id: practice.id };
    const code: Signer = { practice: practice.id, author, key: practice.code };
    const [freeze] = Object.keys(practice.state.freezes);
    const seen = practiceHead(practice.state);
    const order = signOrder(
      { practice: practice.id, author, seen, kind: "thaw", body: { freeze: freeze as never } },
      practice.code.secret,
    );
    expect(await gate.call(code, "orderPropose", { order })).toMatchObject({ dueAt: null });
    const submit = async (approvals: Uint8Array[]): Promise<Uint8Array> => {
      const statement = signOrderStatement(
        practice.state,
        { device: "0".repeat(32) as never, order, approvals },
        practice.code.secret,
      );
      await gate.call(code, "practiceSubmit", { statements: [statement] });
      return statement;
    };
    const approval = practice.approval(founder, order);
    await gate.call(practice.signer(founder), "orderApprove", { approval });
    await expect(submit([])).rejects.toMatchObject({ code: "second-person-missing" });
    await expect(submit([approval])).rejects.toMatchObject({ code: "pending" });
    gate.clock.pass(HOUR);
    practice.apply(await submit([approval]));
    const status = (member: TestMember) => gate.call(practice.signer(member), "status", {});
    expect(await status(founder)).toMatchObject({ frozen: false });
    expect(await status(office)).toMatchObject({ frozen: true });
  });

  it("of the whole practice takes the paper code, and no therapist alone", async () => {
    const { practice, members } = await grownPractice([["therapist"]]);
    const [therapist = practice.founder] = members;
    const order = practice.order(therapist, "freeze", { member: null });
    await expect(gate.call(practice.signer(therapist), "stop", { order })).rejects.toMatchObject({
      code: "second-person-missing",
    });
    const author = { by: "code" as const, id: practice.id };
    const byCode = signOrder(
      {
        practice: practice.id,
        author,
        seen: practiceHead(practice.state),
        kind: "freeze",
        body: { member: null },
      },
      practice.code.secret,
    );
    await gate.call({ practice: practice.id, author, key: practice.code }, "stop", {
      order: byCode,
    });
    expect(await gate.call(practice.signer(therapist), "status", {})).toMatchObject({
      frozen: true,
    });
  });
});

describe("the end of a device or a member", () => {
  it("acts on arrival, before it is sequenced", async () => {
    const { practice, members } = await grownPractice([["therapist"], ["office"]]);
    const { founder } = practice;
    const [first = founder, second = founder] = members;
    const stranger = practice.order(second, "device.end", { device: first.device });
    await expect(
      gate.call(practice.signer(second), "stop", { order: stranger }),
    ).rejects.toMatchObject({ code: "not-authorised" });
    const device = practice.order(founder, "device.end", { device: first.device });
    await gate.call(practice.signer(founder), "stop", { order: device });
    await expect(gate.call(practice.signer(first), "status", {})).rejects.toMatchObject({
      code: "not-authorised",
    });
    const member = practice.order(founder, "member.end", { member: second.member });
    await gate.call(practice.signer(founder), "stop", { order: member });
    await expect(gate.call(practice.signer(second), "status", {})).rejects.toMatchObject({
      code: "not-authorised",
    });
    await practice.sequence(founder, device);
    await practice.sequence(founder, member);
    await gate.call(practice.signer(founder), "stop", { order: member });
  });

  it("is not what a stop of another kind can be", async () => {
    const { practice } = await grownPractice([]);
    const order = practice.order(practice.founder, "thaw", { freeze: "0".repeat(32) as never });
    await expect(
      gate.call(practice.signer(practice.founder), "stop", { order }),
    ).rejects.toMatchObject({ code: "not-authorised" });
  });
});

describe("two statements for one place", () => {
  it("leave one in the chain, and the other a conflict", async () => {
    const practice = await GatePractice.create(gate);
    const { founder } = practice;
    const make = (): Uint8Array =>
      practice.statement(
        founder,
        practice.order(founder, "member.add", introductionOf(testMember(["office"]))),
      );
    const statements = [make(), make(), make()];
    const results = await Promise.allSettled(
      statements.map((statement) =>
        gate.call(practice.signer(founder), "practiceSubmit", { statements: [statement] }),
      ),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as Refused).code] : [],
    );
    expect(refused).toEqual(["conflict", "conflict"]);
  });
});
