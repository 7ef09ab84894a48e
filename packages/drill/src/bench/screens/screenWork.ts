import { chromium, type Page } from "playwright-core";

import { rowOf, type BenchRow } from "../compare.ts";
import { clickUntilShown, takeKeyTimes, watchKeys } from "./inPage.ts";

export interface ScreenBenchOptions {
  /** A Chromium. */
  readonly executable: string;
  /** Address of a running demonstration. */
  readonly origin: string;
  readonly therapist: string;
  readonly quick: boolean;
}

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
/** Of the twelve cases that a device may open in ten minutes one is left for the note. */
const OPENINGS = { quick: 5, full: 10 };
const KEYS = { quick: 120, full: 400 };
/** Between two keys: a fast typist. */
const KEY_PAUSE_MS = 60;
const NOTE = "main article";
const CASELOAD = 'nav a[href="/caseload"]';

/** Measures the screens of a therapist in a browser: from click to readable beside the same screen from memory, and typing beside a bare text field. */
export async function compareScreens(options: ScreenBenchOptions): Promise<BenchRow[]> {
  const browser = await chromium.launch({ executablePath: options.executable, args: FLAGS });
  try {
    const page = await browser.newPage({ locale: "en-GB" });
    await page.goto(options.origin);
    await page.getByRole("button", { name: options.therapist }).click();
    const size = options.quick ? "quick" : "full";
    return [await compareOpening(page, OPENINGS[size]), ...(await compareTyping(page, KEYS[size]))];
  } finally {
    await browser.close();
  }
}

async function showCaseload(page: Page): Promise<void> {
  await page.locator(CASELOAD).click();
  await page.locator('main a[href^="/records/"]').first().waitFor();
}

async function compareOpening(page: Page, runs: number): Promise<BenchRow> {
  await showCaseload(page);
  const links = await page.locator('main a[href^="/records/"]').all();
  const paths = await Promise.all(links.map((link) => link.getAttribute("href")));
  const [cold, known]: [number[], number[]] = [[], []];
  // The first brings the code of the screen, and is not counted.
  for (const path of paths.slice(0, runs + 1))
    for (const times of [cold, known]) {
      times.push(await page.evaluate(clickUntilShown, [`main a[href="${path}"]`, NOTE] as const));
      await showCaseload(page);
    }
  return rowOf(
    {
      work: "from a click to a readable record, beside the same from memory",
      unit: "ms",
      aim: null,
    },
    { ours: cold.slice(1), limit: known.slice(1) },
  );
}

async function typeKeys(page: Page, keys: number): Promise<number[]> {
  const words = "the hour was quiet and long ".repeat(Math.ceil(keys / 28)).slice(0, keys);
  await page.evaluate(takeKeyTimes);
  await page.keyboard.type(words, { delay: KEY_PAUSE_MS });
  await page.waitForTimeout(KEY_PAUSE_MS);
  return page.evaluate(takeKeyTimes);
}

/** A text field that nothing listens to, in the same page. */
const BARE_FIELD = `{
  const field = document.createElement("textarea");
  document.body.prepend(field);
  field.focus();
}`;

async function compareTyping(page: Page, keys: number): Promise<BenchRow[]> {
  await page.locator('main a[href^="/records/"]').first().click();
  await page.getByRole("button", { name: "Write a note" }).click();
  await page.getByRole("textbox", { name: "Subjective" }).click();
  await page.evaluate(watchKeys);
  const ours = await typeKeys(page, keys);
  await page.evaluate(BARE_FIELD);
  const limit = await typeKeys(page, keys);
  const slowest = (times: readonly number[]): number[] =>
    times.toSorted((a, b) => b - a).slice(0, Math.ceil(times.length / 50));
  const work = "from a key to its letter in a note, beside a bare text field";
  return [
    rowOf({ work, unit: "ms", aim: null }, { ours, limit }),
    rowOf(
      { work: `${work}: the slowest fiftieth`, unit: "ms", aim: null },
      { ours: slowest(ours), limit: slowest(limit) },
    ),
  ];
}
