import { readFileSync } from "node:fs";

import type { Download, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { findBarriers } from "./axe.ts";
import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { goTo, showCode, unlock } from "./door.ts";
import { fillReviewedPractice, type ReviewedPractice } from "./reviewedPractice.ts";

const PLAIN = 283;

const system = useBrowserSystem();
let practice: ReviewedPractice;
let helena: Visitor;

beforeAll(async () => {
  practice = await fillReviewedPractice(system.launcher, { plain: PLAIN });
  helena = await system.visit();
  const code = await showCode(helena.page, { isNewPerson: false });
  await practice.letIn(code);
  await unlock(helena.page);
});

/** The access at which the keys stand. */
const current = (page: Page) => page.locator("tr[data-edge][aria-current]");

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Answers the dialog that asks why, with what it proposes, once it has the focus. */
async function confirm(page: Page): Promise<void> {
  await page.locator('[role="dialog"] button[type="submit"]:focus').waitFor();
  await press(page, "Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Goes down by keys until the current access says what is looked for. */
async function goToRisk(page: Page, risk: string): Promise<void> {
  await press(page, "Home");
  const rows = await page.locator("tr[data-edge]").count();
  for (let row = 0; row < rows; row++) {
    const text = await current(page).innerText();
    if (text.includes(risk) && !/Kept|Narrowed|Ended/.test(text)) return;
    await press(page, "j");
  }
  throw new Error(`no access is ${risk}`);
}

describe("a round of three hundred accesses", { timeout: 240_000 }, () => {
  it("shows ten that must be looked at one by one, and keeps the others by one key", async () => {
    const { page } = helena;
    expect(practice.edges).toBe(300);
    await goTo(page, "Access review");
    await page.getByRole("button", { name: "Begin a round" }).press("Enter");
    await page.getByText("0 of 300 decided").waitFor();
    const rows = page.locator("tr[data-edge]");
    expect(await rows.count()).toBe(10);
    const said = (await rows.allInnerTexts()).join("\n");
    for (const risk of [
      "not used for 90 days",
      "record closed",
      "has left or lost the role",
      "wider than the role",
      "your own",
      "granted by you",
      "no reason for it",
      "longer than the policy",
      "invented patient",
      "past a budget, or let in for a time",
    ])
      expect(said).toContain(risk);
    await rows.first().focus();
    await press(page, "Shift+K");
    await page.getByText("290 of 300 decided").waitFor();
    expect(await rows.filter({ hasText: "Kept" }).count()).toBe(0);
  });

  it("is done by keyboard: what may be kept is kept, narrowed or ended, and what may not is refused with the reason", async () => {
    const { page } = helena;
    const decide = async (risk: string, keys: readonly string[], outcome: string) => {
      await page.locator("tr[data-edge]").first().focus();
      await goToRisk(page, risk);
      const edge = await current(page).getAttribute("data-edge");
      await press(page, ...keys);
      if (keys[0] !== "y") await confirm(page);
      await page.locator(`tr[data-edge="${edge}"]`).getByText(outcome).waitFor();
    };
    await decide("your own", ["y"], "Somebody else decides on yours.");
    await decide("granted by you", ["y"], "You granted it");
    await decide("has left or lost the role", ["y"], "end it");
    await decide("wider than the role", ["y"], "narrow it");
    await decide("wider than the role", ["n"], "Narrowed");
    await decide("has left or lost the role", ["x"], "Ended");
    await decide("no reason for it", ["x"], "Ended");
    await decide("record closed", ["x"], "Hand it over first");
    await decide("longer than the policy", ["y"], "Kept");
    await decide("past a budget, or let in for a time", ["y"], "Kept");
    await decide("not used for 90 days", ["y"], "Kept");
    await decide("record closed", ["y"], "Kept");
    await page.getByText("297 of 300 decided").waitFor();
    expect(await practice.openUnjustified()).toBe("not-granted");
    expect(await findBarriers(page)).toEqual([]);
  });

  it("is closed with a record, and says what is left", async () => {
    const { page } = helena;
    await page.getByRole("button", { name: "Close the round" }).press("Enter");
    await page.getByText("3 accesses are not decided").waitFor();
    const downloads: Download[] = [];
    page.on("download", (download) => downloads.push(download));
    await press(page, "Enter");
    await page.getByText("294 kept, 1 narrowed, 2 ended, 3 left").waitFor();
    await expect.poll(() => downloads.length).toBe(2);
    const [pdf] = downloads;
    if (pdf === undefined) throw new TypeError("nothing was saved");
    expect(pdf.suggestedFilename()).toMatch(/^sinetti-review-[0-9a-f]{8}\.pdf$/);
    expect(
      readFileSync(await pdf.path())
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
  });
});
