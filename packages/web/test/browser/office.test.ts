import { readFile } from "node:fs/promises";

import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { PASSWORD, beginAgain, foundAsAino, goTo, lock, tryPassword, unlock } from "./door.ts";
import { enterRoom, openRecord } from "./records.ts";

const system = useBrowserSystem();
let aino: Visitor;
let page: Page;

const PATIENTS = [
  "Client ID,Family name,Given names,Personal identity code,Shoe size",
  "A1,Korhonen,Maija,140388-9028,38",
  "A2,,,,",
  ",,,,41",
].join("\n");

beforeAll(async () => {
  aino = await system.visit();
  ({ page } = aino);
  // A ledger, and the file that would hold payers: asked for once before somebody makes them.
  aino.watch.expect(/status of 404/);
  await foundAsAino(system, aino);
});

const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
const field = (name: string): Locator => page.getByLabel(name, { exact: true });

/** What a click brings down, under the name that the browser would give it. */
async function downloadBy(click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

const RESTORED = "You go on with it";

/** The page goes away while something is typed, as in a crash; whoever comes back is at the same address. */
async function cutOff(form: Locator | Page): Promise<void> {
  await form.getByText("Draft kept on this device, sealed").waitFor();
  await beginAgain(page);
}

/** Books a session of today with the only patient, and marks it as held. */
async function holdSession(): Promise<void> {
  await goTo(page, "Calendar");
  await button("Book").first().click();
  const form = page.getByRole("dialog");
  await form.getByRole("combobox", { name: "Patient" }).click();
  await page.getByRole("option", { name: "Maija Korhonen" }).click();
  await form.getByLabel("Time", { exact: true }).fill("08:00");
  await cutOff(form);
  await button("Book").first().click();
  await form.getByText(RESTORED).waitFor();
  expect(await form.getByLabel("Time", { exact: true }).inputValue()).toBe("08:00");
  await form.getByRole("button", { name: "Book", exact: true }).click();
  await page.getByRole("button", { name: /08:00.*Maija/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "attended", exact: true }).click();
  await page.getByText("Marked: attended").waitFor();
}

describe("the papers of a practice", () => {
  it("import: a check names row and field and writes nothing, then people come in, one of them without a name", async () => {
    await goTo(page, "Import");
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: "clients.csv", mimeType: "text/csv", buffer: Buffer.from(PATIENTS) });
    await button("Check").click();
    const report = page.getByRole("status").filter({ hasText: "What would come in" });
    await report.getByText("2 persons").waitFor();
    await report.getByRole("heading", { name: "One row is left out" }).waitFor();
    await report.getByRole("heading", { name: "One value to look at" }).waitFor();
    expect(await report.getByRole("row").filter({ hasText: "Whole name" }).allInnerTexts()).toEqual(
      [expect.stringContaining("\t4\t"), expect.stringContaining("\t3\t")],
    );
    await report.getByText("Nothing is written yet.").waitFor();
    await button("Import now").click();
    await page.getByText("2 new patients").waitFor();

    await goTo(page, "Caseload");
    await beginAgain(page);
    await page.getByRole("link", { name: "No name given" }).waitFor();
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await enterRoom(page, "Person");
    await page.getByText("140388-9028").waitFor();
  });

  it("payers: a decision, and a session under it is counted when it is marked in the calendar", async () => {
    await openRecord(page, "Maija Korhonen");
    await enterRoom(page, "Payers");
    await button("Add a decision").click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Decision number").fill("K-77");
    await form.getByLabel("Share of each session").fill("57.60");
    await form.getByLabel("Sessions granted").fill("10");
    await cutOff(form);
    await page.getByText("A payer's decision").waitFor();
    await button("Go on").click();
    await form.getByText(RESTORED).waitFor();
    expect(await form.getByLabel("Decision number").inputValue()).toBe("K-77");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("10 of 10 sessions left").waitFor();
    expect(await button("Go on").count()).toBe(0);
    await holdSession();
    await openRecord(page, "Maija Korhonen");
    await enterRoom(page, "Payers");
    await beginAgain(page);
    await page.getByText("9 of 10 sessions left").waitFor();
    expect(await page.getByRole("row").filter({ hasText: "payer's share" }).count()).toBe(1);
  });

  it("invoices: in whose name, what is to be billed, issued, paid, and credited on a paper of its own", async () => {
    await goTo(page, "Invoices");
    await field("Name").fill("Kuusi Oy");
    await field("Business ID").fill("1234567-1");
    await field("Account (IBAN)").fill("FI21 1234 5600 0007 86");
    await button("Save").click();
    await page.getByText("This is no valid account number").waitFor();
    await field("Account (IBAN)").fill("FI21 1234 5600 0007 85");
    await button("Save").click();
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await field("Price of a session").fill("95");
    await cutOff(page);
    await page.getByText(RESTORED).waitFor();
    expect(await field("Price of a session").inputValue()).toBe("95");
    await button("Draft").click();
    const draft = page.locator("section").filter({
      has: page.getByRole("heading", { name: "Draft for Maija Korhonen" }),
    });
    await draft
      .getByRole("row", { name: /Total/ })
      .getByText(/37[.,]40/)
      .waitFor();
    await draft.getByRole("button", { name: "Issue the invoice" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Issue the invoice" }).click();
    await page.getByText("Issued with the number 1.").waitFor();
    await page.getByRole("link", { name: "Open it" }).first().click();

    await page.getByRole("heading", { name: "Invoice 1" }).waitFor();
    await button("Record a payment").click();
    await button("Record the payment").click();
    await page.getByText("paid", { exact: true }).waitFor();
    await beginAgain(page);
    await page.getByText("paid", { exact: true }).waitFor();
    await button("Credit the whole invoice").click();
    await page.getByLabel("Reason").fill("Billed twice");
    await button("Issue the credit note").click();
    // It was paid before: the money is to be given back.
    await page.getByText("overpaid", { exact: true }).waitFor();
    await page.getByRole("link", { name: "All invoices" }).click();
    await page.getByRole("link", { name: "Maija Korhonen" }).waitFor();
    await page.getByRole("link", { name: "Credit note 2" }).click();
    await page.getByRole("heading", { name: "Credit note 2" }).waitFor();
    const { name, bytes } = await downloadBy(() => button("Download as PDF").click());
    expect(name).toMatch(/^credit-note-\d{4}-2\.pdf$/);
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("a copy: asked for, sealed to a passphrase, saved, and written down as given", async () => {
    await openRecord(page, "Maija Korhonen");
    await enterRoom(page, "Give a copy");
    await button("Somebody asked for a copy").click();
    await button("Write it down").click();
    await page.getByText(/^the patient, .*Due/).waitFor();
    await button("Make the sealed file").click();
    await page.getByRole("heading", { name: "The copy is made" }).waitFor();
    const { name, bytes } = await downloadBy(() => button("Save the file").click());
    expect(name).toBe("record-copy.zip.age");
    expect(bytes.subarray(0, 21).toString()).toBe("age-encryption.org/v1");
    expect(bytes.includes("Korhonen")).toBe(false);
    await beginAgain(page);
    await page.getByText(/^the patient, .*Given/).waitFor();
    await enterRoom(page, "Timeline");
    await page.getByText("Given out").first().waitFor();
  });

  it("retention: the law is chosen once, and each patient's time is told by the caseload", async () => {
    await goTo(page, "Retention");
    await page.getByRole("radio", { name: "Finland" }).check();
    await button("Choose").click();
    await page.getByText("Nobody's time is over").waitFor();
    await page.getByText("All", { exact: true }).click();
    const row = page.getByRole("row").filter({ hasText: "Maija Korhonen" });
    await row.getByText(/2108/).waitFor();
    await row.getByText("120 years after birth").waitFor();
    const nameless = page.getByRole("row").filter({ hasText: "No name given" });
    await nameless.getByText("the birth date is not known").waitFor();
    await beginAgain(page);
    await page.getByText("Finland").waitFor();
    expect(await button("Change").count()).toBe(1);
  });

  it("settings: another password opens, and the one before opens nothing; looks are kept by this browser", async () => {
    await goTo(page, "Settings");
    await page.getByText("Dark", { exact: true }).click();
    await field("Lock after minutes without a sign of life").fill("7");
    await field("Current password").fill(PASSWORD);
    await field("New password").fill("another long sentence about alder");
    await button("Change it").click();
    await page.getByText("The old password opens nothing any more.").waitFor();
    await lock(page);
    await tryPassword(page, PASSWORD);
    await page.getByRole("alert").waitFor();
    await unlock(page, "another long sentence about alder");
    await goTo(page, "Settings");
    expect(await field("Lock after minutes without a sign of life").inputValue()).toBe("7");
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
    const { name, bytes } = await downloadBy(() => button("Make a new kit").click());
    expect(name).toMatch(/\.pdf$/);
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  });
});
