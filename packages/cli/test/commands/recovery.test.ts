import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

const DAY = 86_400;
const PERSON = { name: { family: "Virtanen", given: ["Aino"] } };

let practice: StartedPractice;
beforeAll(async () => {
  practice = await startPractice();
}, 30_000);
afterAll(() => practice.stop());

/** A command as words, so that it fits on a line. */
function run(profile: string, command: string, ...more: string[]) {
  return practice.run(profile, ...command.split(" "), ...more);
}

/** The path of a file that a command wrote. */
function at(...parts: string[]): string {
  return join(practice.path, ...parts);
}

/** A file that its owner alone may read. */
function secretText(path: string): string {
  expect(statSync(path).mode & 0o777).toBe(0o600);
  return readFileSync(path, "latin1");
}

test("a practice comes back by its trustees' pages, and a member by the page of the kit", async () => {
  const made = await run(
    "founder",
    `practice create --name Kuusi --roles therapist,admin,privacy --kit-out ${at("kit.txt")}`,
    "--member",
    "Aino Laine",
  );
  const founder = made.json<{ practice: string; member: string; kit: string }>();
  for (const part of [founder.practice, founder.member, founder.kit, practice.web, "Aino Laine"])
    expect(secretText(at("kit.txt"))).toContain(part);
  await run("founder", `patient add --file ${practice.file("person.json", PERSON)}`);

  const split = await run(
    "founder",
    `recovery split --shares 3 --threshold 2 --out ${at("shares")} --trustee`,
    "Eero Niemi",
    "Lakitoimisto Oy",
  );
  expect(split.json()).toMatchObject({ version: 1, threshold: 2, struck: true });
  const share = (number: number, end: string): string =>
    at("shares", `share-${number}-of-3.${end}`);
  for (const number of [1, 2, 3]) {
    secretText(share(number, "txt"));
    expect(secretText(share(number, "pdf"))).toMatch(/^%PDF-/);
  }
  expect(secretText(share(2, "txt"))).toContain("Lakitoimisto Oy");

  const restored = await run(
    "nobody",
    `recovery restore ${share(1, "txt")} ${share(3, "txt")} --new-profile ${at("back")}`,
    "--roles",
    "therapist,admin,privacy",
    "--name",
    "Liisa Aho",
  );
  const { member, pending } = restored.json<{ member: string; pending: string }>();
  const status = await run("founder", "status");
  expect(status.stderr).toContain(`sinetti refuse ${pending}`);
  expect(status.json()).toMatchObject({ recovery: { version: 1, here: false } });

  practice.passTime(3 * DAY + 60);
  const warned = await run("back", `member end ${founder.member}`);
  expect(warned.exit).toBe(2);
  expect(warned.stderr).toContain("Records that would be left with nobody who opens them");
  expect((await run("back", `member end ${founder.member} --yes`)).exit).toBe(0);
  await run("back", `recovery give-back ${member}`);
  expect((await run("back", "patient list")).json()).toMatchObject([{ name: "Aino Virtanen" }]);
  const added = await run(
    "back",
    `member add --name Eero --roles therapist --new-profile ${at("eero")} --kit-out ${at("eero.txt")}`,
  );
  expect(added.json()).not.toHaveProperty("pending");
  const anew = `recovery split --shares 2 --threshold 2 --out ${at("anew")}`;
  expect((await run("back", anew)).json()).toMatchObject({ version: 2, struck: true });

  const recover = `device recover --kit-file ${at("eero.txt")} --new-profile ${at("again")}`;
  const asked = await run("nobody", recover);
  const waiting = asked.json<{ pending: string }>().pending;
  expect((await run("eero", `refuse ${waiting}`)).stderr).toContain(`sinetti refuse ${waiting}`);
  expect((await run("again", "status")).exit).toBe(3);
}, 180_000);
