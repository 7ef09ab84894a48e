import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { PASSWORD, foundAsAino, goTo, tryPassword, unlock } from "./door.ts";
import { readFixedWidthText } from "./pdfText.ts";

const system = useBrowserSystem();
const folder = mkdtempSync(join(tmpdir(), "sinetti-slips-"));
let aino: Visitor;
const slips: string[] = [];

beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
  await goTo(aino.page, "People");
  await aino.page.getByRole("link", { name: "Invite by slips" }).click();
  await aino.page.getByRole("heading", { level: 1, name: "Invitations" }).waitFor();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The codes on the slips, in the order in which they are printed. */
async function readSlips(page: Page): Promise<string[]> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /Make .* slips? \(PDF\)/ }).click(),
  ]);
  const file = readFileSync(await download.path());
  const codes = readFixedWidthText(file).matchAll(/^(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}$/gm);
  return Array.from(codes, ([code]) => code);
}

async function answer(page: Page, slip: string): Promise<void> {
  await page.getByRole("button", { name: "Add this browser as a device" }).click();
  await page.getByText("I have a slip").click();
  await page.getByLabel("Code on the slip").fill(slip);
  await page.getByLabel("Password for this device").fill(PASSWORD);
  await page.getByRole("button", { name: "Answer the slip" }).click();
}

describe("invitations by slips", () => {
  it("are made for somebody and for a table, whose mistakes are named by row", async () => {
    const { page } = aino;
    await page.getByLabel("Name").fill("Eero Niemi");
    await page.getByRole("button", { name: "Add another" }).click();
    const [wrong, right] = [join(folder, "wrong.csv"), join(folder, "right.csv")];
    writeFileSync(wrong, "nimi;roolit\nSari Toivonen;kissa\n");
    writeFileSync(right, "nimi;roolit\nSari Toivonen;toimisto\n");
    const input = page.locator("input[type=file]");
    await input.setInputFiles(wrong);
    await page.getByText("Row 2, roles: is not known").waitFor();
    await input.setInputFiles(right);
    await page.getByText("Sari Toivonen").waitFor();
    slips.push(...(await readSlips(page)));
    await page.getByText("2 slips are in the file.").waitFor();
    expect(slips).toHaveLength(2);
    const open = page.getByRole("region", { name: "Open invitations" });
    expect(await open.getByText("Nobody has answered yet").count()).toBe(2);
  });

  it("are good for nothing when they are withdrawn", async () => {
    await aino.page.getByRole("button", { name: "Withdraw the invitation of Sari" }).click();
    await aino.page.getByText("Sari Toivonen").waitFor({ state: "detached" });
    const sari = await system.visit();
    await answer(sari.page, slips[1] ?? "");
    await sari.page.getByText("No such slip is open here").waitFor();
    await sari.page.getByLabel("Code on the slip").fill("not a slip");
    await sari.page.getByRole("button", { name: "Answer the slip" }).click();
    await sari.page.getByText("This is no code of a slip").waitFor();
    expect(await sari.page.getByText("You have answered").count()).toBe(0);
  });

  it("let in who tells the same words, and not before", async () => {
    const eero = await system.visit();
    await answer(eero.page, slips[0] ?? "");
    await eero.page.getByText("You answered as Eero Niemi (therapist) to Kuusi").waitFor();
    const words = await eero.page.locator("pre").nth(1).textContent();
    await eero.page.getByRole("button", { name: "Done" }).click();
    eero.watch.expect(/Failed to load resource/);
    await tryPassword(eero.page, PASSWORD);
    await eero.page.getByText("Nobody has confirmed you yet").waitFor();
    expect(await eero.page.locator("pre").textContent()).toBe(words);

    const { page } = aino;
    await page.getByRole("button", { name: "Look for answers" }).click();
    await page.getByText("Answered. The words on their own screen").waitFor();
    expect(await page.locator("pre").textContent()).toBe(words);
    const letIn = page.getByRole("button", { name: "Let one person in" });
    expect(await letIn.isDisabled()).toBe(true);
    await page.getByLabel("Eero Niemi told me these words").check();
    await letIn.click();
    await page.getByText("One person is in now.").waitFor();
    await unlock(eero.page);
  });
});
