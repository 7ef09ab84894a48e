import type { BrowserSystem, Visitor } from "./browserSystem.ts";
import { goTo, showCode, unlock } from "./door.ts";

/** Somebody who is to be added, in one role as the form calls it. */
export interface NewPerson {
  readonly name: string;
  readonly role: string;
}

/** Adds people to a practice, each in a browser of their own; they are inside then. */
export async function seatStaff<N extends string>(
  system: BrowserSystem,
  { page }: Visitor,
  people: Readonly<Record<N, NewPerson>>,
): Promise<Record<N, Visitor>> {
  const names = Object.keys(people) as N[];
  const seats = await Promise.all(
    names.map(async (name) => {
      const visitor = await system.visit();
      const code = await showCode(visitor.page, { isNewPerson: true });
      return { person: people[name], visitor, code };
    }),
  );
  await goTo(page, "People");
  for (const { person, code } of seats) {
    await page.getByRole("button", { name: "Add a person" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill(person.name);
    await form.getByRole("checkbox", { name: "therapist", exact: true }).uncheck();
    await form.getByRole("checkbox", { name: person.role, exact: true }).check();
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
