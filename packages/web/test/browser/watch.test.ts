import { describe, expect, it } from "vitest";

import { useBrowserSystem } from "./browserSystem.ts";

const system = useBrowserSystem();

describe("the watch over a page", () => {
  it("sees a script of somebody else's, markup from a string, an error and a request to a stranger", async () => {
    const { page, watch } = await system.visit();
    expect(watch.take()).toEqual([]);

    await page
      .evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "globalThis.isHere = true";
        document.body.append(script);
      })
      .catch(() => undefined);
    await expect.poll(() => watch.take().join()).toMatch(/violate|policy/i);

    const isRefused = await page
      .evaluate(() => {
        document.body.innerHTML = "<b>markup</b>";
        return false;
      })
      .catch(() => true);
    expect(isRefused).toBe(true);
    watch.take();

    await page.evaluate(() => void fetch("http://127.0.0.1:9/").catch(() => undefined));
    await expect.poll(() => watch.take().join()).toMatch(/policy violated: connect-src/);

    await page.evaluate(() => void setTimeout(() => Reflect.get(null as never, "x"), 0));
    await expect.poll(() => watch.take().join()).toMatch(/uncaught/);

    await page.evaluate(() => console.error("said aloud"));
    await expect.poll(() => watch.take().join()).toMatch(/said aloud/);
  });
});
