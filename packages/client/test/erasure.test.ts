import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bytesToId, phaseAt, randomBytes, type FileId, type SiteId } from "@sinetti/core";
import {
  addPatient,
  approveErasure,
  approvePending,
  cancelErasure,
  certificatePaper,
  certifyErasure,
  clearErasedLines,
  createFiles,
  findPatientFiles,
  finishErasures,
  grantPatient,
  keptErasures,
  listErasures,
  listPatients,
  lookUpPatients,
  openFiles,
  placeHold,
  proposeErasure,
  proposeUnhold,
  readAccess,
  type Client,
} from "@sinetti/client";
import { renderMarkdown } from "@sinetti/paper";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { changeFolded, openFolded } from "../src/records/folded.ts";
import { scheduleWish } from "../src/records/schedule.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

const DAY = 86_400;
const OPENED = { compartment: "schedule", purpose: "scheduling" } as const;

interface Person {
  readonly client: Client;
  readonly world: TestDeviceWorld;
}
let system: TestSystem;
let founder: Person;
let therapist: Person;
let officer: Person;
let office: Person;
let patient: FileId;
let phone = 1000;

beforeAll(async () => {
  system = await startTestSystem();
  founder = await foundPractice(system, ["therapist", "admin"]);
  therapist = await addMember(system, founder.client, ["therapist"]);
  officer = await addMember(system, founder.client, ["privacy"]);
  office = await addMember(system, founder.client, ["office"]);
  system.clock.advance(14 * DAY);
});
afterAll(() => system.stop());

const number = (): string => `+35840123${phone}`;

beforeEach(async () => {
  phone++;
  const person = { ...PERSON, phones: [{ value: number() }] };
  ({ patient } = await addPatient(therapist.client, person));
});

const reasonOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "accepted",
    (error: { code: string; problem?: string; detail?: string }) =>
      error.problem ?? error.detail ?? error.code,
  );

async function phasesOf(id: FileId): Promise<string[]> {
  const { identity, care } = await findPatientFiles(therapist.client, id);
  const refs = [identity, care].filter((ref) => ref !== null);
  return Promise.all(
    refs.map(async ({ file }) => phaseAt((await readAccess(officer.client.context, file)).access)),
  );
}

describe("an erasure by two people", () => {
  test("is refused alone and approved by oneself, and nothing is gone", async () => {
    const { erasure, dueAt } = await proposeErasure(therapist.client, patient, "request");
    expect(dueAt).toBeNull();
    expect((await finishErasures(therapist.client, erasure.request))[0]?.waiting).toHaveLength(2);
    expect(await reasonOf(approveErasure(therapist.client, erasure.request))).toBe(
      "second-person-missing",
    );
    expect((await finishErasures(therapist.client, erasure.request))[0]?.waiting).toHaveLength(2);
    expect(await phasesOf(patient)).toEqual(["open", "open"]);
  });

  test("shows the second person ids, compartments and a reason, and no name", async () => {
    const { erasure } = await proposeErasure(therapist.client, patient, "error");
    const parts = erasure.request.split("-");
    const waiting = (await listErasures(officer.client)).filter(({ request }) =>
      parts.includes(request),
    );
    expect(waiting.map(({ compartment }) => compartment).toSorted()).toEqual(["care", "identity"]);
    expect(waiting.every(({ by }) => by === therapist.client.member)).toBe(true);
    expect(new Set(waiting.map(({ reason }) => reason))).toEqual(new Set(["error"]));
    expect(JSON.stringify(waiting)).not.toContain("Virtanen");
  });

  test("is refused while a hold stands, at the proposal and at the gate", async () => {
    const { erasure } = await proposeErasure(therapist.client, patient, "request");
    const { care } = await findPatientFiles(therapist.client, patient);
    const file = care?.file ?? patient;
    const hold = await placeHold(officer.client.context, file, { reason: "claim", until: null });
    expect(await reasonOf(proposeErasure(therapist.client, patient, "request"))).toBe("on-hold");
    expect(await reasonOf(approveErasure(officer.client, erasure.request))).toBe("on-hold");
    const given = await proposeUnhold(officer.client.context, file, hold);
    if (given.state !== "pending") throw new TypeError("not pending");
    expect(await reasonOf(approvePending(officer.client.context, given.order))).toBe(
      "second-person-missing",
    );
    await approvePending(founder.client.context, given.order);
    await finishErasures(therapist.client, erasure.request);
    expect((await finishErasures(therapist.client, erasure.request))[0]?.waiting).toEqual([]);
    expect(phaseAt((await readAccess(officer.client.context, file)).access)).toBe("erased");
  });

  test("is proposed by a privacy officer too, of one record by its id", async () => {
    const { care } = await findPatientFiles(therapist.client, patient);
    const file = care?.file ?? patient;
    expect(await reasonOf(proposeErasure(founder.client, file, "error"))).toBe("unknown-record");
    const { erasure } = await proposeErasure(officer.client, file, "error");
    expect(erasure).toMatchObject({ patient: null, files: [{ file, compartment: "care" }] });
    await approveErasure(therapist.client, erasure.request);
    expect(await phasesOf(patient)).toEqual(["open", "erased"]);
    expect((await finishErasures(officer.client, erasure.request))[0]?.waiting).toEqual([]);
  });

  test("is approved by somebody who may not see the records, and finished by who proposed it", async () => {
    const { erasure } = await proposeErasure(therapist.client, patient, "request");
    for (const { order } of erasure.files) {
      if (order === null) throw new TypeError("not proposed");
      const given = await approvePending(office.client.context, order);
      expect(given).toMatchObject({ state: "pending" });
    }
    expect(await phasesOf(patient)).toEqual(["open", "open"]);
    expect((await finishErasures(therapist.client, erasure.request))[0]?.waiting).toEqual([]);
  });

  test("is taken back as long as nobody has approved it", async () => {
    const { erasure } = await proposeErasure(therapist.client, patient, "request");
    expect(await reasonOf(cancelErasure(officer.client, erasure.request))).toBe("not-authorised");
    await cancelErasure(therapist.client, erasure.request);
    expect(await reasonOf(approveErasure(officer.client, erasure.request))).toBe(
      "no such erasure waits",
    );
    expect(await phasesOf(patient)).toEqual(["open", "open"]);
    expect(await keptErasures(therapist.client.context)).not.toContainEqual(
      expect.objectContaining({ request: erasure.request }),
    );
  });

  test("leaves nothing that opens, finds or names the patient, and a certificate without a name", async () => {
    const { member } = founder.client;
    const wish = { member, rights: 1, untilSeconds: null, reason: "care" as const };
    await grantPatient(therapist.client, patient, wish);
    expect((await listPatients(founder.client)).some((row) => row.patient === patient)).toBe(true);
    const { identity, care } = await findPatientFiles(therapist.client, patient);
    const { erasure } = await proposeErasure(therapist.client, patient, "retention");
    await approveErasure(officer.client, erasure.request);
    const [finished] = await finishErasures(therapist.client, erasure.request);
    if (finished === undefined || identity === null || care === null) throw new TypeError("none");
    expect(finished.waiting).toEqual([]);
    for (const { client } of [therapist, founder]) {
      const opened = await openFiles(client.context, [identity, care], { purpose: "session" });
      expect(opened.map(({ file }) => file)).toEqual([null, null]);
    }
    expect(await lookUpPatients(founder.client, { phone: number() })).toEqual([]);
    expect((await listPatients(therapist.client)).some((row) => row.patient === patient)).toBe(
      false,
    );
    expect(await clearErasedLines(founder.client)).toBe(1);
    expect(await clearErasedLines(founder.client)).toBe(0);
    const kept = (await keptErasures(therapist.client.context)).find(
      ({ request }) => request === erasure.request,
    );
    expect(kept).toMatchObject({ patient: null, cells: [] });
    const certificate = await certifyErasure(therapist.client, finished.erasure);
    expect(certificate.files.map(({ compartment }) => compartment).toSorted()).toEqual([
      "care",
      "identity",
    ]);
    expect(certificate.files.every(({ entries }) => entries === 2)).toBe(true);
    const printed = renderMarkdown(certificatePaper(certificate));
    expect(printed).toContain(`in backups until ${certificate.inBackupsUntil}`);
    expect(printed).toContain("Member privacy");
    expect(printed).not.toMatch(/Virtanen|Aino/);
    expect(printed).not.toContain(patient);
    const { access } = await readAccess(officer.client.context, identity.file);
    expect(printed).toContain(access.heads.at(-1) ?? "none");
    const finnish = renderMarkdown(certificatePaper(certificate, { language: "fi" }));
    const [year, month, day] = certificate.inBackupsUntil.split("-").map(Number);
    expect(finnish).toContain(`varmuuskopioissa ${day}.${month}.${year} asti`);
    expect(finnish).toContain("2 asiakirjaa, yhteensä 4 kirjausta");
    expect(finnish).toContain(access.heads.at(-1) ?? "none");
    expect(finnish).not.toMatch(/Erased|Approved|Virtanen|Aino/);
  });

  test("takes the patient out of the schedules, and appointments that were theirs alone with them", async () => {
    const { client } = therapist;
    const slot = { start: "2026-12-14T10:00", zone: "Europe/Helsinki", minutes: 45 };
    const booked = { ...slot, kind: "appointment" as const, status: "booked" as const };
    const other = "0f".repeat(16);
    const [file] = await createFiles(client.context, [
      scheduleWish(client, {
        file: bytesToId<FileId>(randomBytes(16)),
        site: bytesToId<SiteId>(randomBytes(16)),
      }),
    ]);
    if (file === undefined) throw new TypeError("no schedule");
    const schedule = await openFolded(client.context, file, OPENED);
    const therapistId = client.member;
    const put = (key: string, patients: string[]) => ({
      key,
      value: { ...booked, therapist: therapistId, patients },
    });
    const changes = [put("alone", [patient]), put("both", [patient, other]), put("none", [other])];
    await changeFolded(client.context, schedule, { compartment: "schedule", changes });
    const { erasure } = await proposeErasure(client, patient, "request");
    await approveErasure(officer.client, erasure.request);
    await finishErasures(client, erasure.request);
    const { values } = await openFolded(client.context, file, OPENED);
    const kept = [...values].map(([key, value]) => [
      key,
      value.kind === "appointment" ? value.patients : [],
    ]);
    expect(kept).toEqual([
      ["both", [other]],
      ["none", [other]],
    ]);
  });

  test("changes nothing when it comes again, and proposes nothing twice", async () => {
    const first = await proposeErasure(therapist.client, patient, "request");
    const second = await proposeErasure(therapist.client, patient, "request");
    expect(second.erasure.files).toEqual(first.erasure.files);
    await approveErasure(officer.client, first.erasure.request);
    const [once] = await finishErasures(therapist.client, first.erasure.request);
    system.clock.advance(60);
    const [again] = await finishErasures(therapist.client, first.erasure.request);
    expect(again).toEqual(once);
  });
});

describe("an erasure that is cut off", () => {
  async function cutAt(
    count: number,
    work: (client: Client) => Promise<unknown>,
  ): Promise<boolean> {
    let left = count;
    therapist.world.interrupt = (at) => {
      if (at !== "after" || left-- > 0) return;
      throw new Error("cut");
    };
    const isWhole = await work(therapist.client).then(
      () => true,
      () => false,
    );
    therapist = { ...therapist, client: await restart(system, therapist.world) };
    await therapist.client.resume();
    return isWhole;
  }

  test("goes on wherever the proposal was cut", async () => {
    for (let cut = 0; cut < 40; cut += 11)
      if (await cutAt(cut, (client) => proposeErasure(client, patient, "request"))) break;
    const { erasure } = await proposeErasure(therapist.client, patient, "request");
    await approveErasure(officer.client, erasure.request);
    expect((await finishErasures(therapist.client, erasure.request))[0]?.waiting).toEqual([]);
    const left = await listErasures(officer.client);
    expect(left.filter(({ file }) => erasure.files.some((each) => each.file === file))).toEqual([]);
  });

  test("goes on wherever clearing up was cut", async () => {
    const { erasure } = await proposeErasure(therapist.client, patient, "request");
    await approveErasure(officer.client, erasure.request);
    for (let cut = 0; cut < 60; cut += 11)
      if (await cutAt(cut, (client) => finishErasures(client, erasure.request))) break;
    const [finished] = await finishErasures(therapist.client, erasure.request);
    expect(finished?.erasure.finished).not.toBeNull();
    expect(await lookUpPatients(therapist.client, { phone: number() })).toEqual([]);
    expect((await listPatients(therapist.client)).some((row) => row.patient === patient)).toBe(
      false,
    );
  });
});

describe("in a practice of one", () => {
  test("an erasure waits its day, can be taken back, and is finished by the same person", async () => {
    const alone = await startTestSystem();
    try {
      const { client } = await foundPractice(alone);
      alone.clock.advance(14 * DAY);
      const made = await addPatient(client, PERSON);
      const taken = await proposeErasure(client, made.patient, "request");
      await cancelErasure(client, taken.erasure.request);
      const { erasure, dueAt } = await proposeErasure(client, made.patient, "request");
      expect(dueAt).toBe(alone.clock.now() + DAY);
      expect((await finishErasures(client, erasure.request))[0]?.waiting).toHaveLength(2);
      alone.clock.advance(DAY);
      const [finished] = await finishErasures(client, erasure.request);
      expect(finished?.waiting).toEqual([]);
      expect(await listPatients(client)).toEqual([]);
      const certificate = await certifyErasure(client, finished?.erasure ?? erasure);
      expect(certificate.files.every(({ approvedBy }) => approvedBy.length === 0)).toBe(true);
    } finally {
      await alone.stop();
    }
  });
});
