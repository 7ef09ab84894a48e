import { afterAll, beforeAll, expect, test } from "vitest";
import { Client, importCsv, lookUpPatients, type CsvImportOptions } from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { foundPractice, type TestDeviceWorld } from "../testWorld.ts";
import { sourceOf } from "./csvSources.ts";

const DAY_SECONDS = 86_400;
/** Each takes the 32 tokens that one file may have in a day; the gate gives a member 4000. */
const PATIENTS = 130;
const LISTED = 125;
const PHONES = 40;

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

const table = [
  ["Client ID", "Name", ...Array.from({ length: PHONES }, () => "Phone")].join(","),
  ...Array.from({ length: PATIENTS }, (_, n) =>
    [
      `C${n}`,
      `Given Family${n}`,
      ...Array.from({ length: PHONES }, (_each, m) => 4_000_000 + n * 100 + m),
    ].join(","),
  ),
].join("\n");

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

test("an import goes on when the gate lists no more patients for one member in a day, and the next run lists them", async () => {
  const sources = () => ({ patients: sourceOf("clients.csv", table) });
  const first = await importCsv(client, sources(), OPTIONS);
  expect(first).toMatchObject({ patients: PATIENTS, unlisted: PATIENTS - LISTED, rejected: [] });
  system.clock.advance(DAY_SECONDS + 1);
  const again = await Client.of(world, client.context.device, system.endpoints);
  const second = await importCsv(again, sources(), OPTIONS);
  expect(second).toMatchObject({ patients: 0, entries: 0, unlisted: 0 });
  for (const number of [0, PATIENTS - 1])
    expect(await lookUpPatients(again, { name: `Family${number} Given` })).toHaveLength(1);
});
