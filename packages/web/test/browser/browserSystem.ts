import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

import { startLauncher, type Launcher } from "./launcher.ts";
import { openChromium } from "./openChromium.ts";
import { watch, type Watch } from "./watch.ts";

/** One browser of one person: its own storage, its own page. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly watch: Watch;
}

/** A running system and a browser, for the tests of one file. */
export interface BrowserSystem {
  readonly launcher: Launcher;
  /** Opens a browser of its own on the first page, in English where nothing else is said. */
  visit(options?: BrowserContextOptions): Promise<Visitor>;
}

/** Long enough for a busy machine; what is awaited comes as soon as it is there. */
const PATIENCE_MS = 30_000;

/** What a failed test had before it; everybody in it is invented. */
async function showPages(visitors: readonly Visitor[]): Promise<void> {
  for (const [index, { page }] of visitors.entries()) {
    const text = await page
      .locator("body")
      .innerText({ timeout: 2_000 })
      .catch(() => "");
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    process.stderr.write(`--- page ${index + 1}: ${page.url()}\n${lines.join("\n")}\n`);
  }
}

/**
 * Starts the real launcher and Chromium before the tests of a file, and stops them after. A test fails by what its pages said on the
 * console, threw, violated or asked of strangers.
 */
export function useBrowserSystem(
  args: readonly string[] = [],
  start: () => Promise<Launcher> = () => startLauncher(args, inject("preparedData")),
  open?: (launcher: Launcher) => Promise<Browser>,
): BrowserSystem {
  let launcher: Launcher | undefined;
  let browser: Browser | undefined;
  const visitors: Visitor[] = [];
  let isBegun = false;
  beforeAll(async () => {
    const starting = start();
    const opening = open === undefined ? openChromium(inject("browser")) : starting.then(open);
    [launcher, browser] = await Promise.all([starting, opening]);
  });
  afterEach(async ({ task }) => {
    isBegun = true;
    if (task.result?.state === "fail") await showPages(visitors);
    expect(visitors.flatMap((visitor) => visitor.watch.take())).toEqual([]);
  });
  afterAll(async () => {
    // What was to be ready before the first test did not get there.
    if (!isBegun) {
      await showPages(visitors);
      process.stderr.write(`${visitors.flatMap(({ watch: seen }) => seen.take()).join("\n")}\n`);
    }
    await browser?.close();
    await launcher?.stop();
  });
  const started = (): Launcher => {
    if (launcher === undefined) throw new TypeError("the launcher is not started yet");
    return launcher;
  };
  return {
    get launcher() {
      return started();
    },
    visit: async (options = {}) => {
      const { origin, services } = started();
      if (browser === undefined) throw new TypeError("the browser is not started yet");
      const context = await browser.newContext({
        locale: "en-GB",
        viewport: { width: 1280, height: 860 },
        ...options,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const watched = await watch(context, [origin, ...Object.values(services)]);
      const visitor = { context, page: await context.newPage(), watch: watched };
      visitors.push(visitor);
      await visitor.page.goto(`${origin}/`);
      return visitor;
    },
  };
}
