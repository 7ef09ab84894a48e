import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundPractice, goTo, unlock } from "./door.ts";
import { registerPatient, signNote, writeNote } from "./records.ts";

const system = useBrowserSystem();
let aino: Visitor;

beforeAll(async () => {
  aino = await system.visit();
  await foundPractice(aino.page, {
    practice: "Kuusi",
    member: "Aino Laine",
    code: system.launcher.installationCode(),
  });
  await registerPatient(aino.page, { given: "Maija", family: "Korhonen" });
  await writeNote(aino.page, "slept five nights of seven");
  await signNote(aino.page, "slept five nights of seven");
});

const allServices = (): RegExp =>
  new RegExp(`^(?:${Object.values(system.launcher.services).join("|")})/`);

/** A session that has opened no record yet: the address of one would open it. */
async function beginAtCaseload(): Promise<void> {
  await goTo(aino.page, "Caseload");
  await aino.page.reload();
  await unlock(aino.page);
  await aino.page.getByRole("link", { name: "Maija Korhonen" }).waitFor();
}

afterEach(() => aino.context.unrouteAll());

describe("when something is wrong", () => {
  it("keeps a signed note while no service answers, shows that it waits, and sends it later", async () => {
    const { page, context, watch } = aino;
    watch.expect(/net::ERR_|Failed to load resource/);
    await writeNote(page, "written where no network is");
    await context.route(allServices(), (route) => route.abort());
    await page.getByRole("button", { name: "Sign and lock" }).click();
    await page.getByText("waits on this device, sealed").first().waitFor();
    await context.unroute(allServices());
    await beginAtCaseload();
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByText("written where no network is").first().waitFor();
    expect(await page.getByText("waits on this device, sealed").count()).toBe(0);
  });

  it("says that a service does not answer, and goes on when it is back", async () => {
    const { page, context } = aino;
    await beginAtCaseload();
    await context.route(`${system.launcher.services.what}/**`, (route) => route.abort());
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByRole("alert").getByText("A service does not answer").waitFor();
    await context.unroute(`${system.launcher.services.what}/**`);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("slept five nights of seven").first().waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("stops for good when an answer was changed on the way", async () => {
    const { page, context } = aino;
    await beginAtCaseload();
    let changed = 0;
    await context.route(`${system.launcher.services.what}/**`, async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      if (body.length > 400) {
        const at = Math.floor(body.length / 2);
        body[at] = (body[at] ?? 0) ^ 1;
        changed++;
      }
      await route.fulfill({ response: answer, body });
    });
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByText("A check failed, and everything stopped here").waitFor();
    expect(changed).toBeGreaterThan(0);
    const text = await page.locator("body").innerText();
    expect(text).not.toContain("Korhonen");
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await page.getByRole("link").count()).toBe(0);
  });
});
