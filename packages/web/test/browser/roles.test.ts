import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, unlock } from "./door.ts";
import { enterRoom, openRecord, registerPatient, signNote, writeNote } from "./records.ts";
import { listScreens } from "./screenList.ts";
import { seatStaff } from "./staff.ts";

const system = useBrowserSystem();
const PEOPLE = {
  office: { name: "Sari Toivonen", role: "office" },
  privacy: { name: "Helena Ranta", role: "privacy officer" },
  admin: { name: "Veikko Salmi", role: "administrator" },
  supervisor: { name: "Mikael Sandström", role: "supervisor" },
  therapist: { name: "Eero Niemi", role: "therapist" },
} as const;
type Role = keyof typeof PEOPLE;

/** What stands in the navigation of each role, and what never does. */
const SCREENS = {
  office: {
    has: ["Today", "Calendar", "Find", "Invoices", "People", "Settings"],
    never: ["Caseload", "Supervision", "Import", "Openings", "Retention", "Database safety"],
  },
  privacy: {
    has: ["Openings", "Database safety", "People", "Settings"],
    never: ["Calendar", "Caseload", "Supervision", "Find", "Invoices", "Import"],
  },
  admin: {
    has: ["Invoices", "Retention", "Database safety", "People", "Settings"],
    never: ["Today", "Calendar", "Caseload", "Supervision", "Find", "Import", "Openings"],
  },
  supervisor: {
    has: ["Today", "Supervision", "People", "Settings"],
    never: ["Calendar", "Caseload", "Find", "Invoices", "Import", "Openings", "Database safety"],
  },
  therapist: {
    has: ["Today", "Calendar", "Caseload", "Invoices", "Import", "Retention", "People", "Settings"],
    never: ["Supervision", "Find", "Openings", "Database safety"],
  },
} as const satisfies Record<Role, Record<"has" | "never", readonly string[]>>;

/** Who registers patients, and so may begin that from the palette. */
const REGISTERS: readonly Role[] = ["office", "therapist"];

/** Words of a record: nobody but who was granted it may come upon one. */
const CARE = /slept five nights|Subjective|Write a note|Treatment|Diagnos/i;
const PATIENT = /Maija|Korhonen/;

let aino: Visitor;
let staff: Record<Role, Visitor>;
let record = "";

beforeAll(async () => {
  aino = await system.visit();
  await foundAsAino(system, aino);
  staff = await seatStaff(system, aino, PEOPLE);
  const { page } = aino;
  await registerPatient(page, { given: "Maija", family: "Korhonen", phone: "+358 40 1234567" });
  record = new URL(page.url()).pathname;
  await writeNote(page, "slept five nights of seven");
  await signNote(page, "slept five nights of seven");
});

/** Follows an address of this session, as a link would. */
const goStraight = (page: Page, path: string): Promise<void> =>
  page.evaluate((to) => history.pushState(null, "", to), path);
const textOf = (page: Page): Promise<string> => page.locator("body").innerText();

describe.each(Object.keys(PEOPLE) as Role[])("the role %s", (role) => {
  it("has its own screens in the navigation and in the palette, and no other", async () => {
    const { page } = staff[role];
    const { has, never } = SCREENS[role];
    const links = page.getByRole("navigation", { name: "Screens" }).getByRole("link");
    const names = await links.allInnerTexts();
    expect(names).toEqual(expect.arrayContaining([...has]));
    expect(names.filter((name) => (never as readonly string[]).includes(name))).toEqual([]);
    await page.keyboard.press("Control+k");
    const actions = page.locator("[data-action]");
    await actions.first().waitFor();
    const entries = await actions.allInnerTexts();
    const begins = REGISTERS.includes(role) ? ["Register a patient"] : [];
    expect(entries).toEqual([...names, ...begins, "Lock"]);
    await page.keyboard.press("Escape");
  });

  it("is told at every other address that nothing of it is there", async () => {
    const { page } = staff[role];
    const patient = record.replace("/records/", "");
    const others = listScreens().filter(
      ({ path, roles }) => !path.includes("#") && roles !== null && !roles.includes(role),
    );
    expect(others.length).toBeGreaterThan(1);
    for (const { path } of others) {
      await goTo(page, "Settings");
      await goStraight(page, path.replace("$patient", patient).replaceAll(/\$\w+/g, "1"));
      await page.getByRole("heading", { name: "Nothing of yours is here" }).waitFor();
      expect(await textOf(page)).not.toMatch(PATIENT);
    }
    await page.getByRole("link", { name: /^Go to: / }).click();
    await page.getByText("Nothing of yours is here").waitFor({ state: "detached" });
  });

  it("adds people and changes their roles as an administrator alone", async () => {
    const { page } = staff[role];
    await goTo(page, "People");
    await page.getByRole("button", { name: "Aino Laine" }).waitFor();
    const isAdmin = role === "admin" ? 1 : 0;
    expect(await page.getByRole("button", { name: "Add a person" }).count()).toBe(isAdmin);
    await page.getByRole("button", { name: "Eero Niemi" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    expect(await dialog.getByRole("button", { name: "Change the roles" }).count()).toBe(isAdmin);
    await page.keyboard.press("Escape");
  });
});

describe("what a role sees of a patient", () => {
  it("office: finds the caller, reaches and bills them, and sees no care", async () => {
    const { page, watch } = staff.office;
    // Nobody has written a payer down yet: the vault is asked once for the file that would hold it.
    watch.expect(/status of 404/);
    await goTo(page, "Find");
    await page.getByRole("textbox", { name: "Phone" }).fill("040 1234567");
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByText("+358 40 1234567").waitFor();
    await page.getByRole("link", { name: "Bill sessions" }).waitFor();
    await page.getByText("Nobody but the patient pays").waitFor();
    expect(await textOf(page)).not.toMatch(CARE);
    expect(await page.locator('a[href^="/records"]').count()).toBe(0);
  });

  it("office: an address of a record that is typed opens nothing, also right after the unlocking", async () => {
    const { page } = staff.office;
    await page.goto(system.launcher.origin + record);
    await unlock(page);
    await page.getByRole("heading", { name: "Nothing of yours is here" }).waitFor();
    expect(await textOf(page)).not.toMatch(CARE);
  });

  it("privacy officer: who opened something, when and why, and never whose it is", async () => {
    const { page } = staff.privacy;
    await goTo(page, "Openings");
    await page.getByText("All", { exact: true }).click();
    await page.getByRole("button", { name: "Read again" }).click();
    await page.getByRole("row").filter({ hasText: "Sari Toivonen" }).first().waitFor();
    const text = await textOf(page);
    expect(text).not.toMatch(PATIENT);
    expect(await page.locator('main a[href^="/records"], main a[href^="/patients"]').count()).toBe(
      0,
    );
  });

  it("administrator: in whose name is billed and how long is kept, and nobody's bill or name", async () => {
    const { page } = staff.admin;
    await goTo(page, "Invoices");
    await page.getByRole("heading", { name: "In whose name" }).waitFor();
    expect(await page.getByRole("heading", { name: "To be billed" }).count()).toBe(0);
    await page.getByRole("link", { name: "Retention" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.getByRole("heading", { name: "Your patients" }).count()).toBe(0);
    expect(await page.getByRole("heading", { name: "Erase one record" }).count()).toBe(0);
    expect(await textOf(page)).not.toMatch(PATIENT);
  });

  it("therapist: a record that a colleague holds stays closed until they grant it", async () => {
    const { page } = staff.therapist;
    await goTo(page, "Caseload");
    await page.getByText("No patients yet").waitFor();
    staff.therapist.watch.expect(/status of 40[34]/);
    await goStraight(page, record);
    await page.getByRole("alert").getByText("Whoever holds it can grant it to you").waitFor();
    expect(await textOf(page)).not.toMatch(PATIENT);
    expect(await page.getByRole("button", { name: "Write a note" }).count()).toBe(0);
  });

  it("therapist: reads what was granted for supervision, and finds nothing to write there", async () => {
    await openRecord(aino.page, "Maija Korhonen");
    await enterRoom(aino.page, "Access");
    await aino.page.getByRole("button", { name: "Grant to a colleague" }).click();
    const form = aino.page.getByRole("dialog");
    await form.getByLabel("To whom").selectOption({ label: "Eero Niemi" });
    await form.getByLabel("Why").selectOption({ label: "for supervision" });
    await form.getByRole("button", { name: "Grant", exact: true }).click();
    await form.waitFor({ state: "detached" });

    const { page } = staff.therapist;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("slept five nights of seven").first().waitFor();
    for (const name of ["Write a note", "Couple or group"])
      expect(await page.getByRole("button", { name }).count()).toBe(0);
    await enterRoom(page, "Plan");
    await page.getByText("There is no plan yet.").waitFor();
    expect(await page.getByRole("button", { name: "Write a plan" }).count()).toBe(0);
    await enterRoom(page, "Access");
    await page.getByText("Eero Niemi (you)").waitFor();
    expect(await page.getByRole("button", { name: /Grant|Revoke/ }).count()).toBe(0);
  });

  it("supervisor: opens nothing and finds nothing to do before a record is granted", async () => {
    const { page, watch } = staff.supervisor;
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByText("No record is granted to you for supervision yet").waitFor();
    await goTo(page, "Supervision");
    await page.getByText("No record is granted to you for supervision yet").waitFor();
    watch.expect(/status of 40[34]/);
    await goStraight(page, record);
    await page.getByRole("alert").waitFor();
    expect(await textOf(page)).not.toMatch(PATIENT);
    expect(await page.locator("main").innerText()).not.toMatch(CARE);
  });

  it("supervisor: reads what was granted, under a code that the therapist sees too, and writes nothing", async () => {
    await openRecord(aino.page, "Maija Korhonen");
    await enterRoom(aino.page, "Access");
    await aino.page.getByRole("button", { name: "Grant to a colleague" }).click();
    const form = aino.page.getByRole("dialog");
    await form.getByLabel("To whom").selectOption({ label: PEOPLE.supervisor.name });
    await form.getByLabel("Why").selectOption({ label: "for supervision" });
    const called = await form.getByText("They read no name").innerText();
    await form.getByRole("button", { name: "Grant", exact: true }).click();
    await form.waitFor({ state: "detached" });
    const code = /record ([0-9A-F]{3}-[0-9A-F]{3})/.exec(called)?.[1] ?? "";
    await aino.page.getByText(`to them this is record ${code}`).waitFor();

    const { page } = staff.supervisor;
    await goTo(page, "Supervision");
    const row = page.getByRole("row").filter({ hasText: `Record ${code}` });
    await row.getByText("by Aino Laine").last().waitFor();
    await row.getByText("you have not looked on this device").waitFor();
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByText("One record has something that you have not looked at.").waitFor();
    await page.getByRole("link", { name: "To the records" }).click();
    await row.getByRole("link", { name: `Record ${code}` }).click();
    await page.getByRole("heading", { level: 1, name: `Record ${code}` }).waitFor();
    await page.getByText("slept five nights of seven").first().waitFor();
    for (const name of ["Write a note", "Couple or group", "Countersign"])
      expect(await page.getByRole("button", { name }).count()).toBe(0);
    const rooms = page.getByRole("navigation", { name: "Rooms of the record" });
    expect(await rooms.getByRole("tab", { name: "Process notes" }).count()).toBe(0);
    expect(await textOf(page)).not.toMatch(PATIENT);
    await enterRoom(page, "Access");
    await page.getByText("Who opened it", { exact: true }).click();
    await page.getByText("supervision", { exact: false }).first().waitFor();
  });

  it("supervisor: finds what was looked at looked at, what is new told apart, and nothing once it is taken back", async () => {
    const { page } = staff.supervisor;
    await goTo(page, "Supervision");
    await page.getByText("Nothing new since you looked").waitFor();
    await openRecord(aino.page, "Maija Korhonen");
    await writeNote(aino.page, "walked each morning");
    await signNote(aino.page, "walked each morning");
    await page.getByText("One new entry since you looked").waitFor();

    await enterRoom(aino.page, "Access");
    const held = aino.page.getByText(PEOPLE.supervisor.name, { exact: true });
    await held.waitFor();
    const revoke = aino.page.getByRole("button", { name: "Revoke", exact: true });
    await aino.page
      .locator("main div")
      .filter({ has: held })
      .filter({ has: revoke })
      .last()
      .getByRole("button")
      .click();
    await aino.page.getByRole("button", { name: "Revoke now" }).click();
    await held.waitFor({ state: "detached" });
    await page.getByText("No record is granted to you for supervision yet").waitFor();
    expect(await textOf(page)).not.toMatch(/Record [0-9A-F]{3}-/);
  });

  it("therapist: is told at the next look that the grant was taken back, and keeps nothing on the screen", async () => {
    const revoke = aino.page.getByRole("button", { name: "Revoke", exact: true });
    await revoke.click();
    await aino.page.getByRole("button", { name: "Revoke now" }).click();
    await revoke.waitFor({ state: "detached" });
    const { page } = staff.therapist;
    await goTo(page, "Settings");
    await goStraight(page, record);
    await page.getByRole("alert").waitFor();
    expect(await page.locator("main").innerText()).not.toMatch(CARE);
  });
});
