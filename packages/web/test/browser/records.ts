import type { Page } from "playwright-core";

import { goTo } from "./door.ts";

/** Registers a patient; the page is their record then. */
export async function registerPatient(
  page: Page,
  person: {
    readonly given: string;
    readonly family: string;
    readonly code?: string;
    readonly phone?: string;
    readonly email?: string;
    readonly street?: string;
  },
): Promise<void> {
  await page.getByRole("link", { name: "Today" }).click();
  await page.getByRole("link", { name: "Register a patient" }).first().click();
  await page.getByLabel("Given names").fill(person.given);
  await page.getByLabel("Family name").fill(person.family);
  if (person.code !== undefined) await page.getByLabel("Personal identity code").fill(person.code);
  if (person.phone !== undefined) await page.getByLabel("Phone").fill(person.phone);
  if (person.email !== undefined) await page.getByLabel("E-mail").fill(person.email);
  if (person.street !== undefined) await page.getByLabel("Street").fill(person.street);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.getByRole("heading", { name: `${person.given} ${person.family}` }).waitFor();
}

/** Opens the record of a patient of one's own. */
export async function openRecord(page: Page, name: string): Promise<void> {
  await goTo(page, "Caseload");
  await page.getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Goes to a room of the record that is shown. */
export async function enterRoom(page: Page, room: string): Promise<void> {
  const rooms = page.getByRole("navigation", { name: "Rooms of the record" });
  await rooms.waitFor();
  const tab = rooms.getByRole("tab", { name: room, exact: true });
  if ((await tab.count()) > 0) return tab.click();
  await rooms.getByRole("button").click();
  await page.getByRole("menuitem", { name: room, exact: true }).click();
}

/** Writes a note of today in the record that is shown, up to the signature. */
export async function writeNote(page: Page, text: string): Promise<void> {
  // The palette, which offers the same, may be on its way out.
  await page.getByRole("main").getByRole("button", { name: "Write a note" }).click();
  for (const section of ["Subjective", "Objective", "Assessment", "Plan"])
    await page.getByRole("textbox", { name: section }).fill(`${section}: ${text}`);
}

/** Signs the note that is shown, and waits until it can no longer be undone. */
export async function signNote(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "Sign and lock" }).click();
  await page.getByText("wrote and locked this").first().waitFor();
  await page.getByText(text).first().waitFor();
}
