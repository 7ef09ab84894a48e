import type { Page } from "playwright-core";

import { isInside } from "./door.ts";
import { listPlaces, type Listing, type Place } from "./screenList.ts";
import { settle } from "./settle.ts";

/** The invented staff of a demonstration, in an order in which each has screens that nobody before them has. */
export const STAFF = [
  { name: "Aino Laine", roles: ["therapist"] },
  { name: "Sari Toivonen", roles: ["office"] },
  { name: "Helena Ranta", roles: ["privacy"] },
  { name: "Veikko Salmi", roles: ["admin"] },
] as const;

/** Others than these look alike to everybody, and are looked at once. */
const EACH_THEIR_OWN = new Set(["today", "calendar", "patient", "invoices", "retention"]);

/** In as one of them, by the one click of a demonstration. */
export async function enterAs(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await isInside(page);
  await settle(page);
}

/** What one of them can look at that nobody else has looked at yet; `seen` learns who has. */
export async function listUnseen(
  page: Page,
  { name: person, roles }: { readonly name: string; readonly roles: readonly string[] },
  { seen, ...listing }: { seen: Map<string, string> } & Listing,
): Promise<Place[]> {
  const places = (await listPlaces(page, roles, listing)).filter(
    ({ name }) => EACH_THEIR_OWN.has(name) || (seen.get(name) ?? person) === person,
  );
  for (const { name } of places) seen.set(name, seen.get(name) ?? person);
  return places;
}
