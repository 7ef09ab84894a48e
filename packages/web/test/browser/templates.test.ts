import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo } from "./door.ts";
import { registerPatient, signNote } from "./records.ts";

const system = useBrowserSystem();
let aino: Visitor;

beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
});

describe("a template of the practice's own", () => {
  it("is written on, keeps a note's headings when it changes, and is offered no more when it is retired", async () => {
    const { page } = aino;
    await goTo(page, "Note templates");
    await page.getByRole("button", { name: "Make a template" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Give it a name.").waitFor();
    await page.getByLabel("Name of the template").fill("EMDR");
    await page.getByLabel("Heading").fill("Target");
    await page
      .getByLabel("Hint, what belongs here")
      .fill("The worst moment, in the patient's words");
    const preview = page.getByRole("region", { name: "So it will look in the note editor" });
    expect(await preview.innerText()).toContain("The worst moment");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row", { name: /EMDR/ }).waitFor();

    await registerPatient(page, { given: "Maija", family: "Korhonen" });
    await page.getByRole("button", { name: "Write a note" }).click();
    await page.getByLabel("Template").selectOption({ label: "EMDR" });
    await page.getByText("The worst moment, in the patient's words").waitFor();
    await page.getByRole("textbox", { name: "Target" }).fill("the bus that did not stop");
    await signNote(page, "the bus that did not stop");

    await goTo(page, "Note templates");
    const row = page.getByRole("row", { name: /EMDR/ });
    await row.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("Heading").fill("Aim");
    await page.getByRole("button", { name: "Save" }).click();
    await row.getByRole("button", { name: "Retire" }).click();
    await row.getByText("retired").waitFor();

    await goTo(page, "Caseload");
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByText("the bus that did not stop").first().waitFor();
    const main = page.getByRole("main");
    expect(await main.innerText()).toContain("Target");
    expect(await main.innerText()).not.toContain("Aim");
    await page.getByRole("button", { name: "Write a note" }).click();
    await page.getByLabel("Template").waitFor();
    expect(await page.getByLabel("Template").innerText()).not.toContain("EMDR");
  });
});
