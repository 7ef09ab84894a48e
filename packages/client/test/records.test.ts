import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseId, type MemberId } from "@sinetti/core";
import {
  addAmendment,
  addMeasure,
  addNote,
  addPatient,
  findNote,
  findPatientFiles,
  grantPatient,
  isRefusal,
  listAccess,
  listPatients,
  lookUpPatients,
  openCare,
  openFiles,
  readAccessLog,
  readMeasures,
  readNotes,
  reconcile,
  revokePatient,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";
import { NOTE, PERSON } from "./samples.ts";

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

describe("a therapist alone", () => {
  test("registers a patient, writes a note, and reads both after the program was restarted", async () => {
    const { patient } = await addPatient(client, PERSON);
    const entry = await addNote(client, await openCare(client, patient), NOTE);
    const again = await restart(system, world);
    expect(await listPatients(again)).toContainEqual({ patient, name: "Aino Virtanen" });
    const note = findNote(again, await openCare(again, patient), entry);
    expect(note.current.sections).toEqual(NOTE.sections);
  });

  test("amends a note and keeps the original readable", async () => {
    const { patient } = await addPatient(client, PERSON);
    const care = await openCare(client, patient);
    const entry = await addNote(client, care, NOTE);
    await addAmendment(client, care, {
      entry,
      content: {
        ...NOTE,
        sections: [{ id: "subjective", text: "corrected" }, ...NOTE.sections.slice(1)],
      },
      reason: "wrong word",
    });
    const note = findNote(client, care, entry);
    expect(note.state).toBe("amended");
    expect(note.original.sections).toEqual(NOTE.sections);
    expect(note.current.sections[0]?.text).toBe("corrected");
  });

  test("scores a measure, raises its alert, and shows it in the caseload", async () => {
    const { patient } = await addPatient(client, PERSON);
    const care = await openCare(client, patient);
    const { record } = await addMeasure(client, care, {
      measure: "phq-9",
      answers: [1, 1, 1, 1, 1, 1, 1, 1, 1],
    });
    expect(record.total).toBe(9);
    expect(record.alerts).not.toEqual([]);
    expect(readMeasures(client, care)).toHaveLength(1);
  });

  test("is found by exact name, phone and code, and by nothing near", async () => {
    const { patient } = await addPatient(client, {
      ...PERSON,
      name: { family: "Ainokainen", given: ["Tuija"] },
    });
    expect(
      (await lookUpPatients(client, { name: "tuija ainokainen" })).map((row) => row.patient),
    ).toEqual([patient]);
    expect(await lookUpPatients(client, { name: "tuija ainokaine" })).toEqual([]);
  });

  test("finds every release of this device in the log, and nothing else", async () => {
    const { checked, unknown } = await reconcile(client.context);
    expect(checked).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  });
});

describe("two members", () => {
  test("a grant lets the second read, a revoke stops them at the gate and at both vaults, and the log shows it all", async () => {
    const second = await addMember(system, client, ["therapist"]);
    const { patient } = await addPatient(client, PERSON);
    await addNote(client, await openCare(client, patient), NOTE);
    await expect(openCare(second.client, patient)).rejects.toMatchObject({
      code: "unknown-record",
    });

    await grantPatient(client, patient, {
      member: second.member,
      rights: 1,
      untilSeconds: null,
      reason: "care",
    });
    expect(readNotes(second.client, await openCare(second.client, patient))).toHaveLength(1);
    const files = await findPatientFiles(second.client, patient);
    expect(
      (await listAccess(client, patient)).some(
        ({ subject }) => subject === `member:${second.member}`,
      ),
    ).toBe(true);

    await revokePatient(client, patient, second.member);
    const old = await restart(system, second.world);
    const refs = [files.identity, files.care].filter((ref) => ref !== null);
    for (const ref of refs) {
      const [opened] = await openFiles(old.context, [ref], { purpose: "session" });
      expect(opened?.outcome).toBe("not-granted");
    }
    const log = await readAccessLog(client, patient);
    expect(
      log.some(({ member, outcome }) => member === second.member && outcome === "released"),
    ).toBe(true);
    expect(
      log.some(({ member, outcome }) => member === second.member && outcome === "not-granted"),
    ).toBe(true);
  });

  test("a revoked member's next entry is refused by the vault, and the next write opens a new epoch", async () => {
    const second = await addMember(system, client, ["therapist"]);
    const { patient } = await addPatient(client, PERSON);
    await grantPatient(client, patient, {
      member: second.member,
      rights: 3,
      untilSeconds: null,
      reason: "care",
    });
    const theirs = await openCare(second.client, patient);
    await addNote(second.client, theirs, NOTE);
    await revokePatient(client, patient, second.member);
    const refused = await addNote(second.client, theirs, NOTE).catch((error: unknown) => error);
    expect(isRefusal(refused) || (refused as { code?: string }).code === "refused").toBe(true);
    const care = await openCare(client, patient);
    await addNote(client, care, NOTE);
    expect(care.access.epochs).toHaveLength(2);
    expect(readNotes(client, care)).toHaveLength(2);
  });

  test("nobody is granted what their role may not hold", async () => {
    const office = await addMember(system, client, ["office"]);
    const { patient } = await addPatient(client, PERSON);
    await expect(
      grantPatient(client, patient, {
        member: office.member,
        rights: 1,
        untilSeconds: null,
        reason: "care",
      }),
    ).rejects.toMatchObject({ code: "refused" });
    await expect(
      grantPatient(client, patient, {
        member: parseId<MemberId>("00".repeat(16)),
        rights: 1,
        untilSeconds: null,
        reason: "care",
      }),
    ).rejects.toMatchObject({ code: "input-rejected" });
  });
});
