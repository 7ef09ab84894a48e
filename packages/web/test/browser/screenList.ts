import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "playwright-core";

const SOURCE = join(import.meta.dirname, "..", "..", "src");
const read = (path: string): string => readFileSync(join(SOURCE, path), "utf8");

/** A screen of the frame or a room of a record, as the source lists it: a new one is walked through from its first day. */
interface Listed {
  readonly path: string;
  readonly roles: readonly string[] | null;
}

const SCREEN = /path: "([^"]+)",[\s\S]*?roles: (null|\[[^\]]*\])/g;
const PART = /\bname: "([^"]+)",\s*roles: (null|\[[^\]]*\])/g;

const rolesIn = (text: string): string[] | null =>
  text === "null" ? null : [...text.matchAll(/"([^"]+)"/g)].map(([, role = ""]) => role);

const listIn = (file: string, form: RegExp): Listed[] =>
  [...read(file).matchAll(form)].map(([, path = "", roles = "null"]) => ({
    path,
    roles: rolesIn(roles),
  }));

/** Every screen, and the rooms of a record as parts of its address. */
export function listScreens(): Listed[] {
  const parts = listIn("features/record/parts.ts", PART).map(({ path, roles }) => ({
    path: `/records/$patient#${path}`,
    roles: roles ?? ["therapist", "supervisor"],
  }));
  const tasks = ["note/new", "group"].map((task) => ({
    path: `/records/$patient#${task}`,
    roles: ["therapist"],
  }));
  return [...listIn("app/screens.ts", SCREEN), ...parts, ...tasks];
}

/** Dialogs: where they are opened, and the word on what opens them. */
const DIALOGS = [
  { path: "/calendar", catalogue: "calendar", word: "book" },
  { path: "/people", catalogue: "people", word: "letIn.open" },
  { path: "/people", catalogue: "people", word: "add.open" },
  { path: "/today", catalogue: "app", word: "freeze.name" },
] as const;

type Words = { readonly [key: string]: string | Words };

/** A word of a screen in a language. */
export function wordOf(language: "en" | "fi", catalogue: string, key: string): string {
  let words: string | Words = JSON.parse(read(`messages/${language}/${catalogue}.json`)) as Words;
  for (const part of key.split(".")) words = typeof words === "string" ? "" : (words[part] ?? "");
  return typeof words === "string" ? words : "";
}

/** One thing to look at. */
export interface Place {
  /** Fit for the name of a file. */
  readonly name: string;
  readonly path: string;
  /** What has to be pressed there; null: nothing. */
  readonly press: { readonly catalogue: string; readonly word: string } | null;
}

/** What is still moving or on its way. */
const IS_SETTLED = `document.querySelector("main, #root") !== null &&
  document.querySelector(".mantine-Loader-root, [data-loading]") === null &&
  document.getAnimations().every((each) => each.playState !== "running")`;
const QUIET_MS = 400;
const PATIENCE_MS = 30_000;

/** Waits until nothing has been on its way for a moment. */
export async function settle(page: Page): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  let quietSince = Date.now();
  while (Date.now() - quietSince < QUIET_MS) {
    if (Date.now() > until) throw new Error(`${page.url()} does not come to rest`);
    await page.waitForTimeout(50);
    if (!(await page.evaluate<boolean>(IS_SETTLED))) quietSince = Date.now();
  }
}

/** Goes where a link within the page would go: a reload would lock. */
export async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState(null, "", to), path);
  await settle(page);
}

const hrefsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("a[href]")].map((each) => each.getAttribute("href") ?? ""),
  );

/** A path without parameters, from the links that a screen before it shows; null where there is none. */
async function fill(page: Page, path: string): Promise<string | null> {
  if (!path.includes("$")) return path;
  const form = new RegExp(`^${path.replaceAll(/\$\w+/g, "[^/]+")}$`);
  for (const from of ["/caseload", "/invoices", "/calendar", "/today"]) {
    await goWithin(page, from);
    const hrefs = await hrefsOf(page);
    const found = hrefs.find((href) => form.test(href) && !href.endsWith("/new"));
    if (found !== undefined) return found;
    const patient = hrefs
      .map((href) => /\/(?:records|patients)\/([^/#]+)/.exec(href)?.[1])
      .find(Boolean);
    if (patient !== undefined && !/\$(?!patient)/.test(path))
      return path.replace("$patient", patient);
  }
  return null;
}

const nameOf = (path: string): string =>
  path
    .replaceAll(/\/?\$\w+/g, "")
    .replaceAll(/[/#]+/g, "-")
    .replace(/^-/, "");

/** Everything that somebody with these roles can look at, with ids of what they have. */
export async function listPlaces(page: Page, roles: readonly string[]): Promise<Place[]> {
  const isTheirs = (listed: Listed): boolean =>
    listed.roles === null || listed.roles.some((role) => roles.includes(role));
  const listed = listScreens().filter(isTheirs);
  const places: Place[] = [];
  const filledByBare = new Map<string, string | null>();
  for (const { path } of listed) {
    const [bare = "", hash] = path.split("#");
    const filled = filledByBare.has(bare) ? filledByBare.get(bare) : await fill(page, bare);
    filledByBare.set(bare, filled ?? null);
    const whole = hash === undefined ? filled : `${filled}#${hash}`;
    if (filled && whole) places.push({ name: nameOf(path), path: whole, press: null });
  }
  const dialogs = DIALOGS.filter(
    ({ path, word }) =>
      listed.some((each) => each.path === path) && (word !== "add.open" || roles.includes("admin")),
  );
  for (const { path, catalogue, word } of dialogs)
    places.push({
      name: `${nameOf(path)}-${word.split(".")[0]}`,
      path,
      press: { catalogue, word },
    });
  return places;
}

/** Shows a place. */
export async function showPlace(
  page: Page,
  { path, press }: Place,
  language: "en" | "fi" = "en",
): Promise<void> {
  await page.keyboard.press("Escape");
  await goWithin(page, path);
  if (press === null) return;
  const name = wordOf(language, press.catalogue, press.word);
  await page.getByRole("button", { name, exact: true }).first().click();
  await page.getByRole("dialog").waitFor();
  await settle(page);
}
