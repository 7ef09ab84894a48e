import type { Page } from "playwright-core";

import { settle } from "./settle.ts";

/** Runs in the page: what a reader would miss there. Written without types, because the page takes it as it is. */
const FIND_LOSSES = `(() => {
  const losses = new Set();
  const RAW_KEY = /^[a-z][a-zA-Z]*(?:\\.[a-z][\\w-]*)+$/;
  const FILE = /\\.(?:pdf|age|zip|csv|json|txt|jpe?g|png)$/;
  const FORM_OF_DATES = /^(?:d\\.m\\.yyyy|p\\.k\\.vvvv)$/;
  const isKey = (text) => RAW_KEY.test(text) && !FILE.test(text) && !FORM_OF_DATES.test(text);
  const short = (text) => JSON.stringify(text.trim().slice(0, 48));
  const tell = (what, text) => losses.add(what + " " + short(text));
  const looksRaw = (text) => text.includes("{{") || isKey(text.trim());
  const isHiddenFromSight = (element) => {
    const { clip, clipPath, width, height } = getComputedStyle(element);
    return clip.startsWith("rect") || clipPath.startsWith("inset(50%") || (width === "1px" && height === "1px");
  };
  const cutter = (element) => {
    for (let each = element; each !== null && each !== document.body; each = each.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(each);
      if (isHiddenFromSight(each)) return null;
      if (/auto|scroll/.test(overflowX + overflowY)) return null;
      if (/hidden|clip/.test(overflowX + overflowY)) return each;
      if (position === "fixed") return null;
    }
    return null;
  };
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent ?? "";
    const element = node.parentElement;
    if (text.trim() === "" || element === null || ["STYLE", "SCRIPT", "NOSCRIPT"].includes(element.tagName)) continue;
    if (!isShown(element)) continue;
    if (looksRaw(text)) tell("raw key", text);
    const by = cutter(element);
    if (by === null) continue;
    range.selectNodeContents(node);
    const inner = range.getBoundingClientRect();
    const outer = by.getBoundingClientRect();
    if (inner.width === 0) continue;
    if (inner.left < outer.left - 2 || inner.right > outer.right + 2 || inner.top < outer.top - 4 || inner.bottom > outer.bottom + 4)
      tell("cut off", text);
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]"))
    for (const name of ["aria-label", "placeholder", "alt", "title"]) {
      const text = element.getAttribute(name);
      if (text !== null && looksRaw(text)) tell("raw key", text);
    }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth + 1) {
    losses.add("scrolls sideways: " + scrollWidth + " in " + clientWidth);
    for (const element of document.querySelectorAll("body *")) {
      const { right, width } = element.getBoundingClientRect();
      if (width > 0 && right > clientWidth + 1 && element.children.length === 0 && isShown(element))
        tell("beyond the edge", element.textContent || element.tagName);
    }
  }
  for (const element of document.querySelectorAll("body *")) {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth < 40 || !isShown(element)) continue;
    if (!/auto|scroll/.test(getComputedStyle(element).overflowX) || element.tagName === "TEXTAREA" || element.tagName === "PRE") continue;
    tell("scrolls sideways within", element.textContent ?? "");
  }
  return [...losses].slice(0, 12);
})()`;

const NARROW = { width: 360, height: 780 };
const WIDE = { width: 1280, height: 860 };

/** What is lost on the page as it is: text that is cut off, a way to the side, a key instead of a word. */
export async function findLosses(page: Page): Promise<string[]> {
  const found = await page.evaluate<string[]>(FIND_LOSSES);
  if (found.length === 0) return found;
  // What was only on its way to its place is no loss.
  await settle(page);
  return page.evaluate<string[]>(FIND_LOSSES);
}

/** What is lost on a narrow screen and with text of twice the size; leaves the page as it was. */
export async function findLossesAtEdges(page: Page): Promise<string[]> {
  const found: string[] = [];
  const add = (where: string, losses: readonly string[]): void =>
    void found.push(...losses.map((loss) => `${where}: ${loss}`));
  add("wide", await findLosses(page));
  await page.setViewportSize(NARROW);
  await page.waitForTimeout(150);
  add("360 px", await findLosses(page));
  await page.setViewportSize(WIDE);
  // As somebody sets it in the browser: widths that are written in letters follow.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  await page.waitForTimeout(150);
  add("200 %", await findLosses(page));
  await devtools.send("Page.setFontSizes", { fontSizes: { standard: 16, fixed: 13 } });
  await devtools.detach();
  return found;
}
