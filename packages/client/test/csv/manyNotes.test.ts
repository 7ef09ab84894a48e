import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Client,
  importCsv,
  listPatients,
  openCare,
  readNotes,
  type CsvImportOptions,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { foundPractice, type TestDeviceWorld } from "../testWorld.ts";
import { sourceOf, utf16 } from "./csvSources.ts";

const PATIENTS = 200;
const NOTES = 2000;
/** Every second of them is somebody's second row. */
const TWICE = 20;

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;
let held = 0;

const options = (isStopped: () => boolean): CsvImportOptions => ({
  dryRun: false,
  isStrict: false,
  zone: "Europe/Helsinki",
  mapping: null,
  therapistOf: () => null,
  onProgress: () => undefined,
  isStopped,
});

/** Note `n` is of patient `n * 7 mod 200`: nobody's notes lie together. */
const ownerOf = (note: number): number => (note * 7) % PATIENTS;
const people = [
  "Client ID,Last Name,First Name,Date of Birth",
  ...Array.from({ length: PATIENTS }, (_, n) => `C${n},Family${n},Given,3/14/${1950 + (n % 50)}`),
  ...Array.from({ length: TWICE }, (_, n) => `X${n},Family${n},Given,3/14/${1950 + (n % 50)}`),
].join("\n");
const notes = [
  "Client ID,Session Date,Progress Note",
  ...Array.from(
    { length: NOTES },
    (_, n) => `C${ownerOf(n)},2024-01-${10 + (n % 18)},"Note ${n}\nof ${ownerOf(n)}"`,
  ),
].join("\n");

const sources = () => ({
  patients: sourceOf("clients.csv", people),
  notes: { ...sourceOf("notes.csv", utf16(notes, true)) },
});

/** A new program on the same device. */
async function again(): Promise<Client> {
  system.clock.advance(600);
  return Client.of(world, client.context.device, system.endpoints);
}

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

describe("two thousand unsorted notes of two hundred people", () => {
  test("are all there, each once and with its own, though the import was stopped in between", async () => {
    let asked = 0;
    const first = await importCsv(
      client,
      sources(),
      options(() => ++asked > 2),
    );
    expect(first.patients).toBeGreaterThan(0);
    expect(first.patients).toBeLessThan(PATIENTS);
    const second = await importCsv(
      await again(),
      sources(),
      options(() => false),
    );
    expect(first.patients + second.patients).toBe(PATIENTS);
    expect(second.byType).toEqual({ patients: PATIENTS, appointments: 0, notes: NOTES });
    expect(second.rejected).toEqual([]);
    held = first.entries + second.entries;
    expect(held).toBe(second.planned);
  });

  test("read back word for word, in the order of their days", async () => {
    const reader = await again();
    const patients = await listPatients(reader);
    expect(patients).toHaveLength(PATIENTS);
    for (const { patient, name } of patients.slice(0, 10)) {
      const owner = Number(/Family(\d+)$/.exec(name)?.[1]);
      const histories = readNotes(reader, await openCare(reader, patient));
      const days = histories.map(({ original }) => original.session.date);
      expect(days).toEqual(days.toSorted());
      const own = Array.from({ length: NOTES }, (_, n) => n).filter((n) => ownerOf(n) === owner);
      const texts = histories.map(({ current }) => current.sections[0]?.text);
      expect(new Set(texts)).toEqual(new Set(own.map((n) => `Note ${n}\nof ${owner}`)));
      expect(texts).toHaveLength(own.length);
    }
  });

  test("add nothing when they come again, and leave nothing of themselves on the device", async () => {
    const report = await importCsv(
      await again(),
      sources(),
      options(() => false),
    );
    expect(report).toMatchObject({ patients: 0, entries: 0, unchanged: PATIENTS });
    const unopened = [...world.storage.cells.keys()].filter((name) => name.includes("/link/"));
    expect(unopened.length).toBeLessThan(PATIENTS);
  });
});
