import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { STAFF, enterAs, listUnseen } from "../packages/web/test/browser/demoStaff.ts";
import { startLauncher } from "../packages/web/test/browser/launcher.ts";
import { findLosses, findLossesAtEdges } from "../packages/web/test/browser/losses.ts";
import { openChromium } from "../packages/web/test/browser/openChromium.ts";
import type { TestBrowser, TestPage } from "../packages/web/test/browser/openChromium.ts";
import { settle, showPlace } from "../packages/web/test/browser/screenList.ts";
import { findBrowser } from "./browser.ts";
import { root } from "./step.ts";

const OUT = join(root, "docs", "screens");
const QUALITY = 70;

/** The ways in which every screen is looked at. */
const LOOKS = [
  { look: "light", language: "en", colorScheme: "light", width: 1280, height: 860 },
  { look: "dark", language: "en", colorScheme: "dark", width: 1280, height: 860 },
  { look: "narrow", language: "en", colorScheme: "light", width: 360, height: 780 },
  { look: "finnish", language: "fi", colorScheme: "light", width: 1280, height: 860 },
] as const;
type Look = (typeof LOOKS)[number];

const shown = new Set<string>();
const lost: string[] = [];

async function take(page: TestPage, name: string, { look }: Look): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send("Page.captureScreenshot", {
    format: "webp",
    quality: QUALITY,
  });
  await devtools.detach();
  writeFileSync(join(OUT, `${name}.${look}.webp`), Buffer.from(data, "base64"));
  shown.add(name);
  const found = look === "light" ? await findLossesAtEdges(page) : await findLosses(page);
  lost.push(...found.map((each) => `${name} (${look}): ${each}`));
}

async function walk(browser: TestBrowser, origin: string, look: Look): Promise<void> {
  const { width, height, colorScheme, language } = look;
  const seen = new Map<string, string>();
  for (const { name, roles } of STAFF) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      locale: language === "fi" ? "fi-FI" : "en-GB",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    await settle(page);
    if (seen.size === 0) await take(page, "door", look);
    await enterAs(page, name);
    for (const place of await listUnseen(page, { name, roles }, seen)) {
      await showPlace(page, place, language);
      const isFirst = seen.get(place.name) === name;
      await take(page, isFirst ? place.name : `${place.name}-${roles.join("-")}`, look);
    }
    await context.close();
  }
}

/** A page that shows them all. */
function writeIndex(): void {
  const names = [...shown].toSorted();
  const pictures = names.flatMap((name) => [
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

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const found = findBrowser(say);
say("Starting a demonstration …");
const launcher = await startLauncher(["--demo"]);
const browser = await openChromium(found);
try {
  for (const look of LOOKS) {
    say(`Looking at every screen: ${look.look}`);
    await walk(browser, launcher.origin, look);
  }
  writeIndex();
} finally {
  await browser.close();
  await launcher.stop();
}
for (const loss of lost) say(`lost: ${loss}`);
say(`${shown.size} screens, ${lost.length} losses`);
process.exitCode = lost.length === 0 ? 0 : 1;
