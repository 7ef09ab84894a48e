import type { CDPSession } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, isInside, lock, PASSWORD } from "./door.ts";

const system = useBrowserSystem();
let aino: Visitor;
let devtools: CDPSession;

beforeAll(async () => {
  aino = await system.visit();
  devtools = await aino.context.newCDPSession(aino.page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: true,
    },
  });
  await foundAsAino(system, aino);
});

describe("a passkey", () => {
  it("is added with the password, and says from when on it opens more", async () => {
    const { page } = aino;
    await goTo(page, "Settings");
    const section = page.locator("section", {
      has: page.getByRole("heading", { name: "Passkeys" }),
    });
    await section.getByLabel("Password of this device").fill(PASSWORD);
    await section.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("more when the budget is spent from").waitFor();
    await goTo(page, "Openings");
    await page.getByText("passkey changed").waitFor();
    expect(await page.getByText("passkey changed").count()).toBe(1);
  });

  it("opens the device in the place of the password", async () => {
    const { page } = aino;
    await lock(page);
    await page.getByRole("button", { name: /passkey/i }).click();
    await isInside(page);
    expect(await page.getByLabel("Password of this device").count()).toBe(0);
  });

  it("is gone, here and at the gate, when it is removed", async () => {
    const { page } = aino;
    await goTo(page, "Settings");
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("Passkey 1").waitFor({ state: "detached" });
    await goTo(page, "Openings");
    await page.getByRole("button", { name: "Read again" }).click();
    await expect.poll(() => page.getByText("passkey changed").count()).toBeGreaterThan(1);
  });
});
