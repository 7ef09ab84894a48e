import type { Locator, Page, Route } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { PASSWORD, beginAgain, foundAsAino, isInside } from "./door.ts";
import { focusComesTo, press, tabTo } from "./keys.ts";

/** From here on nothing is clicked, and nothing is focused but by keys. */
const system = useBrowserSystem();
let aino: Visitor;
let page: Page;

beforeAll(async () => {
  aino = await system.visit({ reducedMotion: "reduce" });
  ({ page } = aino);
  await foundAsAino(system, aino);
});
// What went wrong may have left a window open.
beforeEach(async ({ task }) => {
  if (task.result?.state === "fail" || (task.result?.retryCount ?? 0) > 0) await beginAgain(page);
});

const button = (name: string | RegExp): Locator =>
  page.getByRole("button", { name, exact: typeof name === "string" });
const section = (name: string): Locator => page.getByRole("textbox", { name, exact: true });
const type = (text: string): Promise<void> => page.keyboard.type(text);

/** Goes somewhere by the palette. */
async function goByPalette(words: string, heading: string): Promise<void> {
  await press(page, "Control+k");
  await focusComesTo(page.getByLabel("Patient, screen or action"));
  await type(words);
  await page
    .getByRole("button", { name: new RegExp(heading) })
    .last()
    .waitFor();
  await press(page, "Enter");
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

describe("by keys alone", () => {
  it("skips to the content, registers a patient, and has a wrong code named on the way", async () => {
    await tabTo(page.getByRole("link", { name: "Skip to the content" }));
    await press(page, "Enter");
    await focusComesTo(page.locator("main"));
    await tabTo(page.getByRole("main").getByRole("link", { name: "Register a patient" }).first());
    await press(page, "Enter");
    await focusComesTo(page.getByLabel("Given names"));
    await type("Maija");
    await tabTo(page.getByLabel("Family name"));
    await type("Korhonen");
    const code = page.getByLabel("Personal identity code");
    await tabTo(code);
    await type("140388-902A");
    await press(page, "Tab");
    await page.getByText("This is no valid identity code").waitFor();
    await tabTo(code, "Shift+Tab");
    await press(page, "Control+a");
    await type("140388-9028");
    await press(page, "Tab");
    await expect.poll(() => page.getByLabel("Born").inputValue()).toBe("14.3.1988");
    await tabTo(button("Register"));
    await press(page, "Enter");
    await page.getByRole("heading", { level: 1, name: "Maija Korhonen" }).waitFor();
    await focusComesTo(page.locator("main"));
  });

  it("writes a note: template, sections, what is missing, the signature undone and given again", async () => {
    await tabTo(button("Write a note"));
    await press(page, "Enter");
    await focusComesTo(section("Subjective"));
    await press(page, "Alt+t");
    await focusComesTo(page.getByLabel("Template"));
    await type("DAP");
    await expect.poll(() => section("Data").count()).toBe(1);
    await press(page, "Alt+ArrowDown");
    await focusComesTo(section("Data"));
    await type("slept five nights of seven");
    await press(page, "Alt+ArrowDown", "Alt+ArrowDown");
    await focusComesTo(section("Plan"));
    await type("two stops alone");

    await press(page, "Control+/");
    await page.getByRole("dialog", { name: "Keys of the editor" }).waitFor();
    await press(page, "Escape");
    await focusComesTo(section("Plan"));

    await press(page, "Control+Enter");
    const missing = page.getByRole("dialog", { name: "Not ready to be signed" });
    await missing.waitFor();
    await press(page, "Escape");
    await focusComesTo(section("Assessment"));
    await press(page, "Control+Enter");
    await missing.waitFor();
    await tabTo(missing.getByRole("button", { name: "Assessment" }));
    await press(page, "Enter");
    await focusComesTo(section("Assessment"));
    await type("avoidance gives way");

    await press(page, "Control+Enter");
    await focusComesTo(button("Undo"));
    await press(page, "Enter");
    await focusComesTo(section("Data"));
    expect(await section("Data").inputValue()).toBe("slept five nights of seven");
    await press(page, "Control+Enter");
    await focusComesTo(button("Undo"));
    await page.getByText("wrote and locked this").waitFor();
    await button("Undo").waitFor({ state: "detached" });
    await focusComesTo(page.locator("main"));
  });

  it("books, moves and cancels, and each window gives the focus back", async ({ task }) => {
    // What an attempt that failed has booked may stand there.
    const [from, to] = task.result?.retryCount ? ["13:00", "14:30"] : ["10:00", "11:30"];
    const typed = (time: string): string => time.replace(":", "");
    const answers = Promise.withResolvers<void>();
    // What is asked as the wait ends goes on by itself.
    const late = async (route: Route): Promise<void> =>
      answers.promise.then(() => route.continue()).catch(() => undefined);
    await aino.context.route(`${system.launcher.services.who}/**`, late);
    await goByPalette("cal", "Calendar");
    const book = page.getByRole("main").getByRole("button", { name: "Book", exact: true }).first();
    await tabTo(book);
    await press(page, "Enter");
    const dialog = page.getByRole("dialog");
    // The window opens with the calendar, which comes after the button was pressed.
    expect(await dialog.count()).toBe(0);
    answers.resolve();
    await aino.context.unroute(`${system.launcher.services.who}/**`, late);
    await focusComesTo(dialog.getByRole("combobox", { name: "Patient" }));
    await type("Maija");
    await page.getByRole("option", { name: "Maija Korhonen" }).waitFor();
    await press(page, "ArrowDown", "Enter");
    await tabTo(dialog.getByLabel("Time", { exact: true }));
    await type(typed(from));
    await tabTo(dialog.getByRole("button", { name: "Book", exact: true }));
    await press(page, "Enter");
    await dialog.waitFor({ state: "detached" });
    await focusComesTo(book);

    await tabTo(button(new RegExp(`${from}.*Maija`)));
    await press(page, "Enter");
    await dialog.waitFor();
    await press(page, "Escape");
    await focusComesTo(button(new RegExp(`${from}.*Maija`)));
    await press(page, "Enter");
    await tabTo(dialog.getByRole("button", { name: "Move", exact: true }));
    await press(page, "Enter");
    await focusComesTo(dialog.getByLabel("Date", { exact: true }));
    await tabTo(dialog.getByRole("button", { name: "Cancel" }));
    await press(page, "Enter");
    await focusComesTo(dialog.getByRole("button", { name: "Move", exact: true }));
    await press(page, "Enter");
    await tabTo(dialog.getByLabel("Time", { exact: true }));
    await type(typed(to));
    await press(page, "Enter");
    await dialog.waitFor({ state: "detached" });
    await focusComesTo(button(new RegExp(`${to}.*Maija`)));

    await press(page, "Enter");
    await tabTo(dialog.getByRole("button", { name: "cancelled", exact: true }));
    await press(page, "Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Marked: cancelled").waitFor();
    await focusComesTo(button(new RegExp(`${to}.*Maija.*cancelled`)));
    await tabTo(button("Undo"));
    await press(page, "Enter");
    await expect.poll(() => button(new RegExp(`${to}.*cancelled`)).count()).toBe(0);
  });

  it("freezes nothing by accident, goes to a patient by their name, locks and unlocks", async () => {
    await tabTo(button("Freeze"));
    await press(page, "Enter");
    await page.getByRole("dialog", { name: "Stop openings at once" }).waitFor();
    await press(page, "Escape");
    await focusComesTo(button("Freeze"));

    await goByPalette("korh", "Maija Korhonen");
    await goByPalette("diag", "Maija Korhonen");
    await button("Add a diagnosis").waitFor();
    await goByPalette("timel", "Maija Korhonen");
    await page.getByText("two stops alone").first().waitFor();
    await press(page, "Control+k");
    await focusComesTo(page.getByLabel("Patient, screen or action"));
    await type("lock");
    await page.getByRole("dialog").getByRole("button", { name: /^Lock/ }).waitFor();
    await press(page, "Enter");
    const password = page.getByLabel("Password of this device");
    await focusComesTo(password);
    await type(PASSWORD);
    await press(page, "Enter");
    await isInside(page);
    await page.getByText("two stops alone").first().waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/records\//);
  });
});
