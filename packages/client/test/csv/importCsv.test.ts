import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Client,
  importCsv,
  importDocuments,
  listGranted,
  listPatients,
  lookUpPatients,
  openCare,
  openOne,
  readAccessLog,
  readAttachment,
  readEntries,
  readIdentity,
  readNotes,
  findPatientFiles,
  type CsvImportOptions,
  type DocumentSource,
} from "@sinetti/client";
import type { AttachmentId } from "@sinetti/core";
import type { CareBody, ScheduleBody } from "@sinetti/practice";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "../testWorld.ts";
import { sourceOf, windows1252 } from "./csvSources.ts";

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;

const OPTIONS: CsvImportOptions = {
  dryRun: false,
  isStrict: false,
  zone: "Europe/Helsinki",
  mapping: null,
  therapistOf: () => null,
  onProgress: () => undefined,
  isStopped: () => false,
};

const PATIENTS = [
  "Asiakasnumero;Sukunimi;Etunimet;Hetu;Syntymäaika;Puhelin;Omaterapeutti;Lääkitys;",
  "A1;Mäkinen;Äiti Maria;131052-308T;13.10.1952;040 123 4567;Terho Terapeutti;Sertralin 50 mg;;",
  'A2;"Öhman; von";Per;;1.2.1980;;Terho Terapeutti;;',
  "",
  "A3;Virtanen;Aino;eikoodia;31.12.1999;;Toinen;;",
  "A1;Mäkelä;Äiti;131052-308T;13.10.1952;050 765 4321;Terho Terapeutti;;",
  ";;;;;040 1;;;",
].join("\r\n");
const NOTES = [
  "Kirjausnumero;Asiakasnumero;Päivämäärä;Kello;Kesto;Kirjaaja;Teksti;Laskutuskoodi",
  'N1;A2;2.3.2024;klo 14.30;45,0;Terho Terapeutti;"Ensimmäinen rivi\r\ntoinen ""lainattu""; puolipiste";K1',
  "N2;A1;8.3.2024;;;Terho Terapeutti;Nukkuu paremmin.;K2",
  "N3;A1;1.3.2024;9:15;45 min;Terho Terapeutti;Nukkuu huonosti.;",
  'N4;A1;9.3.2024;;;Terho Terapeutti;"Lainaus jäi auki;',
  "N2;A1;8.3.2024;;;Terho Terapeutti;Nukkuu paremmin.;K2",
  "N2;A1;8.3.2024;;;Terho Terapeutti;Nukkuu vielä paremmin.;K2",
  "N5;A9;8.3.2024;;;Terho Terapeutti;Kenen?;K2",
  "N6;A1;35.3.2024;;;Terho Terapeutti;Huono päivä.;K2",
  "N7;A1;10.3.2024;liikaa;soluja;Terho;tässä;on;kaksi",
  ";A3;11.3.2024;10.00;;Terho;Sama teksti;",
  ";A3;11.3.2024;16.00;;Terho;Sama teksti;",
  ";A3;11.3.2024;16.00;;Terho;Sama teksti;",
].join("\r\n");
const APPOINTMENTS = [
  "Varausnumero\tAsiakasnumero\tAlkaa\tKesto\tTila\tTerapeutti\tHuone\tLisätieto",
  "V1\tA1\t1.3.2024 klo 9.15\t45\ttoteutunut\tTerho Terapeutti\t3\tmuista avain",
  "V2\tA1\t8.3.2024 9:15\t\tvarattu\t\t\t",
  "V3\tA2\t1.4.2024 klo 8\t45\tvarattu\t\t\t",
].join("\n");

const sources = () => ({
  patients: sourceOf("asiakkaat.csv", windows1252(PATIENTS)),
  appointments: sourceOf("varaukset.txt", APPOINTMENTS),
  notes: sourceOf("kirjaukset.csv", `\uFEFFsep=;\r\n${NOTES}`),
});

async function careBodies(of: Client, patient: string): Promise<CareBody[]> {
  const file = await openCare(of, patient);
  return readEntries(of.context, file).map(
    ({ body }) => JSON.parse(new TextDecoder().decode(body)) as CareBody,
  );
}

async function idOf(name: string): Promise<string> {
  const found = (await listPatients(client)).find((row) => row.name === name);
  if (found === undefined) throw new TypeError("no such patient");
  return found.patient;
}

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

describe("CSV files with everything wrong that real ones have", () => {
  const REJECTED = [
    "asiakkaat.csv 7 name missing",
    "kirjaukset.csv 5  quotes",
    "kirjaukset.csv 8 patient unknown-patient",
    "kirjaukset.csv 9 date not-a-date",
    "kirjaukset.csv 10  columns",
    "varaukset.txt 4 start not-a-date",
  ];
  const WARNED = [
    "asiakkaat.csv 5 code identity-code",
    "asiakkaat.csv 6 name duplicate",
    "kirjaukset.csv 6  duplicate",
    "kirjaukset.csv 13  duplicate",
    "varaukset.txt 3 minutes assumed",
  ];
  const shown = (rows: readonly object[]): string[] =>
    rows.map((row) => {
      const { file, row: number, field, reason } = row as Record<string, string | number>;
      return `${file} ${number} ${field} ${reason}`;
    });

  test("are named row by row and field by field in a dry run, and nothing is written", async () => {
    const report = await importCsv(client, sources(), { ...OPTIONS, dryRun: true });
    expect(shown(report.rejected)).toEqual(REJECTED);
    expect(shown(report.warnings)).toEqual(WARNED);
    expect(report.byType).toEqual({ patients: 3, appointments: 2, notes: 6 });
    expect(report).toMatchObject({ patients: 0, entries: 0, kept: 5 });
    expect(report.mapping.patients).toMatchObject({ encoding: "windows-1252", delimiter: ";" });
    expect(report.mapping.appointments).toMatchObject({ encoding: "utf-8", delimiter: "\t" });
    expect(report.mapping.notes?.columns["Laskutuskoodi"]).toBeNull();
    expect(await listPatients(client)).toEqual([]);
  });

  test("are refused whole under strict, and nothing is written", async () => {
    const report = await importCsv(client, sources(), { ...OPTIONS, isStrict: true });
    expect(report.refused).toBe(true);
    expect(shown(report.rejected)).toEqual(REJECTED);
    expect(await listPatients(client)).toEqual([]);
  });

  test("are taken but for the rows that are named, wherever the program is cut", async () => {
    let total = 0;
    let runs = 0;
    let isCut = true;
    for (let after = 4; isCut; after += 5) {
      let requests = 0;
      world.interrupt = (at) => {
        requests++;
        if (requests > after && at === (after % 2 === 0 ? "before" : "after"))
          throw new TypeError("cut");
      };
      isCut = await importCsv(client, sources(), OPTIONS).then(
        (report) => {
          total = report.planned;
          expect(shown(report.rejected)).toEqual(REJECTED);
          return false;
        },
        (error: unknown) => {
          expect(error).toMatchObject({ code: "unreachable" });
          return true;
        },
      );
      runs++;
      world.interrupt = () => undefined;
      system.clock.advance(60);
      client = await Client.of(world, client.context.device, system.endpoints);
      await client.resume();
    }
    expect(runs).toBeGreaterThan(3);
    const names = (await listPatients(client)).map(({ name }) => name).sort();
    expect(names).toEqual(["Aino Virtanen", "Per Öhman; von", "Äiti Mäkinen"]);
    expect(total).toBeGreaterThan(10);
  });

  test("add nothing and open no record when they come again", async () => {
    const again = await restart(system, world);
    const patients = await listPatients(again);
    const logs = () => Promise.all(patients.map(({ patient }) => readAccessLog(again, patient)));
    const before = await logs();
    const report = await importCsv(await restart(system, world), sources(), OPTIONS);
    expect(report).toMatchObject({ patients: 0, entries: 0, unchanged: 3 });
    expect(await logs()).toEqual(before);
  });

  test("give one person all of two rows, and keep what the second says otherwise", async () => {
    const patient = await idOf("Äiti Mäkinen");
    const { identity } = await findPatientFiles(client, patient);
    if (identity === null) throw new TypeError("no identity file");
    const file = await openOne(client.context, identity, "contact");
    const { person } = readIdentity(client.context, file);
    expect(person).toMatchObject({
      personalCode: { country: "FI", value: "131052-308T" },
      phones: [{ value: "040 123 4567" }, { value: "050 765 4321" }],
      formerNames: [{ family: "Mäkelä" }],
    });
    expect(await lookUpPatients(client, { code: "131052-308t" })).toMatchObject([{ patient }]);
    expect(await lookUpPatients(client, { name: "äiti mäkelä" })).toMatchObject([{ patient }]);
    const texts = readEntries(client.context, file).map(({ body }) =>
      new TextDecoder().decode(body),
    );
    expect(texts.some((text) => text.includes("sourceDocument") && text.includes("Mäkelä"))).toBe(
      true,
    );
    expect(texts.join()).not.toContain("Sertralin");
  });

  test("give notes by their days, signed by who imports, written by whom the source names, with their text word for word", async () => {
    const patient = await idOf("Äiti Mäkinen");
    const notes = readNotes(client, await openCare(client, patient)).map(
      ({ original }) => original,
    );
    expect(notes.map(({ session, sections }) => [session.date, sections[0]?.text])).toEqual([
      ["2024-03-01", "Nukkuu huonosti."],
      ["2024-03-08", expect.stringContaining("paremmin")],
      ["2024-03-08", expect.stringContaining("paremmin")],
    ]);
    expect(notes[0]).toMatchObject({
      author: client.member,
      writtenBy: "Terho Terapeutti",
      status: "signed",
      session: { start: "2024-03-01T09:15", minutes: 45 },
    });
    const other = readNotes(client, await openCare(client, await idOf("Per Öhman; von")));
    expect(other[0]?.current.sections[0]?.text).toBe(
      'Ensimmäinen rivi\r\ntoinen "lainattu"; puolipiste',
    );
    expect(other[0]?.original.source?.json).toContain('"Laskutuskoodi":"K1"');
  });

  test("keep two notes of one day and text that differ in their time, and one of two that do not", async () => {
    const notes = readNotes(client, await openCare(client, await idOf("Aino Virtanen")));
    expect(notes.map(({ original }) => original.session.start)).toEqual([
      "2024-03-11T10:00",
      "2024-03-11T16:00",
    ]);
  });

  test("keep columns without a place of their own in the care file", async () => {
    const bodies = await careBodies(client, await idOf("Äiti Mäkinen"));
    const kept = bodies.flatMap((body) =>
      body.type === "sourceDocument" ? body.documents.map(({ content }) => content) : [],
    );
    expect(kept.map((text): unknown => JSON.parse(text))).toEqual(
      expect.arrayContaining([{ Lääkitys: "Sertralin 50 mg" }, { Lisätieto: "muista avain" }]),
    );
    expect(bodies).toContainEqual(
      expect.objectContaining({ type: "careRelationship", therapistName: "Terho Terapeutti" }),
    );
  });

  test("put appointments into the schedules of their months", async () => {
    const schedules = (await listGranted(client.context, "who")).filter(
      ({ compartment }) => compartment === "schedule",
    );
    const [march, ...others] = schedules;
    if (march === undefined || others.length > 0) throw new TypeError("not one month");
    const file = await openOne(client.context, march, "scheduling");
    const values = readEntries(client.context, file).map(({ body }) => {
      const entry = JSON.parse(new TextDecoder().decode(body)) as ScheduleBody;
      return entry.op === "put" && entry.value.kind === "appointment" ? entry.value : null;
    });
    const patient = await idOf("Äiti Mäkinen");
    const alike = { patients: [patient], therapist: "0".repeat(32), shortName: "Äiti Mäkinen" };
    expect(values).toEqual([
      expect.objectContaining({ ...alike, start: "2024-03-01T09:15", status: "done", room: "3" }),
      expect.objectContaining({ ...alike, start: "2024-03-08T09:15", minutes: 45 }),
    ]);
    expect(JSON.stringify(values)).not.toContain("avain");
  });
});

describe("a patient without a name", () => {
  const nameless = () => ({
    patients: sourceOf("numerot.csv", "Asiakasnumero;Sukunimi;Etunimet\nB7;;\n"),
  });

  test("is taken, named in the report, and called so in the caseload, in the words of who imports", async () => {
    const report = await importCsv(client, nameless(), { ...OPTIONS, nameless: "Ei nimeä" });
    expect(report).toMatchObject({
      patients: 1,
      rejected: [],
      warnings: [{ row: 2, field: "name", reason: "missing" }],
    });
    expect((await listPatients(client)).map(({ name }) => name)).toContain("Ei nimeä");
  });
});

describe("notes without a file of patients", () => {
  test("go to people of an earlier import, by the same number; others are named", async () => {
    const more = [
      "Asiakasnumero,Päivämäärä,Teksti",
      "A3,2024-05-01,Uusi käynti",
      "A8,2024-05-01,Kenen",
    ].join("\n");
    const report = await importCsv(client, { notes: sourceOf("uudet.csv", more) }, OPTIONS);
    expect(report).toMatchObject({ entries: 1, rejected: [{ row: 3, reason: "unknown-patient" }] });
    expect(readNotes(client, await openCare(client, await idOf("Aino Virtanen")))).toHaveLength(3);
  });
});

describe("a colleague", () => {
  test("who imports the same people is told row by row, and nothing is written", async () => {
    const { client: other } = await addMember(system, client, ["therapist"]);
    const report = await importCsv(other, sources(), OPTIONS);
    expect(report).toMatchObject({ patients: 0, entries: 0 });
    const refused = report.rejected.filter(({ reason }) => reason === "not-granted");
    expect(refused).toHaveLength(4 + 3 + 9);
    expect(await listPatients(other)).toEqual([]);
  });
});

describe("documents", () => {
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  const documentOf = (patient: string): DocumentSource & { sizeBytes: number } => ({
    name: "A1_lausunto.pdf",
    patient,
    title: "Lausunto",
    mediaType: "application/pdf",
    on: "2024-02-01",
    kind: null,
    sizeBytes: bytes.length,
    sha256: () => Promise.resolve(createHash("sha256").update(bytes).digest("hex")),
    stream: async function* () {
      yield await Promise.resolve(bytes);
    },
  });
  const options = { dryRun: false, onProgress: () => undefined, isStopped: () => false };

  test("are sealed attachments of whoever they name, once", async () => {
    const dry = await importDocuments(client, [documentOf("a1")], { ...options, dryRun: true });
    expect(dry).toMatchObject({ entries: 0, byType: { documents: 1 } });
    const list = [documentOf("a1"), documentOf("131052-308T"), documentOf("A99")];
    const report = await importDocuments(client, list, options);
    expect(report).toMatchObject({
      patients: 1,
      entries: 1,
      rejected: [
        { file: "A1_lausunto.pdf", reason: "unknown-patient" },
        { file: "A1_lausunto.pdf", reason: "unknown-patient" },
      ],
    });
    const patient = await idOf("Äiti Mäkinen");
    const again = await importDocuments(client, [documentOf(patient)], options);
    expect(again).toMatchObject({ entries: 0, unchanged: 1 });
    const bodies = await careBodies(client, patient);
    const document = bodies.find((body) => body.type === "document");
    expect(document).toMatchObject({ title: "Lausunto", on: "2024-02-01" });
    const { id, key, chunks, sizeBytes } = document?.attachment ?? {};
    if (id === undefined || key === undefined) throw new TypeError("no attachment");
    const link = {
      attachment: id as AttachmentId,
      key,
      chunks: chunks ?? 0,
      sizeBytes: sizeBytes ?? 0,
    };
    const parts: Uint8Array[] = [];
    const care = await openCare(client, patient);
    for await (const part of readAttachment(client.context, care, link)) parts.push(part);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });
});
