import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GATE_ROUTES, RIGHTS, grantsAt, operationCounts, type MemberId } from "@sinetti/core";
import {
  admitMembers,
  assignRecords,
  findPatientFiles,
  importCsv,
  importFhir,
  listGranted,
  listPatients,
  openFiles,
  readAccess,
  readAssignMap,
  type AssignMap,
  type Client,
  type ImportedRecord,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { sourceOf } from "./csv/csvSources.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

const PATIENTS = 24;
const DAY = 86_400;
let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;
let anna: Awaited<ReturnType<typeof addMember>>;
let ben: Awaited<ReturnType<typeof addMember>>;
let records: ImportedRecord[];

/** Patients of Anna, but for the last three: one of Ben, one of somebody whom no map knows, one of nobody. */
function bundle(index: number): string {
  const names = ["Anna Aalto", "Ben Berg", "Somebody Else", undefined];
  const display = names[Math.max(0, index - PATIENTS + 4)];
  const resources = [
    {
      resourceType: "Patient",
      id: `p${index}`,
      identifier: [
        { system: "urn:old", value: `MRN-${index}`, type: { coding: [{ code: "MR" }] } },
      ],
      name: [{ family: `Family${String(index).padStart(2, "0")}`, given: ["Given"] }],
    },
    {
      resourceType: "EpisodeOfCare",
      id: `e${index}`,
      status: "active",
      patient: { reference: `Patient/p${index}` },
      ...(display === undefined ? {} : { careManager: { display } }),
    },
  ];
  return JSON.stringify({
    resourceType: "Bundle",
    type: "collection",
    entry: resources.map((resource) => ({ resource })),
  });
}

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
  anna = await addMember(system, client, ["therapist"]);
  ben = await addMember(system, client, ["therapist", "office"]);
  await admitMembers(client.context, [
    { id: anna.member, name: "Anna Aalto", roles: ["therapist"] },
    { id: ben.member, name: "Ben Berg", roles: ["therapist", "office"] },
  ]);
  records = await importAll(mapOf({ "anna aalto": anna.member, "ben berg": ben.member }));
});
afterAll(() => system.stop());
beforeEach(() => {
  world.requests.length = 0;
});

function mapOf(byTherapist: Record<string, MemberId>): AssignMap {
  return { byTherapist: new Map(Object.entries(byTherapist)), byPatient: new Map() };
}

async function importAll(map: AssignMap): Promise<ImportedRecord[]> {
  const taken: ImportedRecord[] = [];
  const sources = Array.from({ length: PATIENTS }, (_, index) => ({
    name: `${index}.json`,
    read: () => Promise.resolve(bundle(index)),
  }));
  await importFhir(client, sources, {
    dryRun: false,
    zone: "Europe/Helsinki",
    onProgress: () => undefined,
    isStopped: () => false,
    onRecord: (record) => taken.push(record),
    isHandedOver: ({ therapist }) => map.byTherapist.has(therapist?.toLowerCase() ?? ""),
  });
  return taken;
}

const csv = (text: string) => readAssignMap(client, new TextEncoder().encode(text));
const assign = (map: AssignMap, options: { isStopped?: () => boolean } = {}) =>
  assignRecords(client, {
    map,
    records,
    onProgress: () => undefined,
    isStopped: options.isStopped ?? (() => false),
  });

describe("a map", () => {
  test("is refused by row and field", async () => {
    expect(await csv("therapist\nAnna Aalto\n")).toEqual({
      ok: false,
      problems: [{ row: 1, field: "file", rule: "column-missing" }],
    });
    const rows = [
      "therapist,member",
      "Anna Aalto,Nobody Known",
      ",Anna Aalto",
      "Dr A,Founder",
      "Dr B,",
      "Dr C,Anna Aalto",
      "dr  c,Ben Berg",
    ];
    const office = await addMember(system, client, ["office"]);
    const read = await csv([...rows, `Dr D,${office.member}`].join("\r\n"));
    expect(read).toEqual({
      ok: false,
      problems: [
        { row: 2, field: "member", rule: "unknown" },
        { row: 3, field: "therapist", rule: "missing" },
        { row: 5, field: "member", rule: "missing" },
        { row: 7, field: "therapist", rule: "twice" },
        { row: 8, field: "member", rule: "no-therapist" },
      ],
    });
  });

  test("is read with semicolons, in Finnish, by name or id, and by patient", async () => {
    const read = await csv(`\u{feff}Terapeutti;Jäsen\nDr  A;anna AALTO\nDr B;${ben.member}\n`);
    expect(read.ok && [...read.map.byTherapist]).toEqual([
      ["dr a", anna.member],
      ["dr b", ben.member],
    ]);
    const byPatient = await csv("patient,member\nMRN-7,Ben Berg\n");
    expect(byPatient.ok && byPatient.map.byPatient.get("mrn-7")).toBe(ben.member);
  });
});

describe("assigning", () => {
  test("is cut off without harm, and the next run grants only what is left", async () => {
    const map = mapOf({ "anna aalto": anna.member, "ben berg": ben.member });
    let asked = 0;
    const first = await assign(map, { isStopped: () => asked++ === 1 });
    expect(first).toMatchObject({ assigned: 0, granted: 22, already: 0 });
    Object.assign(operationCounts, { encapsulations: 0, signatures: 0 });
    world.requests.length = 0;
    const second = await assign(map);
    expect(second).toMatchObject({ assigned: 22, granted: 22, already: 22 });
    // One encapsulation for each of two recipients; a signature for each grant, each request and the acceptance.
    expect(operationCounts.encapsulations).toBe(2);
    expect(operationCounts.signatures).toBe(22 + world.requests.length + 1);
    expect(world.requests.filter((path) => path.endsWith("/submit"))).toEqual([
      "gate /v1/access/submit",
    ]);
    expect(world.requests).not.toContain("gate /v1/release");
    expect(await assign(map)).toMatchObject({ assigned: 22, granted: 0, already: 44 });
  });

  test("lists whom nobody got, and whom the map does not know, by ids alone", async () => {
    const { unassigned, unknownTherapists } = await assign(mapOf({ "anna aalto": anna.member }));
    expect(unassigned.map(({ reason }) => reason).sort()).toEqual([
      "no-therapist-named",
      "not-in-map",
      "not-in-map",
    ]);
    expect(unassigned[0]?.key).toMatch(/MRN-\d+$/);
    expect(unknownTherapists).toEqual(["Ben Berg", "Somebody Else"]);
  });

  test("gives every right of the table for as long as the policy lets it, and leaves its giver two weeks", async () => {
    const [record] = records;
    const file = record?.files.get("care");
    if (file === undefined) throw new TypeError("no care file");
    const grants = grantsAt((await readAccess(client.context, file)).access);
    const of = (member: MemberId) => grants.find(({ grant }) => grant.subject.id === member)?.grant;
    expect(of(anna.member)).toMatchObject({
      rights: RIGHTS.read | RIGHTS.write | RIGHTS.grant,
      reason: "handover",
    });
    const [given, own] = [of(anna.member)?.expires ?? 0, of(client.member)?.expires ?? 0];
    expect(given - own).toBeGreaterThanOrEqual(11);
  });

  test("says what this member does not hold", async () => {
    const foreign = await restart(system, ben.world);
    await foreign.resume();
    const report = await assignRecords(foreign, {
      map: mapOf({ "anna aalto": ben.member, "somebody else": anna.member }),
      records,
      onProgress: () => undefined,
      isStopped: () => false,
    });
    expect(report.unassigned.filter(({ reason }) => reason === "not-held")).toHaveLength(1);
  });
});

describe("a therapist who was given more records than may be opened at once", () => {
  test("sees all at once, by name as far as half of the budget goes, and opens any of them", async () => {
    const theirs = await restart(system, anna.world);
    await theirs.resume();
    const rows = await listPatients(theirs);
    expect(rows).toHaveLength(21);
    expect(rows.filter(({ name }) => name !== "")).toHaveLength(15);
    const { answer } = await theirs.context.services.call("gate", GATE_ROUTES.budgetRead, {});
    const spent = answer.classes.find((each) => each.class === "identity")?.horizons[0]?.spent;
    expect(spent).toBe(15);
    const nameless = rows.find(({ name }) => name === "");
    const found = await findPatientFiles(theirs, nameless?.patient ?? "");
    expect(found.name).toMatch(/^Given Family/);
    const [care] = await openFiles(theirs.context, found.care === null ? [] : [found.care], {
      purpose: "session",
    });
    expect(care?.outcome).toBe("released");
    expect((await listPatients(theirs)).filter(({ name }) => name !== "")).toHaveLength(16);
    system.clock.advance(DAY);
    expect((await listPatients(theirs)).filter(({ name }) => name !== "")).toHaveLength(21);
  });

  test("finds a record by its care file, through the link inside", async () => {
    const theirs = await restart(system, ben.world);
    await theirs.resume();
    const [care] = (await listGranted(theirs.context, "what")).filter(
      ({ compartment }) => compartment === "care",
    );
    const { identity, name } = await findPatientFiles(theirs, care?.file ?? "");
    expect(identity).not.toBeNull();
    expect(name).toMatch(/^Given Family/);
  });
});

describe("an import of CSV", () => {
  test("tells each patient with the therapist of its column, and so is assigned", async () => {
    const text =
      "Asiakasnumero;Sukunimi;Etunimet;Omaterapeutti\nC1;Koski;Kai;Ben Berg\nC2;Lampi;Leo;\n";
    const taken: ImportedRecord[] = [];
    await importCsv(
      client,
      { patients: sourceOf("asiakkaat.csv", text) },
      {
        dryRun: false,
        isStrict: false,
        zone: "Europe/Helsinki",
        mapping: null,
        therapistOf: () => null,
        onProgress: () => undefined,
        isStopped: () => false,
        onRecord: (record) => taken.push(record),
      },
    );
    expect(new Set(taken.map(({ therapist }) => therapist))).toEqual(new Set(["Ben Berg", null]));
    const report = await assignRecords(client, {
      map: mapOf({ "ben berg": ben.member }),
      records: taken,
      onProgress: () => undefined,
      isStopped: () => false,
    });
    expect(report).toMatchObject({
      assigned: 1,
      granted: 2,
      unassigned: [{ reason: "no-therapist-named" }],
    });
  });
});
