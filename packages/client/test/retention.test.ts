import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endWeekOf, type FileId } from "@sinetti/core";
import {
  addPatient,
  chooseRetentionClass,
  endCare,
  listRetention,
  placeHold,
  readBudget,
  readRetentionClass,
  recordDeath,
  refreshFacts,
  type Client,
} from "@sinetti/client";
import { findRetentionClass, type RetentionClass } from "@sinetti/practice";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { foundPractice } from "./testWorld.ts";

let system: TestSystem;
let client: Client;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client } = await foundPractice(system));
});
afterAll(() => system.stop());

function classOf(id: string): RetentionClass {
  const found = findRetentionClass(id);
  if (found === undefined) throw new TypeError("no such class");
  return found;
}
const DE = classOf("de-bgb-630f");
const FI = classOf("fi-703-2023");

async function patientOf(birthDate: string): Promise<FileId> {
  return (await addPatient(client, { ...PERSON, birthDate })).patient;
}

async function rowOf(patient: FileId, retentionClass: RetentionClass) {
  const rows = await listRetention(client, retentionClass);
  return rows.find((row) => row.patient === patient);
}

async function spentCases(): Promise<number> {
  const spent = (await readBudget(client.context)).flatMap(({ horizons }) => horizons);
  return spent.reduce((sum, horizon) => sum + horizon.spent, 0);
}

describe("the class of a practice", () => {
  test("is none until an administrator chooses one that is known", async () => {
    expect(await readRetentionClass(client)).toBeNull();
    await expect(chooseRetentionClass(client, "fi")).rejects.toMatchObject({
      code: "input-rejected",
    });
    await chooseRetentionClass(client, "fi-703-2023");
    expect((await readRetentionClass(client))?.id).toBe("fi-703-2023");
  });
});

describe("the due list", () => {
  test("tells by the caseload alone: nothing is opened for it", async () => {
    const patient = await patientOf("1890-02-28");
    const before = await spentCases();
    expect(await rowOf(patient, DE)).toMatchObject({ retention: null, unknown: "care-goes-on" });
    expect(await rowOf(patient, FI)).toMatchObject({
      retention: { due: "2010-02-28", state: "due", reason: { after: "birth" } },
    });
    expect(await spentCases()).toBe(before);
  });

  test("follows the end of care and a death, written once and kept in the caseload", async () => {
    const patient = await patientOf("1980-05-04");
    await endCare(client, patient, "2010-05");
    expect(await rowOf(patient, DE)).toMatchObject({ retention: { due: "2020-05-31" } });
    await recordDeath(client, patient, "2011-06-07");
    expect(await rowOf(patient, FI)).toMatchObject({
      retention: { due: "2023-06-07", reason: { after: "death", from: "2011-06-07", years: 12 } },
    });
    expect(await refreshFacts(client, patient)).toEqual({
      born: "1980-05-04",
      died: "2011-06-07",
      careEnded: "2010-05",
    });
  });

  test("says of what is due that it is on hold, and no longer when the hold is over", async () => {
    const patient = await patientOf("1890-02-28");
    const until = endWeekOf(system.clock.now() + 86_400);
    await placeHold(client.context, patient, { reason: "complaint", until });
    expect(await rowOf(patient, FI)).toMatchObject({ retention: { state: "on-hold" } });
    system.clock.advance(3 * 7 * 86_400);
    expect(await rowOf(patient, FI)).toMatchObject({ retention: { state: "due" } });
  });
});
