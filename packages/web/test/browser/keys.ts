import type { ElementHandle, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Stops of a screen that somebody goes through before they give up. */
const MOST = 60;

/** How an element looks at rest, with what stands around it: a hidden control shows its focus beside itself. */
const look = async (element: Element): Promise<string> => {
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  return [element, element.parentElement, element.nextElementSibling]
    .filter((each) => each !== null)
    .map((each) => {
      const { outline, borderColor, boxShadow, backgroundColor } = getComputedStyle(each);
      return [outline, borderColor, boxShadow, backgroundColor].join();
    })
    .join(";");
};

const focused = (page: Page): Promise<ElementHandle<Element>> =>
  page.evaluateHandle(() => document.activeElement ?? document.body);

/** What has the focus, as one would call it in a message. */
export const nameOfFocus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    const label =
      element?.getAttribute("aria-label") ??
      (element as HTMLInputElement | null)?.labels?.[0]?.innerText ??
      (element as HTMLElement | null)?.innerText;
    return `${element?.tagName ?? "nothing"} ${label?.slice(0, 60) ?? ""}`;
  });

/** Whether something has the focus. */
export async function hasFocus(target: Locator): Promise<boolean> {
  const found = await target.all();
  const are = await Promise.all(
    found.map((each) => each.evaluate((element) => element === document.activeElement)),
  );
  return are.includes(true);
}

/** Waits until the focus is where it belongs. */
export async function focusComesTo(target: Locator): Promise<void> {
  const page = target.page();
  await target.first().waitFor();
  await expect
    .poll(async () => ((await hasFocus(target)) ? "there" : await nameOfFocus(page)))
    .toBe("there");
}

/** Goes on by Tab to a target; fails where it is not reached, or where a stop on the way does not show that it is one. */
export async function tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const page = target.page();
  const passed: string[] = [];
  for (let stops = 0; stops < MOST; stops++) {
    if (await hasFocus(target)) return;
    const before = await focused(page);
    const shown = await before.evaluate(look);
    const name = await nameOfFocus(page);
    await page.keyboard.press(key);
    // A date has several stops; what is gone, or is the page itself, has no look of its own.
    const isLeft = await before.evaluate(
      (element) =>
        element.isConnected && !element.matches("body, main") && element !== document.activeElement,
    );
    if (isLeft && (await before.evaluate(look)) === shown)
      throw new Error(`no focus is seen on: ${name}`);
    passed.push(name);
  }
  throw new Error(`not reached by ${key}: ${target.toString()}; passed ${passed.join(", ")}`);
}

/** Presses keys one after the other. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
