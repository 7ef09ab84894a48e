import { RIGHTS } from "@sinetti/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  addPatient,
  findPatientFiles,
  grantPatient,
  openFiles,
  readBudgetView,
  readPracticeLog,
  readTopUp,
  reconcile,
  registerPasskeyAtGate,
  removePasskeyAtGate,
  topUp,
  type Client,
  type FileRef,
  type PasskeyAssert,
} from "@sinetti/client";
import { FLAGS, SoftAuthenticator } from "../../../tools/softAuthenticator.ts";
import { startTestSystem, TEST_ORIGIN, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

const DAY = 86_400;
const CASES = 12;

let system: TestSystem;
let founder: Client;
let officer: Client;
const care: FileRef[] = [];
let colleague: Client;
let colleagueWorld: TestDeviceWorld;
beforeAll(async () => {
  system = await startTestSystem();
  founder = (await foundPractice(system)).client;
  officer = (await addMember(system, founder, ["privacy"])).client;
  const added = await addMember(system, founder, ["therapist"]);
  ({ client: colleague, world: colleagueWorld } = added);
  for (let i = 0; i < CASES + 2; i++) {
    const { patient } = await addPatient(founder, PERSON);
    const rights = RIGHTS.read | RIGHTS.write;
    const wish = { member: added.member, rights, untilSeconds: null, reason: "care" as const };
    await grantPatient(founder, patient, wish);
    const ref = (await findPatientFiles(founder, patient)).care;
    if (ref !== null) care.push(ref);
  }
}, 60_000);
afterAll(() => system.stop());

let soft: SoftAuthenticator;
let assert: PasskeyAssert;
beforeEach(() => {
  soft = new SoftAuthenticator();
  assert = ({ challenge }) => Promise.resolve(soft.answer(challenge, { origin: TEST_ORIGIN }));
});

const released = async (): Promise<number> => {
  const opened = await openFiles(colleague.context, care, { purpose: "preparation" });
  return opened.filter(({ outcome }) => outcome === "released").length;
};

describe("a budget that its member raises", () => {
  test("takes a passkey that was registered a day before", async () => {
    const { context } = colleague;
    const wish = { reason: "session", assert } as const;
    await expect(topUp(context, wish)).rejects.toMatchObject({ problem: "not-found" });
    const from = await registerPasskeyAtGate(context, soft.passkey);
    expect(Date.parse(from) / 1000).toBe(system.clock.now() + DAY);
    expect(await readTopUp(context)).toMatchObject({
      passkeys: [{ countsFrom: from, counts: false }],
      isReady: false,
    });
    await expect(topUp(context, wish)).rejects.toMatchObject({ problem: "too-early" });
    system.clock.advance(DAY);
    expect(await readTopUp(context)).toMatchObject({ isReady: true, cases: CASES, nextAt: null });
    await removePasskeyAtGate(context, soft.passkey.credential);
    await removePasskeyAtGate(context, soft.passkey.credential);
    expect((await readTopUp(context)).passkeys).toEqual([]);
  });

  test("stays as it was when nobody gives a passkey, or its user was not verified", async () => {
    const { context } = colleague;
    await registerPasskeyAtGate(context, soft.passkey);
    system.clock.advance(DAY);
    const none: PasskeyAssert = () => Promise.resolve(null);
    expect(await topUp(context, { reason: "session", assert: none })).toBeNull();
    const unverified: PasskeyAssert = ({ challenge }) =>
      Promise.resolve(soft.answer(challenge, { origin: TEST_ORIGIN, flags: FLAGS.present }));
    await expect(topUp(context, { reason: "session", assert: unverified })).rejects.toMatchObject({
      problem: "passkey-refused",
    });
    const { budgets } = await readBudgetView(context);
    expect(budgets[0]?.horizons.every(({ limit }) => limit !== 2 * CASES)).toBe(true);
  });

  test("opens what was over it, is told to the privacy officer with its reason, and comes once a day", async () => {
    const { context } = colleague;
    await registerPasskeyAtGate(context, soft.passkey);
    system.clock.advance(DAY);
    expect(await released()).toBe(CASES);
    expect(await topUp(context, { reason: "contact", assert })).toMatchObject({ cases: CASES });
    expect(await released()).toBe(CASES + 2);
    const { rows } = await readPracticeLog(officer);
    expect(rows.find(({ kind }) => kind === "top-up")).toMatchObject({
      member: colleague.member,
      purpose: "contact",
      alarm: "top-up",
    });
    expect(rows.filter(({ alarm }) => alarm === "passkey").length).toBeGreaterThan(0);
    await expect(topUp(context, { reason: "contact", assert })).rejects.toMatchObject({
      problem: "too-early",
    });
    expect(await readTopUp(context)).toMatchObject({ isReady: false });
  });

  test("is known to the device that asked, and an alarm to one that did not", async () => {
    expect((await reconcile(colleague.context)).unknown).toEqual([]);
    const { storage } = colleagueWorld;
    const before = new Set(await storage.list("asked/"));
    await registerPasskeyAtGate(colleague.context, soft.passkey);
    const asked = (await storage.list("asked/")).filter((name) => !before.has(name));
    await storage.write(asked.map((name) => ({ name, value: null })));
    expect((await reconcile(colleague.context)).unknown).toHaveLength(1);
  });
});
