import type { Page } from "playwright-core";

/** What is still moving or on its way, shown or not. */
const IS_SETTLED = `document.querySelector("main, #root") !== null &&
  document.querySelector(".mantine-Loader-root, [data-loading], [data-waiting]") === null &&
  document.getAnimations().every((each) => each.playState !== "running")`;
/** How long nothing has been on its way when a page has come to rest. */
export const QUIET_MS = 400;
const PATIENCE_MS = 30_000;

/** What only looks otherwise fetches nothing that could come late. */
export const RECOLOURED_MS = 100;

/** Waits until nothing has been on its way for a moment. */
export async function settle(page: Page, quietMs = QUIET_MS): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  let quietSince = Date.now();
  while (Date.now() - quietSince < quietMs) {
    if (Date.now() > until) throw new Error(`${page.url()} does not come to rest`);
    await page.waitForTimeout(50);
    if (!(await page.evaluate<boolean>(IS_SETTLED))) quietSince = Date.now();
  }
}
