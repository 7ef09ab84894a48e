import type { Locator } from "playwright-core";
import { vi } from "vitest";

import type { BrowserSystem, Visitor } from "./browserSystem.ts";
import { goTo, showCode, unlock } from "./door.ts";

/** Somebody who is to be added, in one role as the form calls it. */
export interface NewPerson {
  readonly name: string;
  readonly role: string;
}

/** Chooses a role, or does not; the boxes are drawn anew while the staff is read again. */
async function tick(form: Locator, role: string, isWanted: boolean): Promise<void> {
  const box = form.getByRole("checkbox", { name: role, exact: true });
  const choose = async (): Promise<void> => {
    if ((await box.isChecked()) !== isWanted) await box.click();
    if ((await box.isChecked()) !== isWanted) throw new Error(`${role} is not chosen yet`);
  };
  await vi.waitFor(choose, { timeout: 10_000, interval: 500 });
}

/** Adds people to a practice, each in a browser of their own; they are inside then. */
export async function seatStaff<N extends string>(
  system: BrowserSystem,
  { page }: Visitor,
  people: Readonly<Record<N, NewPerson>>,
): Promise<Record<N, Visitor>> {
  const names = Object.keys(people) as N[];
  const seats: { person: NewPerson; visitor: Visitor; code: string }[] = [];
  for (const name of names) {
    const visitor = await system.visit();
    const code = await showCode(visitor.page, { isNewPerson: true });
    seats.push({ person: people[name], visitor, code });
  }
  await goTo(page, "People");
  for (const { person, code } of seats) {
    await page.getByRole("button", { name: "Add a person" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill(person.name);
    if (person.role !== "therapist") await tick(form, "therapist", false);
    await tick(form, person.role, true);
    await form.getByLabel("Code").fill(code);
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await form.getByText("They can unlock their device now").waitFor();
    await form.getByRole("button", { name: "Close" }).last().click();
    await form.waitFor({ state: "detached" });
  }
  for (const { visitor } of seats) await unlock(visitor.page);
  return Object.fromEntries(names.map((name, at) => [name, seats[at]?.visitor])) as Record<
    N,
    Visitor
  >;
}
