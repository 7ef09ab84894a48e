import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { findBarriers } from "./axe.ts";
import { useBrowserSystem } from "./browserSystem.ts";
import { isInside } from "./door.ts";
import { findLosses, findLossesAtEdges } from "./losses.ts";
import { listPlaces, settle, showPlace } from "./screenList.ts";

const system = useBrowserSystem(["--demo"]);

/** The invented staff, and which of their screens nobody before them has. */
const STAFF = [
  { name: "Aino Laine", roles: ["therapist"] },
  { name: "Sari Toivonen", roles: ["office"] },
  { name: "Helena Ranta", roles: ["privacy"] },
  { name: "Veikko Salmi", roles: ["admin"] },
] as const;
/** Others than these look alike to everybody, and are looked at once. */
const EACH_THEIR_OWN = new Set(["today", "people"]);
const seen = new Set<string>();

async function enter(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await isInside(page);
  await settle(page);
}

async function findWrong(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await settle(page);
    wrong.push(...(await findBarriers(page)).map((each) => `${colorScheme}: ${each}`));
  }
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
      await enter(page, name);
      const places = (await listPlaces(page, roles)).filter(
        (place) => EACH_THEIR_OWN.has(place.name) || !seen.has(place.name),
      );
      const wrong: Record<string, string[]> = {};
      for (const place of places) {
        seen.add(place.name);
        await showPlace(page, place);
        const found = await findWrong(page);
        if (found.length > 0) wrong[place.name] = found;
      }
      expect(wrong).toEqual({});
    },
    300_000,
  );

  it("say the same in Finnish, and lose nothing of it", async () => {
    const { page } = await system.visit({ locale: "fi-FI", viewport: { width: 360, height: 780 } });
    await enter(page, "Aino Laine");
    const wrong: Record<string, string[]> = {};
    for (const place of (await listPlaces(page, ["therapist"])).filter(
      ({ press }) => press === null,
    )) {
      await showPlace(page, place, "fi");
      const found = await findLosses(page);
      if (found.length > 0) wrong[place.name] = found;
    }
    expect(wrong).toEqual({});
  });
});
