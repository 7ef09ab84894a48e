import type { Page } from "playwright-core";

import {
  PATIENT_BY_LANGUAGE,
  SCREEN_STATES,
  findPatientSteps,
  takeStep,
  type Step,
} from "./screenStates.ts";
import { settle } from "./settle.ts";
import { readSource, type Language } from "./words.ts";

/** A screen of the frame or a room of a record, as the source lists it: a new one is walked through from its first day. */
interface Listed {
  /** Fit for the name of a file. */
  readonly name: string;
  readonly path: string;
  readonly roles: readonly string[] | null;
}

const SCREEN = /path: "([^"]+)",\s*name: "([^"]+)"[\s\S]*?roles: (null|\[[^\]]*\])/g;
const PART = /\bname: "([^"]+)",\s*roles: (null|\[[^\]]*\])/g;

const rolesIn = (text: string): string[] | null =>
  text === "null" ? null : [...text.matchAll(/"([^"]+)"/g)].map(([, role = ""]) => role);

/** Every screen, and the rooms of a record as parts of its address. */
export function listScreens(): Listed[] {
  const screens = [...readSource("app/screens.ts").matchAll(SCREEN)].map(
    ([, path = "", name = "", roles = "null"]) => ({ path, name, roles: rolesIn(roles) }),
  );
  const parts = [...readSource("features/record/parts.ts").matchAll(PART)].map(
    ([, name = "", roles = "null"]) => ({
      name: `record-${name}`,
      path: `/records/$patient#${name}`,
      roles: rolesIn(roles) ?? ["therapist", "supervisor"],
    }),
  );
  const tasks = ["note/new", "group"].map((task) => ({
    name: `record-${task.split("/")[0]}`,
    path: `/records/$patient#${task}`,
    roles: ["therapist"],
  }));
  return [...screens, ...parts, ...tasks];
}

/** One thing to look at. */
export interface Place {
  readonly name: string;
  readonly path: string;
  /** What has to be done there first. */
  readonly steps: readonly Step[];
}

/** Goes where a link within the page would go: a reload would lock. */
export async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState(null, "", to), path);
  await settle(page);
}

const linksOf = (page: Page): Promise<{ href: string; text: string }[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("a[href]")].map((each) => ({
      href: each.getAttribute("href") ?? "",
      text: each.textContent,
    })),
  );

/** The patient of the pictures, as these roles find them. */
async function findPatient(
  page: Page,
  roles: readonly string[],
  language: Language,
): Promise<string | null> {
  const isTherapist = roles.includes("therapist");
  if (!isTherapist && !roles.includes("office")) return null;
  await goWithin(page, isTherapist ? "/caseload" : "/find");
  if (!isTherapist)
    for (const step of findPatientSteps(language)) await takeStep(page, step, language);
  const link = (await linksOf(page)).find(({ text }) => text === PATIENT_BY_LANGUAGE[language]);
  return link?.href.split("/").at(-1) ?? null;
}

/** A path without parameters; null where these roles have nothing that fills it. */
async function fill(page: Page, path: string, patient: string | null): Promise<string | null> {
  if (!path.includes("$")) return path;
  if (!/\$(?!patient)/.test(path))
    return patient === null ? null : path.replace("$patient", patient);
  const form = new RegExp(`^${path.replaceAll(/\$\w+/g, "[^/]+")}$`);
  await goWithin(page, "/invoices");
  return (await linksOf(page)).find(({ href }) => form.test(href))?.href ?? null;
}

/** Which places are listed. */
export interface Listing {
  readonly language?: Language;
  /** Dialogs, tabs and answers too. */
  readonly withStates?: boolean;
}

/** Everything that somebody with these roles can look at, with ids of what they have. */
export async function listPlaces(
  page: Page,
  roles: readonly string[],
  { language = "en", withStates = false }: Listing = {},
): Promise<Place[]> {
  const isTheirs = (of: readonly string[] | null): boolean =>
    of === null || of.some((role) => roles.includes(role));
  const listed = listScreens().filter((each) => isTheirs(each.roles));
  const states = SCREEN_STATES.filter(
    (each) => withStates && isTheirs(each.roles) && listed.some(({ path }) => path === each.path),
  );
  const patient = await findPatient(page, roles, language);
  const places: Place[] = [];
  const all = [...listed.map((each) => ({ ...each, steps: () => [] })), ...states];
  for (const { name, path, steps } of all) {
    const filled = await fill(page, path, patient);
    if (filled !== null) places.push({ name, path: filled, steps: steps(language) });
  }
  return places;
}

/** Shows a place. */
export async function showPlace(
  page: Page,
  { path, steps }: Place,
  language: Language = "en",
): Promise<void> {
  await page.keyboard.press("Escape");
  await page.mouse.move(1, 1);
  // From elsewhere: what was chosen on the same screen before is not chosen any more.
  if (steps.length > 0) await goWithin(page, "/settings");
  await goWithin(page, path);
  for (const step of steps) await takeStep(page, step, language);
  if (steps.length === 0) return;
  await page.mouse.move(1, 1);
  await settle(page);
}
