import { chromium, type Browser, type Page } from "playwright-core";

import { BROWSER_FLAGS, type FoundBrowser } from "../../../../tools/browser.ts";

export type TestBrowser = Browser;
export type TestPage = Page;

/** Starts a Chromium that was found, with more `flags` where a test needs them. */
export function openChromium(
  { executable, environment }: FoundBrowser,
  flags: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [...BROWSER_FLAGS, ...flags],
    env: { ...process.env, ...environment },
  });
}
