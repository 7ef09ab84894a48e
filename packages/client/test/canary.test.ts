import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS, type BudgetClass, type FileId } from "@sinetti/core";
import {
  addPatient,
  approveOpenings,
  createFiles,
  generateCaseId,
  grantFiles,
  listGranted,
  listPatients,
  memberGrant,
  openFiles,
  openRoster,
  prepareCanary,
  setCanary,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let officer: Client;
let therapist: Client;
let accomplice: Client;
let world: TestDeviceWorld;
let canary: FileId;

const DAY = 86_400;

async function outcomes(client: Client, files: readonly FileId[]): Promise<string[]> {
  const refs = files.map((file) => ({ file, vault: "what" as const }));
  const opened = await openFiles(client.context, refs, { purpose: "session" });
  return opened.map(({ outcome }) => outcome);
}

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: officer } = await foundPractice(system, ["admin", "privacy"]));
  ({ client: therapist, world } = await addMember(system, officer, ["therapist"]));
  ({ client: accomplice } = await addMember(system, officer, ["therapist"]));
  await addPatient(therapist, PERSON);
  canary = await prepareCanary(therapist, []);
  await setCanary(officer.context, canary, true);
});
afterAll(() => system.stop());

describe("a prepared canary", () => {
  test("stands among the therapist's grants, and in no caseload", async () => {
    const granted = await listGranted(therapist.context, "what");
    expect(granted.map(({ file }) => file)).toContain(canary);
    expect(await listPatients(therapist)).toHaveLength(1);
    const { values } = await openRoster(therapist.context, true);
    expect(JSON.stringify([...values.values()])).not.toContain(canary);
  });

  test("has no identity file, and leaves nothing on the device that made it", async () => {
    expect(await listGranted(therapist.context, "who")).toHaveLength(3);
    const cells = await world.storage.list("");
    expect(cells.filter((name) => name.includes(canary))).toEqual([]);
  });

  test("is never met by who works from the caseload, after a restart too", async () => {
    const again = await restart(system, world);
    const [patient] = await listPatients(again);
    const { values } = await openRoster(again.context, true);
    const care = values.get(patient?.patient ?? "")?.files.care as FileId;
    expect(await outcomes(again, [care])).toEqual(["released"]);
  });

  test("stops who opens every grant, until another person names it", async () => {
    const thief = await restart(system, world);
    const files = (await listGranted(thief.context, "what")).map(({ file }) => file);
    expect(await outcomes(thief, files)).toEqual(
      files.map((file) => (file === canary ? "canary" : "frozen")),
    );
    const approval = {
      subject: thief.member,
      scope: "files" as const,
      files: [canary],
      count: 1,
      until: Math.floor(system.clock.now()) + DAY,
      reason: "audit" as const,
    };
    await expect(approveOpenings(thief.context, approval)).rejects.toMatchObject({
      problem: "not-authorised",
    });
    // An accomplice would have a budget of their own.
    const given = { member: accomplice.member, rights: RIGHTS.read, reason: "care" as const };
    const refs = files.map((file) => ({ file, vault: "what" as const }));
    await expect(
      grantFiles(thief.context, refs, memberGrant(thief.context, given)),
    ).rejects.toMatchObject({ detail: "gate: frozen" });
    // What they make anew goes where it should.
    const fresh = { file: null, compartment: "care" as const, case: generateCaseId(), site: null };
    await createFiles(thief.context, [{ ...fresh, grants: [memberGrant(thief.context, given)] }]);
    await approveOpenings(officer.context, approval);
    const others = files.filter((file) => file !== canary);
    expect(await outcomes(thief, others)).toEqual(others.map(() => "released"));
  });

  test("is made by therapists alone", async () => {
    await expect(prepareCanary(officer, [])).rejects.toMatchObject({ code: "refused" });
  });
});

describe("a budget that is nearly spent", () => {
  test("is told to whoever opens", async () => {
    const { client: colleague, member } = await addMember(system, officer, ["therapist"]);
    await therapist.resume();
    const wish = () => ({
      file: null,
      compartment: "care" as const,
      case: generateCaseId(),
      site: null,
      grants: [],
    });
    const refs = await createFiles(therapist.context, Array.from({ length: 10 }, wish));
    const grant = memberGrant(therapist.context, { member, rights: RIGHTS.read, reason: "care" });
    await grantFiles(therapist.context, refs, grant);
    const told: (readonly BudgetClass[])[] = [];
    const onWarn = (classes: readonly BudgetClass[]) => told.push(classes);
    await openFiles(colleague.context, refs.slice(0, 9), { purpose: "session", onWarn });
    expect(told).toEqual([]);
    await openFiles(colleague.context, refs.slice(9), { purpose: "session", onWarn });
    expect(told).toEqual([["care"]]);
  });
});
