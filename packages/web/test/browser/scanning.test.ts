import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";

import { useBrowserSystem } from "./browserSystem.ts";
import { foundAsAino, goTo, showCode, unlock } from "./door.ts";
import { showToCamera } from "./fakeCamera.ts";
import { openChromium, type TestBrowser } from "./openChromium.ts";
import { watch, type Watch } from "./watch.ts";

const folder = mkdtempSync(join(tmpdir(), "sinetti-camera-"));
const film = join(folder, "camera.y4m");
const CAMERA = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];
const system = useBrowserSystem();
let browser: TestBrowser;
let aino: { context: BrowserContext; page: Page; watch: Watch };

beforeAll(async () => {
  showToCamera(film, null);
  browser = await openChromium(inject("browser"), CAMERA);
  const context = await browser.newContext({ locale: "en-GB" });
  const { origin, services } = system.launcher;
  const watched = await watch(context, [origin, ...Object.values(services)]);
  aino = { context, page: await context.newPage(), watch: watched };
  await aino.page.goto(`${origin}/`);
  await foundAsAino(system, aino);
  await goTo(aino.page, "People");
  await aino.page.getByRole("button", { name: "Let a device in" }).click();
});
afterEach(() => {
  const seen = aino.watch.take();
  if (seen.length > 0) throw new Error(seen.join("\n"));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the code of a new device", () => {
  it("can still be typed where the camera is not allowed", async () => {
    const dialog = aino.page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Scan it with the camera" }).click();
    await dialog.getByText("This browser was not allowed to use the camera.").waitFor();
    await dialog.getByRole("button", { name: "Put this away" }).click();
    expect(await dialog.getByLabel("Code", { exact: true }).isEditable()).toBe(true);
  });

  it("is read off its screen by the camera, which is off again then", async () => {
    const other = await system.visit();
    const code = await showCode(other.page, { isNewPerson: false });
    showToCamera(film, code);
    await aino.context.grantPermissions(["camera"], { origin: system.launcher.origin });
    const dialog = aino.page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Scan it with the camera" }).click();
    await dialog.getByText("The code is read.").waitFor();
    expect(await dialog.getByLabel("Code", { exact: true }).inputValue()).toBe(code);
    expect(await dialog.locator("video").count()).toBe(0);
    await dialog.getByRole("button", { name: "Let it in" }).click();
    await dialog.getByText("Unlock the other device now.").waitFor();
    await unlock(other.page);
  });
});
