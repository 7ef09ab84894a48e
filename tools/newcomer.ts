/**
 * `npm run newcomer`: how long somebody who has never seen Sinetti needs from the first page of a system on an empty folder to a first
 * signed note. A real system, a real browser, and a person who types forty words a minute, reads every sentence that is new on a screen
 * before touching it, looks through the names of its fields and buttons, and uses the pointer for everything else. Prints the seconds of
 * each step; fails beyond three minutes.
 */
import { availableParallelism, loadavg } from "node:os";

import { isInside } from "../packages/web/test/browser/door.ts";
import { startLauncher } from "../packages/web/test/browser/launcher.ts";
import { openChromium } from "../packages/web/test/browser/openChromium.ts";
import type { TestPage } from "../packages/web/test/browser/openChromium.ts";
import { QUIET_MS, settle } from "../packages/web/test/browser/settle.ts";
import { findBrowser } from "./browser.ts";
import { HOME_MS, KEY_MS, POINT_MS, PRESS_MS, paceTable, readingMs } from "./pace.ts";
import type { Step } from "./pace.ts";

const LIMIT_SECONDS = 180;
const PASSWORD = "one long sentence about rowan";
const NOTE = {
  Subjective: "Slept better, worries less at work.",
  Objective: "Calm, speaks freely.",
  Assessment: "Slow recovery.",
  Plan: "Next week, same time.",
} as const;
/** Codes are put on paper by a click, and nobody reads them out to themselves. */
const READABLE = `(() => {
  const codes = new Set([...document.querySelectorAll("pre")].flatMap((each) => each.innerText.split("\\n")));
  return document.body.innerText.split("\\n").filter((line) => !codes.has(line));
})()`;

type Target = ReturnType<TestPage["getByRole"]>;

/** Somebody at the machine, and what each of their steps took. */
class Newcomer {
  readonly steps: Step[] = [];
  readonly page: TestPage;
  readonly #seen = new Set<string>();
  #spent = { typing: 0, reading: 0, pointing: 0 };
  #isAtKeys = false;

  constructor(page: TestPage) {
    this.page = page;
  }

  async step(name: string, run: () => Promise<void>): Promise<void> {
    this.#spent = { typing: 0, reading: 0, pointing: 0 };
    const from = performance.now();
    await run();
    this.steps.push({ name, ...this.#spent, whole: performance.now() - from });
  }

  /** Reads what is on the screen and was not there before. */
  async read(): Promise<void> {
    await settle(this.page);
    const lines = await this.page.evaluate<string[]>(READABLE);
    // Whoever reads began while the screen was looked at for being at rest.
    await this.#spend("reading", readingMs(lines, this.#seen), QUIET_MS);
  }

  async press(target: Target): Promise<void> {
    await target.waitFor();
    await this.#spend("pointing", (this.#isAtKeys ? HOME_MS : 0) + POINT_MS + PRESS_MS);
    this.#isAtKeys = false;
    await target.click();
  }

  async type(field: Target, text: string): Promise<void> {
    await this.press(field);
    await this.#spend("pointing", HOME_MS);
    this.#isAtKeys = true;
    for (const key of text) {
      await this.#spend("typing", KEY_MS);
      await this.page.keyboard.type(key);
    }
  }

  async #spend(on: "typing" | "reading" | "pointing", ms: number, begun = 0): Promise<void> {
    this.#spent[on] += ms;
    await this.page.waitForTimeout(Math.max(0, ms - begun));
  }
}

async function found(person: Newcomer, code: string): Promise<void> {
  const { page } = person;
  await person.step("reads the first page", async () => {
    await person.read();
    await person.press(page.getByRole("button", { name: "Found a practice" }));
  });
  await person.step("founds a practice", async () => {
    await person.read();
    await person.type(page.getByLabel("Name of the practice"), "Kuusi");
    await person.type(page.getByLabel("Your name"), "Maarit Kuusisto");
    await person.type(page.getByLabel("Password for this device"), PASSWORD);
    await person.type(page.getByLabel("Installation code"), code);
    await person.press(page.getByRole("button", { name: "Found the practice" }));
    await page.getByText("things for paper").waitFor();
  });
  await person.step("saves the kit and the codes", async () => {
    await person.read();
    const saved = page.waitForEvent("download");
    await person.press(page.getByRole("button", { name: "Save as PDF" }));
    await saved;
    await person.press(page.getByLabel("I have them on paper"));
    await person.press(page.getByRole("button", { name: "Begin" }));
    await isInside(page);
  });
}

async function register(person: Newcomer): Promise<void> {
  const { page } = person;
  await person.step("reads Today", async () => {
    await person.read();
    await person.press(page.getByRole("link", { name: "Register a patient" }).first());
  });
  await person.step("registers a patient", async () => {
    await person.read();
    await person.type(page.getByLabel("Given names"), "Aino");
    await person.type(page.getByLabel("Family name"), "Virtanen");
    await person.press(page.getByRole("button", { name: "Register", exact: true }));
    await page.getByRole("heading", { name: "Aino Virtanen" }).waitFor();
  });
}

async function writeNote(person: Newcomer): Promise<void> {
  const { page } = person;
  await person.step("reads the record", async () => {
    await person.read();
    await person.press(page.getByRole("button", { name: "Write a note" }));
  });
  await person.step("writes a note", async () => {
    await person.read();
    for (const [section, text] of Object.entries(NOTE))
      await person.type(page.getByRole("textbox", { name: section }), text);
  });
  await person.step("signs it, and sees it locked", async () => {
    await person.press(page.getByRole("button", { name: "Sign and lock" }));
    await page.getByText("wrote and locked this").first().waitFor();
  });
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const browser = await openChromium(findBrowser(say));
try {
  const load = loadavg()[0] ?? 0;
  const from = performance.now();
  const launcher = await startLauncher();
  const started = performance.now() - from;
  try {
    const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
    const page = await context.newPage();
    const person = new Newcomer(page);
    await person.step("opens the address", async () => {
      await page.goto(`${launcher.origin}/`);
      await page.locator("main button").first().waitFor();
    });
    await found(person, launcher.installationCode());
    await register(person);
    await writeNote(person);
    const total = person.steps.reduce((sum, { whole }) => sum + whole, 0) / 1000;
    process.stdout.write(`${paceTable(person.steps)}\n\n`);
    process.stdout.write(
      `${total.toFixed(0)} s of ${LIMIT_SECONDS} s, after ${(started / 1000).toFixed(0)} s of starting; ` +
        `load of the machine ${load.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after, on ${availableParallelism()} cores\n`,
    );
    process.exitCode = total <= LIMIT_SECONDS ? 0 : 1;
  } finally {
    await launcher.stop();
  }
} finally {
  await browser.close();
}
