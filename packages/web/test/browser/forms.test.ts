import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, lock, unlock } from "./door.ts";
import { registerPatient } from "./records.ts";

const system = useBrowserSystem();
let aino: Visitor;

beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
  await registerPatient(aino.page, { given: "Maija", family: "Korhonen" });
});
afterEach(() => aino.context.unrouteAll());

const KEPT = "Draft kept on this device, sealed";
const RESTORED = "You go on with it";

/** Goes to a room of the open record by its address. */
async function enter(page: Page, room: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, room);
}

async function kept(page: Page): Promise<void> {
  await page.getByRole("status").getByText(KEPT).waitFor();
}

describe("a form that was begun", () => {
  it("is there after a lock, a reload and an unlocking, and is signed once", async () => {
    const { page } = aino;
    await enter(page, "plan");
    await page.getByRole("button", { name: "Write a plan" }).click();
    await page.getByLabel("Problem").fill("afraid of lifts");
    await kept(page);
    await lock(page);
    await page.reload();
    await unlock(page);
    await page.getByText("draft of").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText(RESTORED).waitFor();
    expect(await page.getByLabel("Problem").inputValue()).toBe("afraid of lifts");
    await page.getByRole("button", { name: "Sign the plan" }).click();
    await page.getByRole("article").getByText("afraid of lifts").waitFor();
    expect(await page.getByText("draft of").count()).toBe(0);
    expect(await page.getByRole("article").count()).toBe(1);
  });

  it("is kept where no service answers, beside what was left open of other forms", async () => {
    const { page, context, watch } = aino;
    watch.expect(/net::ERR_|Failed to load resource/);
    await enter(page, "risk");
    await page.getByRole("button", { name: "Assess risk" }).click();
    await context.route(new RegExp(`^${system.launcher.services.what}/`), (route) => route.abort());
    await page.getByLabel("What was asked, and what was heard").fill("sleeps little");
    await kept(page);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await context.unrouteAll();
    await enter(page, "diagnoses");
    await page.getByRole("button", { name: "Add a diagnosis" }).click();
    await page.getByLabel("In words").fill("fear of lifts");
    await kept(page);
    await page.reload();
    await unlock(page);
    await enter(page, "");
    await page.getByText("Risk and safety plan").waitFor();
    expect(await page.getByRole("button", { name: "Go on" }).count()).toBe(2);
    await page.getByRole("button", { name: "Go on" }).last().click();
    await page.getByRole("button", { name: "Go on" }).click();
    expect(await page.getByLabel("What was asked, and what was heard").inputValue()).toBe(
      "sleeps little",
    );
  });

  it("is gone when it is thrown away", async () => {
    const { page } = aino;
    await page.getByRole("button", { name: "Throw away" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Throw the draft away" }).click();
    await page.getByRole("button", { name: "Assess risk" }).waitFor();
    expect(await page.getByText("draft of").count()).toBe(0);
  });

  it("holds a registration, and what of a person is being changed", async () => {
    const { page } = aino;
    await enter(page, "person");
    await page.getByRole("button", { name: "Change" }).first().click();
    await page.getByLabel("City").fill("Turku");
    await kept(page);
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByRole("link", { name: "Register a patient" }).first().click();
    await page.getByLabel("Family name").fill("Niemi");
    await kept(page);
    await page.reload();
    await unlock(page);
    await page.getByText(RESTORED).waitFor();
    expect(await page.getByLabel("Family name").inputValue()).toBe("Niemi");
    await goTo(page, "Caseload");
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByText("Name and contact data").waitFor();
    await enter(page, "person");
    await page.getByRole("button", { name: "Go on" }).click();
    expect(await page.getByLabel("City").inputValue()).toBe("Turku");
    await page.getByRole("button", { name: "Sign", exact: true }).click();
    await page.getByText("Turku").waitFor();
    expect(await page.getByText("draft of").count()).toBe(0);
  });
});
