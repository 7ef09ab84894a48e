import {
  DEFAULT_POLICY,
  GATE_ROUTES,
  hashLogDetail,
  PASSKEYS_PER_MEMBER,
  type Assertion,
  type FileId,
  type TopUpReason,
} from "@sinetti/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { FLAGS, SoftAuthenticator, type AnswerOptions } from "../../../tools/softAuthenticator.ts";
import { testMember, type TestFile, type TestMember } from "../../../tools/testPractice.ts";
import { deviceOf, GatePractice } from "./gatePractice.ts";
import { ORIGIN, TestGate } from "./testGate.ts";

const DAY = 86_400;
let gate: TestGate;
beforeAll(async () => {
  gate = await TestGate.open();
});
afterAll(() => gate.stop());

let practice: GatePractice;
let colleague: TestMember;
let passkey: SoftAuthenticator;
beforeEach(async () => {
  practice = await GatePractice.create(gate);
  colleague = await practice.hire(["therapist"]);
  passkey = new SoftAuthenticator();
});

const register = (by: TestMember, soft: SoftAuthenticator = passkey) =>
  gate.call(practice.signer(by), "passkeyPut", soft.passkey);
const ask = (by: TestMember, reason: TopUpReason = "session") =>
  gate.call(practice.signer(by), "topUpChallenge", { reason });
const bring = (by: TestMember, assertion: Assertion, reason: TopUpReason = "session") =>
  gate.call(practice.signer(by), "topUp", { reason, assertion });

/** Asks, answers and brings the answer. */
async function raise(by: TestMember, options: Partial<AnswerOptions> = {}) {
  const { challenge } = await ask(by);
  return bring(by, passkey.answer(challenge, { origin: ORIGIN, ...options }));
}

/** A passkey of the colleague that is old enough. */
async function settle(): Promise<void> {
  await register(colleague);
  gate.clock.pass(DAY);
}

async function storeCases(count: number): Promise<FileId[]> {
  const files = Array.from({ length: count }, (): TestFile =>
    practice.createFile(practice.founder, "care", { grants: [practice.grant(colleague)] }),
  );
  await practice.store(practice.founder, files);
  return files.map(({ file }) => file);
}

describe("a passkey", () => {
  it("is refused when its key is none, or not of its algorithm", async () => {
    const { credential, key } = passkey.passkey;
    const put = (change: object) =>
      gate.call(practice.signer(colleague), "passkeyPut", { ...passkey.passkey, ...change });
    const malformed = { code: "malformed" };
    await expect(put({ key: key.subarray(1) })).rejects.toMatchObject(malformed);
    await expect(put({ algorithm: "EdDSA" })).rejects.toMatchObject(malformed);
    await expect(put({ credential: credential.subarray(0, 0) })).rejects.toMatchObject(malformed);
  });

  it("counts a day after it was added, and the same again does not begin the day anew", async () => {
    const added = gate.clock.time;
    expect(await register(colleague)).toMatchObject({ countsFrom: added + DAY });
    await expect(ask(colleague)).rejects.toMatchObject({ code: "too-early" });
    gate.clock.pass(DAY - 1);
    await expect(ask(colleague)).rejects.toMatchObject({ code: "too-early" });
    expect(await register(colleague)).toMatchObject({ countsFrom: added + DAY });
    gate.clock.pass(1);
    expect(await ask(colleague)).toMatchObject({ credentials: [passkey.passkey.credential] });
  });

  it("stands in the log when it is added and when it is removed, and not again when it was there", async () => {
    await register(colleague);
    await register(colleague);
    const { credential } = passkey.passkey;
    await gate.call(practice.signer(colleague), "passkeyRemove", { credential });
    const { entries } = await gate.call(practice.signer(practice.founder), "logChain", {
      from: 0,
      limit: 100,
    });
    const lines = entries.filter(({ kind }) => kind === "passkey");
    expect(lines).toMatchObject([
      { member: colleague.member, count: 1 },
      { member: colleague.member, count: 0 },
    ]);
    const { passkeyPut } = GATE_ROUTES;
    expect(lines[0]?.detail).toBe(hashLogDetail(passkeyPut.request, passkey.passkey));
  });

  it("is of one member alone: another can neither take its id nor remove it", async () => {
    await register(colleague);
    await expect(register(practice.founder)).rejects.toMatchObject({ code: "conflict" });
    const { credential } = passkey.passkey;
    const remove = (by: TestMember) =>
      gate.call(practice.signer(by), "passkeyRemove", { credential });
    await expect(remove(practice.founder)).rejects.toMatchObject({ code: "not-found" });
    const list = await gate.call(practice.signer(practice.founder), "passkeyList", {});
    expect(list.passkeys).toEqual([]);
    await remove(colleague);
    expect((await gate.call(practice.signer(colleague), "passkeyList", {})).passkeys).toEqual([]);
  });

  it("is one of a few", async () => {
    for (let i = 0; i < PASSKEYS_PER_MEMBER; i++)
      await register(colleague, new SoftAuthenticator());
    await expect(register(colleague)).rejects.toMatchObject({ code: "too-large" });
  });

  it("goes with the device that registered it", async () => {
    const { device, statement, request } = testMember([]);
    const second = { ...colleague, device, statement, request };
    await practice.give(colleague, "device.add", {
      body: { member: colleague.member, device: deviceOf(second) },
    });
    await register(second);
    gate.clock.pass(DAY);
    expect((await ask(colleague)).credentials).toHaveLength(1);
    await practice.give(colleague, "device.end", { body: { device: second.device } });
    await expect(ask(colleague)).rejects.toMatchObject({ code: "not-found" });
    expect(await register(colleague)).toMatchObject({ countsFrom: gate.clock.time + DAY });
  });
});

describe("a top-up", () => {
  it("is refused without a passkey, and without a challenge", async () => {
    await expect(ask(colleague)).rejects.toMatchObject({ code: "not-found" });
    await settle();
    const assertion = passkey.answer(new Uint8Array(32), { origin: ORIGIN });
    await expect(bring(colleague, assertion)).rejects.toMatchObject({ code: "passkey-refused" });
  });

  it("is refused for another origin, another relying party, and without verification", async () => {
    await settle();
    for (const options of [
      { origin: "https://evil.example" },
      { rpId: "evil.example" },
      { flags: FLAGS.present },
      { type: "webauthn.create" },
    ])
      await expect(raise(colleague, options)).rejects.toMatchObject({ code: "passkey-refused" });
    expect(await raise(colleague)).toMatchObject({ cases: DEFAULT_POLICY.topUp });
  });

  it("spends a challenge by its first answer, also by one that is refused", async () => {
    await settle();
    const { challenge } = await ask(colleague);
    const refused = { code: "passkey-refused" };
    const wrong = passkey.answer(challenge, { origin: ORIGIN, flags: FLAGS.present });
    await expect(bring(colleague, wrong)).rejects.toMatchObject(refused);
    const right = passkey.answer(challenge, { origin: ORIGIN });
    await expect(bring(colleague, right)).rejects.toMatchObject(refused);
  });

  it("is refused for another reason than was asked, by another device, and five minutes later", async () => {
    await settle();
    const refused = { code: "passkey-refused" };
    const answer = async () => {
      const { challenge } = await ask(colleague);
      return passkey.answer(challenge, { origin: ORIGIN });
    };
    await expect(bring(colleague, await answer(), "contact")).rejects.toMatchObject(refused);
    await expect(bring(practice.founder, await answer())).rejects.toMatchObject(refused);
    const late = await answer();
    gate.clock.pass(300);
    await expect(bring(colleague, late)).rejects.toMatchObject(refused);
  });

  it("is refused with the passkey of another member", async () => {
    await settle();
    const own = new SoftAuthenticator();
    await register(practice.founder, own);
    gate.clock.pass(DAY);
    const { challenge } = await ask(practice.founder);
    const assertion = passkey.answer(challenge, { origin: ORIGIN });
    await expect(bring(practice.founder, assertion)).rejects.toMatchObject({
      code: "passkey-refused",
    });
  });

  it("is refused with a passkey that is too young, beside one that is not", async () => {
    await settle();
    const young = new SoftAuthenticator();
    await register(colleague, young);
    const { challenge, credentials } = await ask(colleague);
    expect(credentials).toEqual([passkey.passkey.credential]);
    const assertion = young.answer(challenge, { origin: ORIGIN });
    await expect(bring(colleague, assertion)).rejects.toMatchObject({ code: "too-early" });
  });

  it("is refused to a frozen member, who cannot add a passkey either", async () => {
    await settle();
    const { challenge } = await ask(colleague);
    await practice.give(practice.founder, "freeze", { body: { member: colleague.member } });
    const frozen = { code: "frozen" };
    const assertion = passkey.answer(challenge, { origin: ORIGIN });
    await expect(bring(colleague, assertion)).rejects.toMatchObject(frozen);
    await expect(ask(colleague)).rejects.toMatchObject(frozen);
    await expect(register(colleague, new SoftAuthenticator())).rejects.toMatchObject(frozen);
  });

  it("is refused when the counter of its passkey goes back", async () => {
    await settle();
    await raise(colleague, { signCount: 9 });
    gate.clock.pass(DAY);
    await expect(raise(colleague, { signCount: 9 })).rejects.toMatchObject({
      code: "passkey-refused",
    });
    expect(await raise(colleague, { signCount: 10 })).toMatchObject({ cases: 12 });
  });

  it("is refused a second time in a day, the same answer too, and where the policy adds nothing", async () => {
    await settle();
    const { challenge } = await ask(colleague);
    const assertion = passkey.answer(challenge, { origin: ORIGIN });
    const { until } = await bring(colleague, assertion);
    expect(until).toBe(gate.clock.time + DAY);
    const early = { code: "too-early" };
    await expect(bring(colleague, assertion)).rejects.toMatchObject(early);
    await expect(ask(colleague)).rejects.toMatchObject(early);
    const list = await gate.call(practice.signer(colleague), "passkeyList", {});
    expect(list).toMatchObject({ topUpFrom: until, cases: 12 });
    gate.clock.pass(DAY);
    await practice.give(practice.founder, "policy", {
      body: { policy: { ...DEFAULT_POLICY, topUp: 0 } },
    });
    await expect(ask(colleague)).rejects.toMatchObject({ code: "not-authorised" });
  });

  it("comes once of two that come at once", async () => {
    await settle();
    const { challenge } = await ask(colleague);
    const assertion = passkey.answer(challenge, { origin: ORIGIN });
    const both = await Promise.allSettled([
      bring(colleague, assertion),
      bring(colleague, assertion),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("opens as many cases more for a day, for this member alone, and no more", async () => {
    await settle();
    const files = await storeCases(26);
    const count = async (ids: readonly FileId[]) =>
      (await practice.outcomes(colleague, ids)).filter((outcome) => outcome === "released").length;
    expect(await count(files)).toBe(12);
    await raise(colleague);
    const { classes } = await gate.call(practice.signer(colleague), "budgetRead", {});
    expect(classes[0]?.horizons[0]).toMatchObject({ spent: 12, limit: 24 });
    expect(await count(files)).toBe(24);
    const others = await gate.call(practice.signer(practice.founder), "budgetRead", {});
    expect(others.classes[0]?.horizons[0]).toMatchObject({ limit: 12 });
    gate.clock.pass(DAY);
    expect(await count(files)).toBe(12);
  });

  it("stands in the log with its reason, bound by its hash, where a privacy officer reads it", async () => {
    await settle();
    const { challenge } = await ask(colleague, "contact");
    const assertion = passkey.answer(challenge, { origin: ORIGIN });
    await bring(colleague, assertion, "contact");
    const officer = practice.signer(practice.founder);
    const { entries } = await gate.call(officer, "logChain", { from: 0, limit: 100 });
    const line = entries.find(({ kind }) => kind === "top-up");
    const body = { reason: "contact" as const, assertion };
    expect(line).toMatchObject({ member: colleague.member, purpose: "contact", count: 12 });
    expect(line?.detail).toBe(hashLogDetail(GATE_ROUTES.topUp.request, body));
    const { rows } = await gate.call(officer, "logRead", {
      scope: "practice",
      file: null,
      from: 0,
      limit: 100,
    });
    expect(rows.find(({ kind }) => kind === "top-up")).toMatchObject({ purpose: "contact" });
  });
});
