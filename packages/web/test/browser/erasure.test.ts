import { readFileSync } from "node:fs";

import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo } from "./door.ts";
import { registerPatient } from "./records.ts";
import { seatStaff } from "./staff.ts";

const system = useBrowserSystem();
let aino: Visitor;
let helena: Visitor;

beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
  await registerPatient(aino.page, { given: "Maija", family: "Korhonen" });
  await goTo(aino.page, "Retention");
  await aino.page.getByRole("radio", { name: "Finland" }).check();
  await aino.page.getByRole("button", { name: "Choose", exact: true }).click();
  await aino.page.getByText("All", { exact: true }).click();
});

async function choose(page: Page, name: string, what: string): Promise<void> {
  await page.getByRole("button", { name: `More about ${name}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
}

async function ask(page: Page): Promise<void> {
  await choose(page, "Maija Korhonen", "Erase");
  await page.getByRole("radio", { name: "The patient asked for it" }).check();
  await page.getByRole("button", { name: "Ask for the erasure" }).click();
  await page.getByText("Nothing is erased yet.").waitFor();
}

async function letHelenaIn(): Promise<Visitor> {
  const people = { helena: { name: "Helena Ranta", role: "privacy officer" } };
  return (await seatStaff(system, aino, people)).helena;
}

describe("an erasure", () => {
  it("waits a day where nobody else is, and can be taken back", async () => {
    const { page } = aino;
    await ask(page);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("You can finish it here from").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    const own = page.getByRole("region", { name: "Erasures of yours" });
    await own.getByText("Can be finished from").waitFor();
    expect(await own.getByRole("button", { name: "Finish the erasure" }).count()).toBe(0);
    await own.getByRole("button", { name: "Take it back" }).click();
    await own.waitFor({ state: "detached" });
  });

  it("is refused while a legal hold stands, which is shown", async () => {
    const { page } = aino;
    await registerPatient(page, { given: "Pekka", family: "Uusi" });
    await goTo(page, "Retention");
    await page.getByText("All", { exact: true }).click();
    await choose(page, "Pekka Uusi", "Legal hold");
    await page.getByRole("radio", { name: "A complaint" }).check();
    await page.getByRole("button", { name: "Hold the records" }).click();
    await page.getByText("A complaint, until it is lifted").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await choose(page, "Pekka Uusi", "Erase");
    await page.getByText("A legal hold stands").waitFor();
    expect(await page.getByRole("button", { name: "Ask for the erasure" }).count()).toBe(0);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  });

  it("takes a second person who knows its number, and ends with a certificate that names nobody", async () => {
    helena = await letHelenaIn();
    const { page } = aino;
    await goTo(page, "Retention");
    await page.getByText("All", { exact: true }).click();
    await ask(page);
    const number = (await page.getByRole("dialog").locator("pre").textContent()) ?? "";
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();

    const second = helena.page;
    await goTo(second, "Retention");
    const section = second.getByRole("region", { name: "Erasures that wait" });
    await section.getByText("Aino Laine asks for an erasure").waitFor();
    expect(await section.innerText()).not.toContain("Korhonen");
    await section.getByLabel("I have asked").check();
    await section.getByLabel("Number of the erasure").fill("00000000-00000000");
    await section.getByText("No erasure of this number waits.").waitFor();
    const approve = section.getByRole("button", { name: "Approve and erase" });
    expect(await approve.isDisabled()).toBe(true);
    await section.getByLabel("Number of the erasure").fill(number);
    await approve.click();
    await section.getByText("records are erased").waitFor();

    const own = page.getByRole("region", { name: "Erasures of yours" });
    await own.getByRole("button", { name: "Finish the erasure" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      own.getByRole("button", { name: "Certificate (PDF)" }).click(),
    ]);
    expect(
      readFileSync(await download.path())
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
    expect(await page.getByRole("main").innerText()).not.toContain("Korhonen");
    await goTo(page, "Caseload");
    await page.getByRole("link", { name: "Pekka Uusi" }).waitFor();
    expect(await page.getByRole("link", { name: "Maija Korhonen" }).count()).toBe(0);
  });

  it("is asked for by a privacy officer of one record by its id, who learns nothing of whose it is", async () => {
    await registerPatient(aino.page, { given: "Liisa", family: "Kolmas" });
    const id = new URL(aino.page.url()).pathname.split("/").at(-1) ?? "";
    const { page, watch } = helena;
    await page.getByRole("button", { name: "Ask for an erasure by id" }).click();
    const dialog = page.getByRole("dialog");
    const send = dialog.getByRole("button", { name: "Ask for the erasure" });
    await dialog.getByLabel("Id of the record").fill(id.slice(1));
    expect(await send.isDisabled()).toBe(true);
    watch.expect(/status of 404/);
    await dialog.getByLabel("Id of the record").fill("0".repeat(32));
    await send.click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Id of the record").fill(id);
    await send.click();
    await dialog.getByText("Nothing is erased yet.").waitFor();
    const number = (await dialog.locator("pre").textContent()) ?? "";
    expect(await page.locator("body").innerText()).not.toMatch(/Liisa|Kolmas/);

    await goTo(aino.page, "Retention");
    const section = aino.page.getByRole("region", { name: "Erasures that wait" });
    await section.getByText("Helena Ranta asks for an erasure").waitFor();
    await section.getByLabel("I have asked").check();
    await section.getByLabel("Number of the erasure").fill(number);
    await section.getByRole("button", { name: "Approve and erase" }).click();
    await section.getByText("is erased").waitFor();
  });
});
