import { statSync, writeFileSync } from "node:fs";

import { hashStatement, practiceHead, verifyAcceptance } from "@sinetti/core";
import { signOrderStatement } from "@sinetti/core/secret";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { TestPractice, testMember } from "../../../tools/testPractice.ts";
import { GatePractice, introductionOf } from "./gatePractice.ts";
import { TestGate } from "./testGate.ts";

describe("creating a practice", () => {
  let gate: TestGate;
  beforeAll(async () => {
    gate = await TestGate.open();
  });
  afterAll(() => gate.stop());

  it("refuses a wrong code, another gate's genesis, and a stranger's signature", async () => {
    const practice = new TestPractice({ gate: gate.keys.service });
    const signer = {
      practice: practice.id,
      author: { by: "device" as const, id: practice.founder.device },
      key: practice.founder.request,
    };
    const body = { genesis: practice.genesis, code: gate.readCode() };
    const wrong = { ...body, code: "WRONG-WRONG-WRONG-WRONG-WRONG" };
    await expect(gate.call(signer, "practiceCreate", wrong)).rejects.toMatchObject({
      code: "installation-code",
    });
    const stranger = { ...signer, key: testMember(["admin"]).request };
    await expect(gate.call(stranger, "practiceCreate", body)).rejects.toMatchObject({
      code: "bad-signature",
    });
    const elsewhere = new TestPractice();
    const other = {
      practice: elsewhere.id,
      author: { by: "device" as const, id: elsewhere.founder.device },
      key: elsewhere.founder.request,
    };
    await expect(
      gate.call(other, "practiceCreate", { genesis: elsewhere.genesis, code: gate.readCode() }),
    ).rejects.toMatchObject({ code: "wrong-service" });
  });

  it("spends the code, gives the same acceptance to the same genesis, and writes a fresh code", async () => {
    const code = gate.readCode();
    const practice = await GatePractice.create(gate);
    expect(gate.readCode()).not.toBe(code);
    const again = await gate.call(practice.signer(practice.founder), "practiceCreate", {
      genesis: practice.genesis,
      code,
    });
    const { items } = verifyAcceptance(again.acceptance, gate.keys.service.publicKey, practice.id);
    expect(items[0]).toMatchObject({ seq: 0, hash: practiceHead(practice.state).hash });
  });

  it("replaces a code that was spent just before the process ended, and takes no second practice for it", async () => {
    const spent = gate.readCode();
    await GatePractice.create(gate);
    writeFileSync(gate.codeFile, `${spent}\n`);
    await expect(GatePractice.create(gate)).rejects.toMatchObject({ code: "installation-code" });
    expect(gate.readCode()).not.toBe(spent);
    await GatePractice.create(gate);
    expect(statSync(gate.codeFile).mode & 0o777).toBe(0o600);
  });

  it("sequences statements, reads them back, and answers the same statement with its acceptance", async () => {
    const practice = await GatePractice.create(gate);
    const member = testMember(["therapist"]);
    const { founder } = practice;
    const order = practice.order(founder, "member.add", introductionOf(member));
    const statement = practice.statement(founder, order);
    const signer = practice.signer(founder);
    const first = await gate.call(signer, "practiceSubmit", { statements: [statement] });
    const second = await gate.call(signer, "practiceSubmit", { statements: [statement] });
    expect(second.acceptance).toEqual(first.acceptance);
    practice.apply(statement);
    const read = await gate.call(practice.signer(member), "practiceRead", { from: 0 });
    expect(read.links.map((link) => link.statement)).toEqual([practice.genesis, statement]);
    const status = await gate.call(practice.signer(member), "status", {});
    expect(status).toMatchObject({ practice: practiceHead(practice.state), frozen: false });
  });
});

describe("many statements in one request", () => {
  let gate: TestGate;
  let practice: GatePractice;
  beforeAll(async () => {
    gate = await TestGate.open();
    practice = await GatePractice.create(gate);
  });
  afterAll(() => gate.stop());

  /** Statements that follow one another, and are not submitted yet. */
  function chain(orders: Uint8Array[]): Uint8Array[] {
    let head = practiceHead(practice.state);
    return orders.map((order) => {
      const statement = signOrderStatement(
        practice.state,
        { device: practice.founder.device, order, approvals: [], head },
        practice.founder.statement.secret,
      );
      head = { seq: head.seq + 1, hash: hashStatement(statement) };
      return statement;
    });
  }
  const hired = () =>
    practice.order(practice.founder, "member.add", introductionOf(testMember(["therapist"])));
  const submit = (statements: Uint8Array[]) =>
    gate.call(practice.signer(practice.founder), "practiceSubmit", { statements });

  it("are taken all or none, and the refusal names the one", async () => {
    const foreign = testMember(["admin"]);
    const [good, bad] = [hired(), practice.order(foreign, "member.add", introductionOf(foreign))];
    await expect(submit(chain([good, bad]))).rejects.toMatchObject({
      code: "not-authorised",
      index: 1,
    });
    const { links } = await gate.call(practice.signer(practice.founder), "practiceRead", {
      from: 1,
    });
    expect(links).toEqual([]);
  });

  it("refuse a freeze among them, which has a line of the log to itself", async () => {
    const freeze = practice.order(practice.founder, "freeze", { member: null });
    await expect(submit(chain([hired(), freeze]))).rejects.toMatchObject({ code: "malformed" });
  });

  it("share one acceptance and one commit, and get it again", async () => {
    const statements = chain(Array.from({ length: 64 }, hired));
    gate.statements.length = 0;
    const { acceptance } = await submit(statements);
    expect(gate.statements.filter((text) => /^commit/i.test(text.trim()))).toHaveLength(1);
    const { items } = verifyAcceptance(acceptance, gate.keys.service.publicKey, practice.id);
    expect(items.map(({ hash }) => hash)).toEqual(statements.map(hashStatement));
    expect((await submit(statements)).acceptance).toEqual(acceptance);
    for (const statement of statements) practice.apply(statement);
    await expect(submit([...statements.slice(0, 2), ...chain([hired()])])).rejects.toMatchObject({
      code: "conflict",
    });
  });
});
