import { describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundPractice, lock, tryPassword, unlock } from "./door.ts";

const system = useBrowserSystem();
let aino: Visitor;

describe("the door", () => {
  it("founds a practice, shows its papers once, and leads inside", async () => {
    aino = await system.visit();
    const papers = await foundPractice(aino.page, {
      practice: "Kuusi",
      member: "Aino Laine",
      code: system.launcher.installationCode(),
    });
    expect(papers).toHaveLength(4);
    const text = await aino.page.locator("body").innerText();
    expect(text).toContain("Aino Laine");
    expect(papers.filter((paper) => text.includes(paper))).toEqual([]);
    expect(await aino.page.title()).toBe("Sinetti");
  });

  it("keeps nothing of what it showed when it is locked, and opens again with the password alone", async () => {
    await lock(aino.page);
    expect(await aino.page.locator("body").innerText()).not.toContain("Aino Laine");
    await tryPassword(aino.page, "another long sentence");
    await aino.page.getByRole("alert").waitFor();
    expect(await aino.page.getByRole("navigation", { name: "Screens" }).count()).toBe(0);
    await unlock(aino.page);
  });

  it("is closed again by a reload", async () => {
    await aino.page.reload();
    await aino.page.getByLabel("Password of this device").waitFor();
    expect(await aino.page.locator("body").innerText()).not.toContain("Aino Laine");
    await unlock(aino.page);
  });

  it("lets nobody found a practice with a code that was used", async () => {
    const stranger = await system.visit();
    stranger.watch.expect(/Failed to load resource/);
    await stranger.page.getByRole("button", { name: "Found a practice" }).click();
    await stranger.page.getByLabel("Name of the practice").fill("Kataja");
    await stranger.page.getByLabel("Your name").fill("Eero Niemi");
    await stranger.page.getByLabel("Password for this device").fill("another long sentence");
    await stranger.page.getByLabel("Installation code").fill("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA");
    await stranger.page.getByRole("button", { name: "Found the practice" }).click();
    await stranger.page.getByRole("alert").waitFor();
    expect(await stranger.page.getByLabel("Your name").inputValue()).toBe("Eero Niemi");
  });
});
