import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { STAFF, enterAs, listUnseen } from "../packages/web/test/browser/demoStaff.ts";
import { isInside, PASSWORD } from "../packages/web/test/browser/door.ts";
import { startLauncher } from "../packages/web/test/browser/launcher.ts";
import { findLosses, findLossesAtEdges } from "../packages/web/test/browser/losses.ts";
import { openChromium } from "../packages/web/test/browser/openChromium.ts";
import type { TestBrowser, TestPage } from "../packages/web/test/browser/openChromium.ts";
import { goWithin, showPlace } from "../packages/web/test/browser/screenList.ts";
import { settle } from "../packages/web/test/browser/settle.ts";
import { wordOf } from "../packages/web/test/browser/words.ts";
import { findBrowser } from "./browser.ts";
import { root } from "./step.ts";

const OUT = join(root, "docs", "screens");
const QUALITY = 50;

/** The ways in which every screen is looked at. */
const LOOKS = [
  { look: "light", language: "en", colorScheme: "light", width: 1280, height: 860 },
  { look: "dark", language: "en", colorScheme: "dark", width: 1280, height: 860 },
  { look: "narrow", language: "en", colorScheme: "light", width: 360, height: 780 },
  { look: "finnish", language: "fi", colorScheme: "light", width: 1280, height: 860 },
] as const;
type Look = (typeof LOOKS)[number];

/** The ways through the door, by the word that leads there. */
const DOORS = ["welcome.found", "welcome.join", "recover.open"] as const;
/** What a practice shows that has nothing yet. */
const EMPTY = ["today", "calendar", "caseload", "invoices", "retention", "people"] as const;

/** `npm run screens -- today record`: those alone whose names begin so; the other pictures stay. */
const WANTED = process.argv.slice(2);
const isWanted = (name: string): boolean =>
  WANTED.length === 0 || WANTED.some((each) => name.startsWith(each));

let count = 0;
const lost: string[] = [];

async function take(page: TestPage, name: string, { look }: Look): Promise<void> {
  if (!isWanted(name)) return;
  await page.mouse.move(1, 1);
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send("Page.captureScreenshot", {
    format: "webp",
    quality: QUALITY,
  });
  await devtools.detach();
  writeFileSync(join(OUT, `${name}.${look}.webp`), Buffer.from(data, "base64"));
  count++;
  const found = look === "light" ? await findLossesAtEdges(page) : await findLosses(page);
  lost.push(...found.map((each) => `${name} (${look}): ${each}`));
}

const openPage = async (browser: TestBrowser, origin: string, look: Look): Promise<TestPage> => {
  const { width, height, colorScheme, language } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: language === "fi" ? "fi-FI" : "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.locator("main button").first().waitFor();
  await settle(page);
  return page;
};

async function walkStaff(browser: TestBrowser, origin: string, look: Look): Promise<void> {
  const { language } = look;
  const seen = new Map<string, string>();
  for (const { name, roles } of STAFF) {
    const page = await openPage(browser, origin, look);
    if (seen.size === 0) await take(page, "door", look);
    await enterAs(page, name);
    for (const place of await listUnseen(
      page,
      { name, roles },
      { seen, language, withStates: true },
    )) {
      const isFirst = seen.get(place.name) === name;
      const file = isFirst ? place.name : `${place.name}-${roles.join("-")}`;
      if (!isWanted(file)) continue;
      await showPlace(page, place, language).catch((error: Error) =>
        lost.push(`${file} (${look.look}): not reached: ${error.message.split("\n")[0]}`),
      );
      await take(page, file, look);
    }
    await page.context().close();
  }
}

/** A page as another look has it; the language is chosen as people choose it, which the door and the settings let them. */
async function changeLook(page: TestPage, { colorScheme, width, height, language }: Look) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  await page.getByText(language === "fi" ? "Suomi" : "English", { exact: true }).click();
  await settle(page);
}

/** From the first page to a practice that has nothing yet. */
async function walkNewcomer(browser: TestBrowser): Promise<void> {
  const [light] = LOOKS;
  const launcher = await startLauncher();
  try {
    const page = await openPage(browser, launcher.origin, light);
    for (const look of LOOKS) {
      const say = (word: string): string => wordOf(look.language, "door", word);
      await changeLook(page, look);
      await take(page, "door-welcome", look);
      for (const word of DOORS) {
        await page.getByRole("button", { name: say(word), exact: true }).click();
        await settle(page);
        await take(page, `door-${word.replace("welcome.", "").split(".")[0]}`, look);
        await page.getByRole("button", { name: say("back"), exact: true }).click();
      }
    }
    await changeLook(page, light);
    await foundPractice(page, launcher.installationCode());
    for (const look of LOOKS) {
      await changeLook(page, look);
      await take(page, "door-papers", look);
    }
    await changeLook(page, light);
    await page.getByLabel(wordOf("en", "door", "papers.kept")).check();
    await page.getByRole("button", { name: wordOf("en", "door", "papers.go") }).click();
    await isInside(page);
    for (const look of LOOKS) {
      await goWithin(page, "/settings");
      await changeLook(page, look);
      for (const name of EMPTY) {
        await goWithin(page, `/${name}`);
        await take(page, `empty-${name}`, look);
      }
    }
    await page.context().close();
  } finally {
    await launcher.stop();
  }
}

async function foundPractice(page: TestPage, code: string): Promise<void> {
  const say = (word: string): string => wordOf("en", "door", word);
  await page.getByRole("button", { name: say("welcome.found") }).click();
  await page.getByLabel(say("found.name")).fill("Kuusi");
  await page.getByLabel(say("found.member")).fill("Maarit Kuusisto");
  await page.getByLabel(say("password.label")).fill(PASSWORD);
  await page.getByLabel(say("found.code")).fill(code);
  await page.getByRole("button", { name: say("found.now") }).click();
  await page.getByRole("heading", { name: say("papers.title") }).waitFor();
  await settle(page);
}

/** A page that shows them all. */
function writeIndex(): void {
  const names = readdirSync(OUT).flatMap((file) => file.split(".light.webp").slice(0, -1));
  const pictures = names
    .toSorted()
    .flatMap((name) => [
      `## ${name}`,
      "",
      ...LOOKS.map(({ look }) => `![${name}, ${look}](${name}.${look}.webp)`),
      "",
    ]);
  const head = [
    "# The screens",
    "",
    "Made by `npm run screens` from a demonstration: every person and every word is invented.",
    "",
  ];
  writeFileSync(join(OUT, "README.md"), [...head, ...pictures].join("\n"));
}

if (WANTED.length === 0) rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const browser = await openChromium(findBrowser(say));
try {
  if (WANTED.length === 0 || WANTED.some((each) => /^(?:door|empty)/.test(each))) {
    say("Looking at a practice that has nothing yet");
    await walkNewcomer(browser);
  }
  say("Filling a demonstration …");
  const launcher = await startLauncher(["--demo"]);
  try {
    for (const look of LOOKS) {
      say(`Looking at every screen: ${look.look}`);
      await walkStaff(browser, launcher.origin, look);
    }
  } finally {
    await launcher.stop();
  }
  writeIndex();
} finally {
  await browser.close();
}
for (const loss of lost) say(`lost: ${loss}`);
say(`${count} pictures, ${lost.length} losses`);
process.exitCode = lost.length === 0 ? 0 : 1;
