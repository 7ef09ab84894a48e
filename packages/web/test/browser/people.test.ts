import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, isInside, lock, showCode, unlock } from "./door.ts";

const system = useBrowserSystem();
let aino: Visitor;
let breakGlass = "";

beforeAll(async () => {
  aino = await system.visit();
  const papers = await foundAsAino(system, aino);
  breakGlass = papers[1] ?? "";
});

async function unlockJoined(page: Page): Promise<void> {
  await unlock(page);
  await isInside(page);
}

async function screensOf(page: Page): Promise<string[]> {
  return page.getByRole("navigation", { name: "Screens" }).getByRole("link").allTextContents();
}

describe("the people of a practice", () => {
  it("lets a further device of one's own in by the code that it shows, and not before", async () => {
    const other = await system.visit();
    const code = await showCode(other.page, { isNewPerson: false });
    other.watch.expect(/Failed to load resource/);
    await other.page.getByLabel("Password of this device").fill("one long sentence about rowan");
    await other.page.getByRole("button", { name: "Unlock" }).click();
    await other.page.getByText("This device is not let in yet").waitFor();
    await goTo(aino.page, "People");
    await aino.page.getByRole("button", { name: "Let a device in" }).click();
    await aino.page.getByLabel("Code", { exact: true }).fill(code);
    await aino.page.getByRole("button", { name: "Let it in" }).click();
    await aino.page.getByText("Unlock the other device now.").waitFor();
    await aino.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await unlockJoined(other.page);
    expect(await screensOf(other.page)).toEqual(await screensOf(aino.page));
  });

  it("adds a person, who finds the screens of their roles and no other", async () => {
    const sari = await system.visit();
    const code = await showCode(sari.page, { isNewPerson: true });
    await goTo(aino.page, "People");
    await aino.page.getByRole("button", { name: "Add a person" }).click();
    const form = aino.page.getByRole("dialog");
    await form.getByLabel("Name").fill("Sari Toivonen");
    await form.getByRole("checkbox", { name: "therapist", exact: true }).uncheck();
    await form.getByRole("checkbox", { name: "office", exact: true }).check();
    await form.getByLabel("Code").fill(code);
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await form.getByText("They can unlock their device now").waitFor();
    await form.getByRole("button", { name: "Close" }).last().click();
    await aino.page.getByRole("button", { name: "Sari Toivonen" }).waitFor();

    await unlockJoined(sari.page);
    const screens = await screensOf(sari.page);
    expect(screens).toContain("Calendar");
    expect(screens).not.toContain("Caseload");
    await goTo(sari.page, "People");
    expect(await sari.page.getByRole("button", { name: "Add a person" }).count()).toBe(0);
  });

  it("shows a change that was made in one browser in the other within seconds", async () => {
    const other = await system.visit();
    const code = await showCode(other.page, { isNewPerson: false });
    await goTo(aino.page, "People");
    await aino.page.getByRole("button", { name: "Let a device in" }).click();
    await aino.page.getByLabel("Code", { exact: true }).fill(code);
    await aino.page.getByRole("button", { name: "Let it in" }).click();
    await aino.page.getByText("Unlock the other device now.").waitFor();
    await aino.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await unlockJoined(other.page);
    await goTo(other.page, "Calendar");
    await goTo(aino.page, "Calendar");
    await aino.page.getByRole("button", { name: "Book", exact: true }).first().click();
    const form = aino.page.getByRole("dialog");
    await form.getByLabel("Time", { exact: true }).fill("10:00");
    await form.getByRole("button", { name: "Block the time" }).click();
    await aino.page.getByRole("button", { name: /10:00.*Blocked/ }).waitFor();
    await other.page.getByRole("button", { name: /10:00.*Blocked/ }).waitFor();
    expect(await other.page.getByRole("button", { name: /10:00.*Blocked/ }).count()).toBe(1);
  });

  it("freezes at once and says so; the way to a thaw stays open, also after a lock, and takes its hour", async () => {
    const { page } = aino;
    await page.getByRole("button", { name: "Freeze" }).click();
    await page.getByLabel("For me, on all my devices").check();
    await page.getByRole("button", { name: "Freeze now" }).click();
    await page.getByText("Frozen at all three services.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByText("nothing new can be opened").waitFor();
    await lock(page);
    await unlock(page);
    await page.getByText("Openings are frozen").waitFor();
    await goTo(page, "People");
    const frozen = page.getByRole("region", { name: "Frozen" });
    await frozen.getByLabel("Break-glass code").fill(breakGlass);
    await frozen.getByRole("button", { name: "Ask for a thaw" }).click();
    await frozen.getByText("A freeze lasts one hour at least").waitFor();
    expect(await page.getByText("frozen", { exact: true }).count()).toBe(1);
  });
});
