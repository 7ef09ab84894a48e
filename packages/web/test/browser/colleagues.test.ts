import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, isInside, lock, tryPassword } from "./door.ts";
import { registerPatient } from "./records.ts";
import { seatStaff } from "./staff.ts";

const system = useBrowserSystem();
let aino: Visitor;
let eero: Visitor;
/** Recovery kit, break-glass code, practice, member. */
let papers: string[];

const PATIENT = { timeout: 20_000 };
const record = (page: Page) => page.getByRole("link", { name: "Maija Korhonen" });
const section = (page: Page, name: string) => page.getByRole("textbox", { name });

/** Goes to a room of the open record by its address. */
async function enter(page: Page, room: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, room);
}

async function grantToEero(page: Page): Promise<void> {
  await enter(page, "access");
  await page.getByRole("button", { name: "Grant to a colleague" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("To whom").selectOption("Eero Niemi");
  await form.getByLabel("read and write").check();
  await form.getByRole("button", { name: "Grant", exact: true }).click();
  await page.getByRole("button", { name: "Revoke" }).waitFor();
}

beforeAll(async () => {
  aino = await system.visit();
  papers = await foundAsAino(system, aino);
  ({ eero } = await seatStaff(system, aino, { eero: { name: "Eero Niemi", role: "therapist" } }));
  await registerPatient(aino.page, { given: "Maija", family: "Korhonen" });
  await grantToEero(aino.page);
  await enter(aino.page, "");
}, 240_000);
afterEach(() => Promise.all([aino, eero].map(({ context }) => context.unrouteAll())));

describe("two therapists in one record", () => {
  it("keep every keystroke of a draft that both write, beside each other where both changed the same", async () => {
    await aino.page.getByRole("button", { name: "Write a note" }).click();
    await section(aino.page, "Subjective").fill("Aino: slept badly");
    await aino.page.getByText("Saved, sealed").waitFor();
    await goTo(eero.page, "Caseload");
    await record(eero.page).click();
    await eero.page.getByRole("button", { name: "Go on" }).click();
    await section(eero.page, "Objective").fill("Eero: speaks freely");
    await eero.page.getByText("Saved, sealed").waitFor();
    await section(aino.page, "Assessment").fill("Aino: better than in May");
    await expect
      .poll(() => section(aino.page, "Objective").inputValue(), PATIENT)
      .toContain("Eero: speaks");
    await Promise.all([
      section(aino.page, "Plan").fill("Aino: two stops alone"),
      section(eero.page, "Plan").fill("Eero: one stop alone"),
    ]);
    const beside = (page: Page) => page.getByText("a draft of its own").count();
    await expect
      .poll(async () => (await beside(aino.page)) + (await beside(eero.page)), PATIENT)
      .toBe(1);
    await Promise.all([aino, eero].map(({ page }) => page.getByText("Saved, sealed").waitFor()));
    await eero.page.getByRole("button", { name: "Close", exact: true }).click();
    const plans = new Set<string>();
    const readBoth = async (): Promise<string[]> => {
      for (const at of [0, 1]) {
        await eero.page.getByRole("button", { name: "Go on" }).nth(at).click();
        plans.add(await section(eero.page, "Plan").inputValue());
        await eero.page.getByRole("button", { name: "Close", exact: true }).click();
      }
      return [...plans].sort();
    };
    const both = ["Aino: two stops alone", "Eero: one stop alone"];
    await expect.poll(readBoth, PATIENT).toEqual(both);
    await aino.page.getByRole("button", { name: "Close", exact: true }).click();
  });

  it("see the text go within seconds of a revocation, and what was typed come back with the right", async () => {
    const { page } = eero;
    eero.watch.expect(/Failed to load resource/);
    await page.getByRole("button", { name: "Write a note" }).click();
    await section(page, "Subjective").fill("Eero: typed to the last moment");
    await enter(aino.page, "access");
    await aino.page.getByRole("button", { name: "Revoke" }).click();
    await aino.page.getByRole("button", { name: "Revoke now" }).click();
    await page.getByText("You hold no grant on this record").waitFor({ timeout: 15_000 });
    const text = await page.locator("#content").innerText();
    for (const word of ["Korhonen", "Aino:", "Eero:"]) expect(text).not.toContain(word);
    await grantToEero(aino.page);
    await goTo(page, "Caseload");
    await record(page).click();
    await page.getByText("Eero: typed to the last moment").waitFor();
    await enter(aino.page, "");
  });
});

describe("a password that is lost", () => {
  it("is made good by the recovery kit and a colleague, and nothing is lost", async () => {
    const [kit = "", , practice = "", member = ""] = papers;
    await lock(aino.page);
    const back = await system.visit();
    back.watch.expect(/Failed to load resource/);
    await back.page.getByRole("button", { name: "Password or device lost?" }).click();
    await back.page.getByLabel("Recovery kit").fill(kit);
    await back.page.getByLabel("Practice id").fill(practice);
    await back.page.getByLabel("Member id").fill(member);
    await back.page.getByLabel("Password for this device").fill("another long sentence");
    await back.page.getByRole("button", { name: "Come back" }).click();
    await back.page.getByText("It waits").waitFor();
    await goTo(eero.page, "People");
    await eero.page.getByRole("button", { name: "Approve" }).click();
    await eero.page.getByText("Done, at all services").waitFor();
    await back.page.getByRole("button", { name: "Done" }).click();
    await tryPassword(back.page, "another long sentence");
    await isInside(back.page);
    await goTo(back.page, "Caseload");
    await record(back.page).click();
    await back.page.getByText("Aino: slept badly").first().waitFor();
    expect(await back.page.getByRole("button", { name: "Go on" }).count()).toBe(3);
    aino = back;
  });
});

describe("whoever is stopped while a record is open", () => {
  it("goes on writing under a freeze, and keeps it", async () => {
    const { page } = eero;
    await goTo(page, "Caseload");
    await record(page).click();
    await page.getByRole("button", { name: "Write a note" }).click();
    for (const name of ["Subjective", "Objective", "Assessment", "Plan"])
      await section(page, name).fill(`Eero: ${name} before the freeze`);
    await page.getByText("Saved, sealed").waitFor();
    await page.getByRole("button", { name: "Freeze" }).click();
    await page.getByLabel("For me, on all my devices").check();
    await page.getByRole("button", { name: "Freeze now" }).click();
    await page.getByText("Frozen at all three services.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByText("nothing new can be opened").waitFor();
    await section(page, "Subjective").fill("Eero: typed under the freeze");
    await page.getByText("on this device, sealed").first().waitFor();
    await page.getByText("Openings are frozen").first().waitFor();
    expect(await section(page, "Subjective").inputValue()).toBe("Eero: typed under the freeze");
  });

  it("sees nothing more within seconds of their end, and is told why", async () => {
    const { page } = eero;
    await goTo(aino.page, "People");
    await aino.page.getByRole("button", { name: "Eero Niemi" }).click();
    const dialog = aino.page.getByRole("dialog");
    await dialog.getByRole("checkbox", { name: /Eero Niemi/ }).check();
    await dialog.getByRole("button", { name: /End/ }).last().click();
    await page.getByText("Eero: typed under the freeze").waitFor({ state: "detached" });
    await expect
      .poll(async () => (await page.locator("body").innerText()).includes("Korhonen"), PATIENT)
      .toBe(false);
    await page.getByText("This is not yours to do, or no longer").waitFor();
  });
});
