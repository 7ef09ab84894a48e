import { describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { settle } from "./settle.ts";
import { foundAsAino, lock, tryPassword, unlock } from "./door.ts";

const system = useBrowserSystem();
let aino: Visitor;

/** As it is served: compressed where the server compresses. */
const MOST_SCRIPT_BYTES = 400_000;

describe("the door", () => {
  it("needs no more than 400 kB of script, its worker and the cryptography in it included", async () => {
    const { context } = await system.visit();
    const bytesByUrl = new Map<string, number>();
    context.on("response", (response) => {
      const { "content-type": type = "", "content-length": length } = response.headers();
      if (/javascript|wasm/.test(type)) bytesByUrl.set(response.url(), Number(length));
    });
    const page = await context.newPage();
    await page.goto(`${system.launcher.origin}/`);
    await page.getByRole("button", { name: "Found a practice" }).waitFor();
    await settle(page);
    const urls = [...bytesByUrl.keys()];
    expect(urls.filter((url) => url.includes("deviceWorker"))).toHaveLength(1);
    const sum = [...bytesByUrl.values()].reduce((all, bytes) => all + bytes, 0);
    expect(sum).toBeGreaterThan(200_000);
    expect(sum).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
  });

  it("founds a practice, shows its papers once, and leads inside", async () => {
    aino = await system.visit();
    const papers = await foundAsAino(system, aino);
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
