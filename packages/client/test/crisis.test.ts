import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DraftDesk,
  addPatient,
  findPatientFiles,
  grantPatient,
  openFiles,
  openInCrisis,
  openRecord,
  readBudgetView,
  waysOn,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice } from "./testWorld.ts";
import { PERSON } from "./samples.ts";

let system: TestSystem;
let founder: Client;
let colleague: Client;
let desk: DraftDesk;
const patients: string[] = [];

beforeAll(async () => {
  system = await startTestSystem();
  founder = (await foundPractice(system)).client;
  const added = await addMember(system, founder, ["therapist"]);
  colleague = added.client;
  desk = new DraftDesk(colleague);
  for (let i = 0; i < 14; i++) {
    const { patient } = await addPatient(founder, PERSON);
    await grantPatient(founder, patient, {
      member: added.member,
      rights: 3,
      untilSeconds: null,
      reason: "care",
    });
    patients.push(patient);
  }
  const care = [];
  for (const patient of patients.slice(0, 12)) {
    const ref = (await findPatientFiles(founder, patient)).care;
    if (ref !== null) care.push(ref);
  }
  await openFiles(colleague.context, care, { purpose: "preparation" });
}, 60_000);
afterAll(() => system.stop());

describe("a budget that is spent", () => {
  test("is seen before somebody runs into it, and by class and time", async () => {
    const { budgets } = await readBudgetView(colleague.context);
    const care = budgets.find((each) => each.class === "care");
    expect(care?.state).toBe("spent");
    expect(care?.horizons[0]).toMatchObject({ horizon: "tenMinutes", spent: 12, left: 0 });
    expect(budgets.find((each) => each.class === "identity")?.state).toBe("fine");
  });

  test("opens what is left, says what did not open, and what to do", async () => {
    const [, patient = ""] = patients.slice(-2);
    const record = await openRecord(colleague, desk, { patient, purpose: "session" });
    expect(record.files.identity).toBeDefined();
    expect(record.closed).toMatchObject([{ compartment: "care", outcome: "over-budget" }]);
    expect(record.care).toBeNull();
    expect(waysOn("over-budget")).toEqual(["wait", "top-up", "ask-approval", "crisis"]);
    expect(waysOn("not-granted")).toEqual(["ask-grant"]);
  });
});

describe("a patient in crisis", () => {
  test("is opened for with a reason alone, which stands in the record; the next one within ten minutes is not", async () => {
    const [first = "", second = ""] = patients.slice(-2);
    await expect(
      openInCrisis(colleague, desk, { patient: first, reason: "  " }),
    ).rejects.toMatchObject({ code: "input-rejected" });
    const { record, reason } = await openInCrisis(colleague, desk, {
      patient: first,
      reason: "The duty doctor calls: on the bridge.",
    });
    expect(record.closed).toEqual([]);
    expect(reason).not.toBeNull();
    const again = await openRecord(founder, new DraftDesk(founder), {
      patient: first,
      purpose: "review",
    });
    expect(again.timeline.find(({ kind }) => kind === "opening")).toMatchObject({
      opening: { reason: "The duty doctor calls: on the bridge.", author: colleague.member },
    });
    const next = await openInCrisis(colleague, desk, { patient: second, reason: "Another." });
    expect(next.record.closed).toMatchObject([{ compartment: "care", outcome: "over-budget" }]);
    expect(next.reason).toBeNull();
  });
});
