import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, lock, unlock } from "./door.ts";
import { registerPatient, signNote, writeNote } from "./records.ts";

const system = useBrowserSystem();
let aino: Visitor;

beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
});

describe("a day of work", () => {
  it("registers a patient, signs a note and reads it again after a lock", async () => {
    const { page } = aino;
    await registerPatient(page, { given: "Maija", family: "Korhonen", code: "140388-9028" });
    await writeNote(page, "slept five nights of seven");
    await signNote(page, "slept five nights of seven");
    await lock(page);
    await unlock(page);
    await goTo(page, "Caseload");
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByText("slept five nights of seven").first().waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/records\/[\w-]+$/);
  });

  it("undoes a signature within its seconds, and keeps the draft through a lock, with the day of the note that it began as", async () => {
    const { page } = aino;
    await writeNote(page, "takes the bus again");
    await page.getByRole("button", { name: "Sign and lock" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("textbox", { name: "Subjective" }).waitFor();
    await lock(page);
    await unlock(page);
    await goTo(page, "Caseload");
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    expect(await page.getByRole("textbox", { name: "Subjective" }).inputValue()).toBe(
      "Subjective: takes the bus again",
    );
    await page.getByText(/^Begins as the note of .+ left it\.$/).waitFor();
    await page.getByRole("button", { name: "Close", exact: true }).click();
  });

  it("books an appointment, marks it, and takes the mark back", async () => {
    const { page } = aino;
    await goTo(page, "Calendar");
    await page.getByRole("button", { name: "Book", exact: true }).first().click();
    const form = page.getByRole("dialog");
    await form.getByRole("combobox", { name: "Patient" }).click();
    await page.getByRole("option", { name: "Maija Korhonen" }).click();
    await form.getByLabel("Time", { exact: true }).fill("10:00");
    await form.getByRole("button", { name: "Book", exact: true }).click();
    await page.getByRole("button", { name: /10:00.*Maija/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "cancelled", exact: true }).click();
    await page.getByText("Marked: cancelled").waitFor();
    await page.getByRole("button", { name: /10:00.*Maija.*cancelled/ }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => page.getByRole("button", { name: /10:00.*cancelled/ }).count()).toBe(0);
  });

  it("books for the patient whose page is shown, and says where it stands", async () => {
    const { page } = aino;
    await page.getByRole("button", { name: /10:00.*Maija/ }).click();
    await page.getByRole("link", { name: "Contact details and payers" }).click();
    await page.getByRole("heading", { level: 1, name: "Maija Korhonen" }).waitFor();
    await page.getByRole("button", { name: "Book", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Book Maija Korhonen" });
    expect(await form.getByRole("combobox", { name: "Patient" }).count()).toBe(0);
    await form.getByLabel("Time", { exact: true }).fill("11:30");
    await form.getByRole("button", { name: "Book", exact: true }).click();
    const note = page.getByRole("status").filter({ hasText: "Booked: today 11:30." });
    await note.getByRole("link", { name: "Calendar" }).click();
    await page.getByRole("button", { name: /11:30.*Maija/ }).waitFor();
  });

  it("names a conflict before it books over it, and books a series week by week", async () => {
    const { page } = aino;
    await page.getByRole("button", { name: "Book", exact: true }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Time", { exact: true }).fill("10:15");
    await form.getByRole("button", { name: "Block the time" }).click();
    await form.getByText("That time is taken").waitFor();
    await form.getByLabel("Time", { exact: true }).fill("14:00");
    await form.getByRole("combobox", { name: "Repeats" }).click();
    await page.getByRole("option", { name: "Every week" }).click();
    await form.getByRole("button", { name: "Block the time" }).click();
    await page.getByRole("button", { name: /14:00.*Blocked/ }).waitFor();
    await page.getByRole("button", { name: "The week after" }).click();
    await page.getByRole("button", { name: /14:00.*Blocked/ }).waitFor();
    expect(await page.getByRole("button", { name: /10:15/ }).count()).toBe(0);
  });

  it("speaks Finnish when it is asked to", async () => {
    const { page } = aino;
    await goTo(page, "Settings");
    await page.getByText("Suomi").click();
    await page.getByRole("heading", { level: 1, name: "Asetukset" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("fi");
    await page.getByText("English").click();
    await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  });
});
