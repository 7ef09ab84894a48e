import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DraftDesk,
  addPatient,
  admitMembers,
  beginNote,
  countersign,
  grantPatient,
  listSupervised,
  openCare,
  rememberLook,
  revokePatient,
  signDraft,
  writeCare,
  type Client,
} from "@sinetti/client";
import { RIGHTS, type MemberId } from "@sinetti/core";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";
import { NOTE, PERSON } from "./samples.ts";

interface Person {
  readonly client: Client;
  readonly world: TestDeviceWorld;
  readonly member: MemberId;
}

let system: TestSystem;
let trainee: Person;
let reader: Person;
let senior: Person;

beforeAll(async () => {
  system = await startTestSystem();
  const { client } = await foundPractice(system);
  trainee = await addMember(system, client, ["therapist"]);
  reader = await addMember(system, client, ["supervisor"]);
  senior = await addMember(system, client, ["therapist", "supervisor"]);
  await admitMembers(client.context, [
    { id: trainee.member, name: "Trainee", roles: ["therapist"], trainee: true },
  ]);
});
afterAll(() => system.stop());

const until = (): number => system.clock.now() + 7 * 86_400;

async function grant(patient: string, to: Person, rights: number): Promise<void> {
  await grantPatient(trainee.client, patient, {
    member: to.member,
    rights,
    untilSeconds: until(),
    reason: "supervision",
  });
}

/** A patient of the trainee, whose care file is given back. */
async function newRecord(): Promise<{ patient: string; care: string }> {
  const { patient } = await addPatient(trainee.client, PERSON);
  return { patient, care: (await openCare(trainee.client, patient)).file };
}

async function signPending(patient: string): Promise<string> {
  const care = await openCare(trainee.client, patient);
  const desk = new DraftDesk(trainee.client);
  const begun = await beginNote(trainee.client, care, {
    template: "narrative",
    session: NOTE.session,
  });
  const body = { ...begun, sections: begun.sections.map(({ id }) => ({ id, text: "With care." })) };
  const { draft } = await desk.save(care, { id: null, body });
  const signed = await signDraft(trainee.client, desk, { care, id: draft.id, body });
  expect(signed.state).toBe("pending");
  return draft.id;
}

const ofCare = async ({ client }: Person, care: string) =>
  (await listSupervised(client)).find((each) => each.care === care);

describe("the records of a supervisor", () => {
  test("are none before one is granted, and none again once it is taken back", async () => {
    const { patient, care } = await newRecord();
    expect(await ofCare(reader, care)).toBeUndefined();
    await grant(patient, reader, RIGHTS.read);
    expect(await ofCare(reader, care)).toMatchObject({
      grantor: trainee.member,
      reason: "supervision",
      endsSoon: true,
      canCountersign: false,
      lookedAt: null,
      waiting: [],
    });
    await rememberLook(reader.client, await openCare(reader.client, care));
    expect(reader.world.storage.cells.has(`looked/${care}`)).toBe(true);
    await revokePatient(trainee.client, patient, reader.member);
    expect(await ofCare(reader, care)).toBeUndefined();
    expect(reader.world.storage.cells.has(`looked/${care}`)).toBe(false);
  });

  test("are told without asking the gate for anything", async () => {
    const { patient } = await newRecord();
    await grant(patient, reader, RIGHTS.read);
    reader.world.requests.length = 0;
    await listSupervised(reader.client);
    expect(reader.world.requests.filter((each) => each.startsWith("gate"))).toEqual([]);
  });

  test("count what others have written since the last look, also after the program was killed", async () => {
    const { patient, care } = await newRecord();
    await grant(patient, reader, RIGHTS.read);
    const all = (await ofCare(reader, care))?.fresh ?? 0;
    expect(all).toBeGreaterThan(0);
    await rememberLook(reader.client, await openCare(reader.client, care));
    expect(await ofCare(reader, care)).toMatchObject({ fresh: 0 });
    await signPending(patient);
    reader = { ...reader, client: await restart(system, reader.world) };
    expect(await ofCare(reader, care)).toMatchObject({ fresh: 1, waiting: [] });
  });

  test("name the notes that wait, while the record is open and from the last look on", async () => {
    const { patient, care } = await newRecord();
    await grant(patient, senior, RIGHTS.read | RIGHTS.write);
    const first = await signPending(patient);
    const open = await openCare(senior.client, care);
    await rememberLook(senior.client, open);
    const second = await signPending(patient);
    const note = { on: NOTE.session.date, author: trainee.member };
    expect((await ofCare(senior, care))?.waiting).toEqual([
      { entry: first, ...note },
      { entry: second, ...note },
    ]);
    await countersign(senior.client, open, { entry: first });
    senior = { ...senior, client: await restart(system, senior.world) };
    expect(await ofCare(senior, care)).toMatchObject({
      canCountersign: true,
      fresh: 1,
      waiting: [{ entry: first, ...note }],
    });
    await rememberLook(senior.client, await openCare(senior.client, care));
    expect(await ofCare(senior, care)).toMatchObject({
      fresh: 0,
      waiting: [{ entry: second, ...note }],
    });
  });

  test("are no patients of one's own, and none that were granted for care", async () => {
    const own = await addPatient(senior.client, PERSON);
    const ownCare = await openCare(senior.client, own.patient);
    const { patient, care } = await newRecord();
    await grantPatient(trainee.client, patient, {
      member: senior.member,
      rights: RIGHTS.read,
      untilSeconds: until(),
      reason: "care",
    });
    const listed = (await listSupervised(senior.client)).map((each) => each.care);
    expect(listed).not.toContain(ownCare.file);
    expect(listed).not.toContain(care);
  });

  test("leave an open record readable when something new has come to it", async () => {
    const { patient, care } = await newRecord();
    await grant(patient, reader, RIGHTS.read);
    const open = await openCare(reader.client, care);
    await writeCare(trainee.client, await openCare(trainee.client, patient), {
      type: "letter",
      title: "To the doctor",
      to: "A doctor",
      on: NOTE.session.date,
      text: "Words.",
    });
    await listSupervised(reader.client);
    expect(open.links.every(({ boxes }) => boxes !== null)).toBe(true);
  });
});
