import { RIGHTS } from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DraftDesk,
  addPatient,
  findPatientFiles,
  grantPatient,
  openFiles,
  openInCrisis,
  readPracticeLog,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice } from "./testWorld.ts";

const RECORDS = 13;

let system: TestSystem;
let founder: Client;
let colleague: Client;
let officer: Client;

beforeAll(async () => {
  system = await startTestSystem();
  founder = (await foundPractice(system)).client;
  const added = await addMember(system, founder, ["therapist"]);
  colleague = added.client;
  officer = (await addMember(system, founder, ["privacy"])).client;
  const care = [];
  const patients: string[] = [];
  for (let i = 0; i < RECORDS; i++) {
    const { patient } = await addPatient(founder, PERSON);
    patients.push(patient);
    const rights = RIGHTS.read | RIGHTS.write;
    const wish = { member: added.member, rights, untilSeconds: null, reason: "care" as const };
    await grantPatient(founder, patient, wish);
    const ref = (await findPatientFiles(founder, patient)).care;
    if (ref !== null) care.push(ref);
  }
  await openFiles(colleague.context, care, { purpose: "preparation" });
  const [last = ""] = patients.slice(-1);
  await openInCrisis(colleague, new DraftDesk(colleague), {
    patient: last,
    reason: "called at night",
  });
}, 60_000);
afterAll(() => system.stop());

describe("the practice's log", () => {
  test("is refused to whoever is no privacy officer", async () => {
    await expect(readPracticeLog(colleague)).rejects.toMatchObject({ problem: "not-authorised" });
  });

  test("has the newest first, names who asked, and never a patient", async () => {
    const { rows, hasMore } = await readPracticeLog(officer);
    expect(hasMore).toBe(false);
    expect(rows[0]?.index).toBeGreaterThan(rows.at(-1)?.index ?? 0);
    expect(rows.some(({ member }) => member === colleague.member)).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(PERSON.name.family);
  });

  test("says of a line why it should be looked at", async () => {
    const { rows } = await readPracticeLog(officer);
    const own = rows.filter(({ member }) => member === colleague.member);
    const alarms = own.flatMap(({ alarm }) => alarm ?? []);
    expect(alarms.filter((each) => each === "over-budget")).toHaveLength(1);
    expect(alarms.filter((each) => each === "crisis").length).toBeGreaterThan(0);
    const plain = own.filter(
      ({ outcome, purpose }) => outcome === "released" && purpose === "preparation",
    );
    expect(plain.length).toBeGreaterThanOrEqual(RECORDS - 1);
    expect(plain.every(({ alarm }) => alarm === null)).toBe(true);
  });
});
