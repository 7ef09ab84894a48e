import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, lock, PASSWORD, tryPassword, unlock } from "./door.ts";
import { registerPatient, signNote, writeNote } from "./records.ts";

const system = useBrowserSystem();
let aino: Visitor;

beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
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
    await beginAtCaseload();
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
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

  it("signs two notes in a row without a network, says at the door why it stays shut, and sends each once and in order", async () => {
    const { page, context } = aino;
    await beginAtCaseload();
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByRole("button", { name: "Write a note" }).waitFor();
    await context.route(allServices(), (route) => route.abort());
    for (const text of ["first without a network", "second without a network"]) {
      await writeNote(page, text);
      await page.getByRole("button", { name: "Sign and lock" }).click();
    }
    await lock(page);
    await tryPassword(page, PASSWORD);
    await page.getByRole("alert").getByText("What you wrote is kept, sealed").waitFor();
    await context.unroute(allServices());
    await page.reload();
    await unlock(page);
    await page.getByText("first without a network").first().waitFor();
    const notes = page.getByRole("article");
    expect(await notes.filter({ hasText: "second without a network" }).count()).toBe(1);
    expect(await notes.filter({ hasText: "first without a network" }).count()).toBe(1);
    const texts = (await notes.allInnerTexts()).join("\n");
    expect(texts.indexOf("second without")).toBeLessThan(texts.indexOf("first without"));
    expect(await page.getByText("waits on this device, sealed").count()).toBe(0);
  });

  it("signs in an open record while the gate is silent, and says that nothing else opens", async () => {
    const { page, context } = aino;
    await registerPatient(page, { given: "Liisa", family: "Aho" });
    await page.reload();
    await unlock(page);
    await page.getByRole("button", { name: "Write a note" }).waitFor();
    await context.route(`${system.launcher.services.gate}/**`, (route) => route.abort());
    await writeNote(page, "signed without a gate");
    await signNote(page, "signed without a gate");
    expect(await page.getByText("waits on this device, sealed").count()).toBe(0);
    await goTo(page, "Caseload");
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByRole("alert").getByText("The gate does not answer").waitFor();
    await context.unrouteAll();
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

  it("does not lock by itself while an import runs; whoever locks stops it, and it goes on from there", async () => {
    const { page, context } = aino;
    const names = ["Eeva", "Outi", "Raili"];
    const table = [
      "first name;last name;date of birth",
      ...names.map((name) => `${name};Salo;1980-01-01`),
    ];
    const give = async (): Promise<void> => {
      await goTo(page, "Import");
      const file = {
        name: "patients.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(table.join("\n")),
      };
      await page.locator('input[type="file"]').setInputFiles(file);
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await page.getByRole("button", { name: "Import now" }).waitFor();
    };
    await beginAtCaseload();
    await page.clock.install();
    await page.reload();
    await unlock(page);
    await give();
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await context.route(`${system.launcher.services.what}/**`, async (route) => {
      await held;
      await route.fallback();
    });
    await page.getByRole("button", { name: "Import now" }).click();
    await page.getByText("It does not lock by itself until this is done. If you lock").waitFor();
    await page.clock.runFor(20 * 60_000);
    await page.getByText("Something is running").waitFor();
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    await page.clock.runFor(3_000);
    await page.getByLabel("Password of this device").waitFor();
    letGo();
    await context.unrouteAll();
    await unlock(page);
    await give();
    await page.getByRole("button", { name: "Import now" }).click();
    await page.getByText("3 new patients").waitFor();
    await goTo(page, "Caseload");
    for (const name of names) await page.getByRole("link", { name: `${name} Salo` }).waitFor();
    expect(await page.getByRole("link", { name: "Salo" }).count()).toBe(names.length);
    await page.clock.runFor(11 * 60_000);
    await page.getByLabel("Password of this device").waitFor();
    await unlock(page);
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
