import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo } from "./door.ts";
import { registerPatient } from "./records.ts";
import { seatStaff } from "./staff.ts";

const system = useBrowserSystem();
let aino: Visitor;
let sari: Visitor;

/** A therapist who has worked alone, with a calendar and a patient, and hires reception. */
beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
  await registerPatient(aino.page, {
    given: "Maija",
    family: "Korhonen",
    phone: "+358 40 1234567",
  });
  await goTo(aino.page, "Calendar");
  await aino.page.getByRole("button", { name: "Book on" }).first().waitFor({ state: "attached" });
  ({ sari } = await seatStaff(system, aino, { sari: { name: "Sari Toivonen", role: "office" } }));
});

describe("reception that comes after the patients", () => {
  it("is let in by their therapist, whom Today asks", async () => {
    const { page } = aino;
    await page.getByRole("link", { name: "Today" }).click();
    const heading = page.getByRole("heading", { name: "The office does not know everybody" });
    await heading.waitFor();
    await page.getByText("One of your patients was registered").waitFor();
    await page.getByRole("button", { name: "Let the office find them" }).click();
    await expect.poll(() => heading.count()).toBe(0);
  });

  it("finds them then, and has the calendar", async () => {
    const { page, watch } = sari;
    // Nobody has written a payer down yet: the vault is asked once for the file that would hold it.
    watch.expect(/status of 404/);
    await goTo(page, "Find");
    await page.getByRole("textbox", { name: "Phone" }).fill("040 1234567");
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await page.getByRole("link", { name: "Maija Korhonen" }).waitFor();
    await goTo(page, "Calendar");
    await page.getByRole("button", { name: "Book on" }).first().waitFor({ state: "attached" });
    expect(await page.getByText("Not open to you").count()).toBe(0);
  });
});
