import { GATE_ROUTES, practiceHead } from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { TestMember } from "../../../tools/testPractice.ts";
import { GatePractice } from "./gatePractice.ts";
import { TestGate } from "./testGate.ts";

let gate: TestGate;
let practice: GatePractice;
let founder: TestMember;
let colleague: TestMember;
let office: TestMember;

beforeAll(async () => {
  gate = await TestGate.open();
});
afterAll(() => gate.stop());
beforeEach(async () => {
  practice = await GatePractice.create(gate);
  ({ founder } = practice);
  colleague = await practice.hire(["therapist"]);
  office = await practice.hire(["office"]);
});

const send = (by: TestMember, order: Uint8Array) =>
  gate.call(practice.signer(by), "stop", { order });
const read = async (by: TestMember): Promise<readonly Uint8Array[]> =>
  (await gate.call(practice.signer(by), "stopsRead", {})).orders;
const isFrozen = async (by: TestMember): Promise<boolean> =>
  (await gate.call(practice.signer(by), "status", {})).frozen;

describe(`the stops that the gate obeys and no chain carries (${GATE_ROUTES.stopsRead.path})`, () => {
  it("are shown to nobody who is stopped, and a revocation to nobody who may not know of the file", async () => {
    const file = practice.createFile(founder, "care", { grants: [practice.grant(colleague)] });
    await practice.store(founder, [file]);
    const revoke = practice.order(founder, "revoke", {
      file: file.file,
      subject: { type: "member", id: colleague.member },
    });
    await send(founder, revoke);
    expect(await read(office)).toEqual([]);
    expect(await read(colleague)).toEqual([]);
    expect(await read(founder)).toEqual([revoke]);
    await send(founder, practice.order(founder, "member.end", { member: office.member }));
    await expect(read(office)).rejects.toMatchObject({ code: "not-authorised" });
  });

  it("a revocation is not shown once its chain carries it", async () => {
    const file = practice.createFile(founder, "care", { grants: [practice.grant(colleague)] });
    await practice.store(founder, [file]);
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    await send(founder, order);
    const statement = signAccessStatement(
      {
        practice: practice.id,
        file: file.file,
        device: founder.device,
        head: { seq: 0, hash: file.link.hash },
      },
      { kind: "revoke", body: { seen: practiceHead(practice.state), order } },
      founder.statement.secret,
    );
    await gate.call(practice.signer(founder), "accessSubmit", {
      items: [{ statement, share: null }],
    });
    expect(await read(founder)).toEqual([]);
  });

  it("a freeze is shown to everybody until somebody, whoever it is, puts it into the chain", async () => {
    const order = practice.order(colleague, "freeze", { member: founder.member });
    await send(colleague, order);
    expect(await read(office)).toEqual([order]);
    await practice.sequence(office, order);
    expect(await read(office)).toEqual([]);
    expect(await isFrozen(founder)).toBe(true);
  });

  it("a freeze that could never stand, because its author has ended, acts no more", async () => {
    await send(colleague, practice.order(colleague, "freeze", { member: office.member }));
    expect(await isFrozen(office)).toBe(true);
    await practice.sequence(
      founder,
      practice.order(founder, "member.end", { member: colleague.member }),
    );
    expect(await isFrozen(office)).toBe(false);
    expect(await read(office)).toEqual([]);
  });
});
