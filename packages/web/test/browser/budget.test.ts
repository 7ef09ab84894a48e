import { generateKeyPairSync, randomBytes } from "node:crypto";

import {
  addPatient,
  approveDevice,
  confirmClock,
  createDirectory,
  createPractice,
  giveOrder,
  openRoster,
  registerPasskeyAtGate,
} from "@sinetti/client";
import { DEFAULT_POLICY, initSuite, type Passkey } from "@sinetti/core";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { memoryDevice } from "../../../../tools/memoryDevice.ts";
import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { goTo, PASSWORD, showCode, unlock } from "./door.ts";
import { startShifted } from "./launcher.ts";

const CASES = 5;
const A_DAY_AGO = -86_400 - 600;

const system = useBrowserSystem([], () => startShifted(A_DAY_AGO));
let aino: Visitor;

/** A passkey of the browser's own authenticator; gives what the gate keeps of it. */
async function putPasskey({ context, page }: Visitor): Promise<Passkey> {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credential = new Uint8Array(randomBytes(32));
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  await devtools.send("WebAuthn.addCredential", {
    authenticatorId,
    credential: {
      credentialId: base64(credential),
      isResidentCredential: true,
      rpId: "localhost",
      privateKey: base64(keys.privateKey.export({ format: "der", type: "pkcs8" })),
      userHandle: base64(randomBytes(16)),
      signCount: 1,
    },
  });
  const key = new Uint8Array(keys.publicKey.export({ format: "der", type: "spki" }));
  return { credential, algorithm: "ES256", key };
}

beforeAll(async () => {
  await initSuite((count) => randomBytes(count));
  const { launcher } = system;
  let ahead = A_DAY_AGO;
  const world = memoryDevice({
    clock: { now: () => Date.now() / 1000 + ahead },
    fetch: (url, init) => fetch(url, init),
  });
  const roles = ["therapist", "admin", "privacy"] as const;
  const { client } = await createPractice(world, {
    endpoints: launcher.services,
    installationCode: launcher.installationCode(),
    password: PASSWORD,
    roles: [...roles],
  });
  const { context, member } = client;
  await createDirectory(context, {
    name: "Kuusi",
    founder: { id: member, name: "Aino Laine", roles: [...roles] },
    site: "Main",
  });
  await openRoster(context, true);
  const care = { ...DEFAULT_POLICY.care, tenMinutes: CASES };
  await giveOrder(context, "policy", { policy: { ...DEFAULT_POLICY, care } });
  for (let patient = 1; patient <= CASES + 2; patient++)
    await addPatient(client, {
      name: { given: ["Patient"], family: `Number ${patient}` },
      formerNames: [],
      otherCodes: [],
      phones: [],
      emails: [],
      addresses: [],
    });
  aino = await system.visit();
  await registerPasskeyAtGate(context, await putPasskey(aino));
  // A day goes by; somebody has to have looked at a clock that leapt.
  ahead = 0;
  launcher.shift(ahead);
  await confirmClock(context);
  const code = await showCode(aino.page, { isNewPerson: false });
  await approveDevice(context, code);
  await unlock(aino.page);
}, 240_000);

async function open(page: Page, patient: number): Promise<void> {
  await goTo(page, "Caseload");
  await page.getByRole("link", { name: `Number ${patient}` }).click();
}

const heading = (page: Page, patient: number) =>
  page.getByRole("heading", { name: `Patient Number ${patient}` });

describe("a budget of openings", () => {
  it("warns when most of it is spent, and says until when once it is", async () => {
    const { page } = aino;
    const near = page.getByText("nearly spent");
    for (let patient = 1; patient < CASES; patient++) {
      await open(page, patient);
      await heading(page, patient).waitFor();
      expect(await near.count()).toBe(patient >= CASES - 1 ? 1 : 0);
    }
    await open(page, CASES);
    await heading(page, CASES).waitFor();
    await open(page, CASES + 1);
    await page.getByText("The care record stays closed").waitFor();
    await page.getByText(`You have opened ${CASES} records within ten minutes`).waitFor();
    expect(await page.getByText("at the latest").innerText()).toMatch(/\d\d:\d\d at the latest/);
  });

  it("opens one record more for a patient in crisis, with an alarm", async () => {
    const { page } = aino;
    await page.getByRole("button", { name: "Open for a patient in crisis" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("called and cannot be left alone");
    await dialog.getByRole("button", { name: "Open for a patient in crisis" }).click();
    await heading(page, CASES + 1).waitFor();
    await page.getByText("called and cannot be left alone").waitFor();
    await goTo(page, "Openings");
    const alarm = page.locator("table").getByText("opened in crisis");
    await alarm.waitFor();
    expect(await alarm.count()).toBe(1);
  });

  it("is raised by a passkey that is a day old", async () => {
    const { page } = aino;
    await open(page, CASES + 2);
    await page.getByRole("button", { name: "Open 12 more by passkey" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Open 12 more by passkey" }).click();
    await page.getByRole("button", { name: "Write a note" }).waitFor();
    expect(await page.getByText("The care record stays closed").count()).toBe(0);
  });
});
