import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { findBarriers } from "./axe.ts";
import { useBrowserSystem } from "./browserSystem.ts";
import { STAFF, enterAs, listUnseen } from "./demoStaff.ts";
import { findLosses, findLossesAtEdges } from "./losses.ts";
import { listPlaces, showPlace } from "./screenList.ts";
import { RECOLOURED_MS, settle } from "./settle.ts";

const system = useBrowserSystem(["--demo"]);

const seen = new Map<string, string>();
/** A walk through everything that somebody has, on a busy machine. */
const WALK_MS = 900_000;

async function findWrong(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  wrong.push(...(await findBarriers(page)).map((each) => `light: ${each}`));
  await page.emulateMedia({ colorScheme: "dark" });
  await settle(page, RECOLOURED_MS);
  const dark = await findBarriers(page, { coloursAlone: true });
  wrong.push(...dark.map((each) => `dark: ${each}`));
  await page.emulateMedia({ colorScheme: "light" });
  return [...wrong, ...(await findLossesAtEdges(page))];
}

describe("the screens", () => {
  it("are open to everybody at the door, in both colour schemes, narrow and large", async () => {
    const { page } = await system.visit();
    await settle(page);
    const wrong = [await findWrong(page)];
    await page.getByRole("button", { name: "Found a practice" }).click();
    wrong.push(await findWrong(page));
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("button", { name: "Add this browser as a device" }).click();
    wrong.push(await findWrong(page));
    expect(wrong.flat()).toEqual([]);
  });

  it.each(STAFF)(
    "are open to everybody inside: $name",
    async ({ name, roles }) => {
      const { page } = await system.visit();
      await enterAs(page, name);
      const wrong: Record<string, string[]> = {};
      for (const place of await listUnseen(page, { name, roles }, { seen })) {
        await showPlace(page, place);
        const found = await findWrong(page);
        if (found.length > 0) wrong[place.name] = found;
      }
      expect(wrong).toEqual({});
    },
    WALK_MS,
  );

  it(
    "say the same in Finnish, and lose nothing of it",
    async () => {
      const { page } = await system.visit({
        locale: "fi-FI",
        viewport: { width: 360, height: 780 },
      });
      await enterAs(page, "Aino Laine");
      const wrong: Record<string, string[]> = {};
      for (const place of await listPlaces(page, ["therapist"], { language: "fi" })) {
        await showPlace(page, place, "fi");
        const found = await findLosses(page);
        if (found.length > 0) wrong[place.name] = found;
      }
      expect(wrong).toEqual({});
    },
    WALK_MS,
  );
});
