import type { Page } from "playwright-core";
import { beforeAll, describe, expect, inject, it } from "vitest";

import { formOf } from "../../../../tools/hostNetwork.ts";
import { startServedHosts, type ServedHosts } from "../../../../tools/servedHosts.ts";
import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { foundAsAino, goTo, lock, unlock } from "./door.ts";
import { openChromium } from "./openChromium.ts";
import { openRecord, registerPatient, signNote, writeNote } from "./records.ts";
import { seatStaff } from "./staff.ts";

const form = formOf();
let hosts: ServedHosts;
const system = useBrowserSystem(
  [],
  async () => {
    hosts = await startServedHosts(form, inject("browser"));
    return { ...hosts, data: hosts.folder, shift: () => undefined };
  },
  () => openChromium(hosts.browser, hosts.browser.flags),
);

const NOTE = "slept five nights of seven";
let phone: Visitor;
let reception: Visitor;

/** Goes to a screen on a phone, whose navigation is behind a button. */
async function openMenu(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Menu" }).click();
}

beforeAll(async () => {
  phone = await system.visit({ viewport: { width: 360, height: 780 }, hasTouch: true });
  await foundAsAino(system, phone);
  await openMenu(phone.page);
  const staff = { office: { name: "Sari Toivonen", role: "office" } };
  ({ office: reception } = await seatStaff(system, phone, staff));
});

describe(`a day on four hosts as ${form}, over TLS`, () => {
  it("at the phone: somebody is registered, and a note is written, signed and read again after a lock", async () => {
    const { page } = phone;
    await openMenu(page);
    await registerPatient(page, { given: "Maija", family: "Korhonen", phone: "+358 40 1234567" });
    await writeNote(page, NOTE);
    await signNote(page, NOTE);
    await lock(page);
    await unlock(page);
    await openMenu(page);
    await openRecord(page, "Maija Korhonen");
    await page.getByText(NOTE).first().waitFor();
    expect(new URL(page.url()).origin).toBe(system.launcher.origin);
  });

  it("at reception: who calls is found, is given a time, and nothing of the note is there", async () => {
    const { page, watch } = reception;
    // Nobody has written a payer down yet: the vault is asked once for the file that would hold it.
    watch.expect(/status of 404/);
    await goTo(page, "Find");
    await page.getByRole("textbox", { name: "Phone" }).fill("040 1234567");
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await page.getByRole("link", { name: "Maija Korhonen" }).click();
    await page.getByRole("button", { name: "Book", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Book Maija Korhonen" });
    await dialog.getByLabel("Time", { exact: true }).fill("11:30");
    await dialog.getByRole("button", { name: "Book", exact: true }).click();
    await page.getByRole("status").filter({ hasText: "Booked: today 11:30." }).waitFor();
    expect(await page.locator("body").innerText()).not.toContain(NOTE);
  });

  it("at the phone: the time that reception gave is in the calendar", async () => {
    const { page } = phone;
    await openMenu(page);
    await goTo(page, "Calendar");
    const booked = page.getByRole("button", { name: /11:30.*Maija/ });
    await booked.waitFor();
    expect(await booked.count()).toBe(1);
  });

  it("at the phone: whoever looks after it sees when each host looked at its own database", async () => {
    const { page } = phone;
    await openMenu(page);
    await goTo(page, "Database safety");
    const looks = page.getByRole("region", { name: "Last looks" }).getByText(/looked at today/);
    await looks.nth(2).waitFor();
    expect(await looks.count()).toBe(3);
  });

  it("on the hosts: each proves that it reaches its own database and nothing of the others, where firewalls stand between them", async () => {
    const found = await hosts.check();
    const wrong = Object.values(found).flatMap((host) => host.wrong);
    expect(Object.keys(found).sort()).toEqual(["app", "gate", "what", "who"]);
    // Addresses of one host are open to each other, and each host says so of the three others.
    const isBehindWalls = form === "namespaces";
    expect(isBehindWalls ? wrong : wrong.length >= 12).toEqual(isBehindWalls ? [] : true);
  });
});
