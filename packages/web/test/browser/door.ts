import type { Page } from "playwright-core";

import type { BrowserSystem, Visitor } from "./browserSystem.ts";

export const PASSWORD = "one long sentence about rowan";

export interface Founding {
  readonly practice: string;
  readonly member: string;
  readonly code: string;
  readonly password?: string;
}

/** Founds a practice in a browser that is no device yet; gives the papers, in their order. */
export async function foundPractice(page: Page, founding: Founding): Promise<string[]> {
  await page.getByRole("button", { name: "Found a practice" }).click();
  await page.getByLabel("Name of the practice").fill(founding.practice);
  await page.getByLabel("Your name").fill(founding.member);
  await page.getByLabel("Password for this device").fill(founding.password ?? PASSWORD);
  await page.getByLabel("Installation code").fill(founding.code);
  await page.getByRole("button", { name: "Found the practice" }).click();
  await page.getByText("things for paper").waitFor();
  const papers = await page.locator("pre").allTextContents();
  await page.getByLabel("I have them on paper").check();
  await page.getByRole("button", { name: "Begin" }).click();
  await isInside(page);
  return papers;
}

/** Founds the practice that most tests work in; gives the papers, in their order. */
export function foundAsAino({ launcher }: BrowserSystem, { page }: Visitor): Promise<string[]> {
  const code = launcher.installationCode();
  return foundPractice(page, { practice: "Kuusi", member: "Aino Laine", code });
}

/** The frame of the screens is there. */
export async function isInside(page: Page): Promise<void> {
  await page.locator('nav a[href="/settings"]').waitFor({ state: "attached" });
}

/** Locks from any screen; the door is there. */
export async function lock(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await page.getByLabel("Password of this device").waitFor();
}

/** Types a password at the door. */
export async function tryPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel("Password of this device").fill(password);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
}

/** Opens the device of this browser. */
export async function unlock(page: Page, password: string = PASSWORD): Promise<void> {
  await tryPassword(page, password);
  await isInside(page);
}

/** Begins a new session at the same address: nothing of the one before is in memory. */
export async function beginAgain(page: Page): Promise<void> {
  await page.reload();
  await unlock(page);
}

/** Makes this browser a device that waits to be let in; gives the code that it shows. */
export async function showCode(
  page: Page,
  { isNewPerson }: { isNewPerson: boolean },
): Promise<string> {
  await page.getByRole("button", { name: "Add this browser as a device" }).click();
  if (isNewPerson) await page.getByText("I am new here").click();
  await page.getByLabel("Password for this device").fill(PASSWORD);
  await page.getByRole("button", { name: "Show the code" }).click();
  await page.getByText("Let this code be read").waitFor();
  const code = await page.locator("pre").first().textContent();
  await page.getByRole("button", { name: "Done" }).click();
  return code ?? "";
}

/** Goes to a screen by the navigation. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Screens" })
    .getByRole("link", { name: screen })
    .click();
  await page.getByRole("heading", { level: 1, name: screen }).waitFor();
}
