import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { beginAgain, foundAsAino, goTo } from "./door.ts";
import { focusComesTo } from "./keys.ts";
import { enterRoom, openRecord, registerPatient } from "./records.ts";

const system = useBrowserSystem();
let aino: Visitor;
let page: Page;

/** One picture of one point. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

beforeAll(async () => {
  aino = await system.visit();
  ({ page } = aino);
  await foundAsAino(system, aino);
  await registerPatient(page, { given: "Maija", family: "Korhonen" });
});

/** A room of the record, from wherever the test before has ended. */
async function enterRoomOf(room: string): Promise<void> {
  await openRecord(page, "Maija Korhonen");
  await enterRoom(page, room);
}

const signed = (): Promise<void> => page.getByText("It stands in the record").waitFor();
const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
const article = (title: string | RegExp): Locator =>
  page.getByRole("article").filter({ has: page.getByRole("heading", { name: title }) });

/** Takes back what an article shows. */
async function takeBack(from: Locator, reason: string): Promise<void> {
  await from.getByRole("button", { name: "Take back" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: "Take back" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Lets files fall into the room of documents. */
async function drop(files: readonly { name: string; type: string; base64: string }[]) {
  const dropped = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, files);
  const zone = page.getByText("Drop documents here");
  await zone.dispatchEvent("dragenter", { dataTransfer: dropped });
  await zone.dispatchEvent("drop", { dataTransfer: dropped });
}

describe("the rooms of a record", () => {
  it("measures: a key an item, an alert before the session ends, and the score in the record, on Today and in the caseload", async () => {
    await enterRoomOf("Measures");
    await button("Take a measure").click();
    await page.getByRole("menuitem", { name: /PHQ-9/ }).click();
    await page.getByRole("radio").first().waitFor();
    await page.keyboard.type("000000002");
    const alert = page.getByRole("alert").filter({ hasText: "Item on self-harm above 0" });
    await alert.waitFor();
    await page.getByText("2 of 27").waitFor();
    await button("Record it").click();
    await page.getByText("Recorded.").waitFor();

    await beginAgain(page);
    const section = page.getByRole("region", { name: "PHQ-9" });
    await section.getByText("2 / 27").waitFor();
    expect(await section.getByRole("alert").innerText()).toContain("Item on self-harm above 0");
    await section.getByRole("button", { name: "Open risk and safety plan" }).click();
    await page.getByText("No risk assessment yet").waitFor();
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByText(/PHQ-9 2, .*an answer to look at/).waitFor();
    await page.getByRole("button", { name: /^Mark as seen: Maija Korhonen/ }).click();
    await page.getByText(/^seen today/).waitFor();
    await goTo(page, "Caseload");
    await page
      .getByRole("row")
      .filter({ hasText: "Maija Korhonen" })
      .getByText("PHQ-9 2")
      .filter({ visible: true })
      .waitFor();
  });

  it("plan: an objective with its target, which the next note can name", async () => {
    await enterRoomOf("Plan");
    await button("Write a plan").click();
    await page.getByLabel("Problem").fill("Avoids the bus");
    await button("Add an objective").click();
    const objective = page.getByRole("group", { name: "Objective 1" });
    await objective.getByLabel("What will be different").fill("Rides two stops alone");
    await objective.getByLabel("Target").fill("twice a week");
    await button("Sign the plan").click();
    await signed();
    await page.getByRole("cell", { name: "Rides two stops alone" }).waitFor();

    await beginAgain(page);
    await page.getByRole("cell", { name: "twice a week" }).waitFor();
    await button("Write a note").click();
    await page.getByRole("checkbox", { name: "Rides two stops alone" }).waitFor();
    expect(await page.getByRole("checkbox", { name: "Rides two stops alone" }).isChecked()).toBe(
      false,
    );
    await button("Close").click();
  });

  it("diagnoses: a code, and its next version, under which the first stays readable", async () => {
    await enterRoomOf("Diagnoses");
    await button("Add a diagnosis").click();
    await page.getByLabel("Code").fill("F40.0");
    await page.getByLabel("In words").fill("Agoraphobia");
    await button("Sign the diagnosis").click();
    await signed();
    const line = article(/F40\.0/);
    await line.getByText("confirmed").waitFor();
    await line.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("State").selectOption({ label: "remission" });
    await button("Sign the diagnosis").click();
    await signed();

    await beginAgain(page);
    await line.getByText("remission").waitFor();
    await line.getByRole("button", { name: "Show the earlier version" }).click();
    await line.getByText(/main diagnosis · active/).waitFor();
    expect(await line.getByText(/main diagnosis/).count()).toBe(2);
  });

  it("risk: a safety plan, and that it was printed stands in the record", async () => {
    await enterRoomOf("Risk and safety");
    await button("Assess risk").click();
    await page.getByLabel("Risk now").selectOption({ label: "high risk" });
    await page.getByLabel("What was asked, and what was heard").fill("Thoughts, no plan");
    await page.getByLabel("Warning signs").fill("Sleepless\nStays in bed");
    await page.getByLabel("Whom I can call").fill("Sister");
    await button("Sign").click();
    await signed();
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute("data-printed", "");
    });
    await button("Print the safety plan").click();
    await page.locator("body[data-printed]").waitFor();

    await beginAgain(page);
    await page.getByText("Stays in bed").waitFor();
    expect(await article("Risk and safety plan").innerText()).toContain("high risk");
    await enterRoom(page, "Timeline");
    await page.getByText("Given out").first().waitFor();
  });

  it("documents: dropped, sealed, shown where a browser may draw them, and not otherwise", async () => {
    await enterRoomOf("Documents");
    await page.getByText("No document yet").waitFor();
    await drop([
      { name: "Family tree.png", type: "image/png", base64: PNG },
      { name: "Referral.pdf", type: "application/pdf", base64: btoa("%PDF-1.7\n%%EOF\n") },
    ]);
    const entries = page.getByRole("article");
    await entries.filter({ hasText: "Referral.pdf" }).waitFor();
    await entries.filter({ hasText: "Family tree.png" }).waitFor();

    await beginAgain(page);
    const show = (name: string): Promise<void> =>
      entries.filter({ hasText: name }).getByRole("button", { name: "Show", exact: true }).click();
    await show("Family tree.png");
    const picture = page.getByRole("dialog").getByRole("img", { name: "Family tree.png" });
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((each) => (each as HTMLImageElement).naturalWidth))
      .toBe(1);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await focusComesTo(
      entries.filter({ hasText: "Family tree.png" }).getByRole("button", { name: "Show" }),
    );
    await show("Referral.pdf");
    await page.getByRole("dialog").getByText("Sinetti draws no PDF").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("process notes: one's own, with a warning of what belongs in the record", async () => {
    await enterRoomOf("Process notes");
    await button("Write a process note").click();
    await page.getByLabel("Text").fill("I feel heavy after her. Sertraline 50 mg since Monday.");
    const warning = page.getByRole("status").filter({ hasText: "This may belong in the record" });
    await warning
      .getByText(/medication/)
      .first()
      .waitFor();
    await button("Sign").click();
    await page.getByText("Signed.").waitFor();

    await beginAgain(page);
    const note = page.getByRole("article").filter({ hasText: "I feel heavy after her." });
    await note.waitFor();
    expect(await note.innerText()).toContain("May belong in the record: medication");
  });

  it("access: who can open it, who did, and what a thief would see: none of the words beside it", async () => {
    await enterRoomOf("Access");
    await page.getByText("Aino Laine (you)").waitFor();
    await page.getByText("Who opened it", { exact: true }).click();
    await page.getByRole("cell", { name: "Aino Laine (you)" }).first().waitFor();
    await page.getByText("What a thief would see", { exact: true }).click();
    await page.getByRole("heading", { name: "The vault of what" }).waitFor();
    const all = page.getByRole("button", { name: /^Show all/ });
    while ((await all.count()) > 0) await all.first().click();
    const stolen = (await page.locator("main pre").allInnerTexts()).join("\n");
    expect(stolen.length).toBeGreaterThan(1_000);
    expect(stolen).not.toMatch(/Maija|Korhonen|bus|Agoraphobia|Sleepless|Referral|heavy|Thoughts/i);
    const seen = await page.locator("main").innerText();
    expect(seen).toContain("Maija Korhonen");
    expect(seen).toContain("Thoughts, no plan");
  });

  it("care: its end shows in the caseload, and is gone from there when it is taken back", async () => {
    await enterRoomOf("Care");
    await button("End the treatment").click();
    await page.getByLabel("Summary of the treatment").fill("Rides the bus again.");
    await button("Sign and end the treatment").click();
    await signed();
    await page.getByText(/Aino Laine · ended/).waitFor();
    await goTo(page, "Caseload");
    const row = page.getByRole("row").filter({ hasText: "Maija Korhonen" });
    await row.getByText("Ended").waitFor();

    await enterRoomOf("Care");
    await takeBack(article(/Treatment ended/), "She goes on");
    await button("I am responsible from today").click();
    await page.getByText(/Aino Laine · under way/).waitFor();
    await goTo(page, "Caseload");
    await row.waitFor();
    await beginAgain(page);
    await row.waitFor();
    expect(await row.getByText("Ended").count()).toBe(0);
  });
});
