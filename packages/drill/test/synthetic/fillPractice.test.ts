import { afterAll, beforeAll, expect, it } from "vitest";

import {
  finishDevice,
  listPatients,
  lookUpPatients,
  openCare,
  readEntries,
  readDrafts,
} from "@sinetti/client";

import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { INVENTED_PASSWORD } from "../../src/synthetic/admitStaff.ts";
import type { PracticeWish } from "../../src/synthetic/caseload.ts";
import {
  fillPractice,
  runCaseload,
  type FillOptions,
  type Filled,
} from "../../src/synthetic/fillPractice.ts";
import { memoryDevices } from "../memoryWorld.ts";

const WISH: PracticeWish = {
  seed: "fill",
  patients: 12,
  meanEntries: 12,
  until: "2026-10-30",
  patientsEach: 6,
  plant: ["Kyyhkynen Quarrington", 'Zettergren "the \\ second"'],
};

let system: TestSystem;
let options: FillOptions;
let first: Filled;

beforeAll(async () => {
  system = await startTestSystem();
  const openDevice = memoryDevices(system);
  options = {
    wish: WISH,
    endpoints: system.endpoints,
    installationCode: system.code(),
    openDevice,
    runTask: (task, hooks) => runCaseload(task, openDevice, hooks),
    workers: 2,
    onProgress: () => undefined,
    isStopped: () => false,
  };
  // Ends after the first therapist's patients, as Ctrl-C would.
  let done = 0;
  const cut = await fillPractice({
    ...options,
    workers: 1,
    onProgress: (patients) => (done = patients),
    isStopped: () => done > 0,
  });
  if (cut.patients !== 6) throw new Error("the first run was to end after one therapist");
  first = await fillPractice({ ...options, installationCode: undefined });
});
afterAll(() => system.stop());

it("goes on where an earlier run was ended", () => {
  expect(first.patients).toBe(6);
  expect(first.staff).toBe(4);
});

it("tells apart what was invented from what was written", () => {
  const { seconds, inventSeconds, inventCpuSeconds, heapBytes } = first.effort;
  expect(inventCpuSeconds).toBeGreaterThan(0);
  expect(inventSeconds).toBeGreaterThan(0);
  expect(inventSeconds).toBeLessThan(seconds);
  expect(seconds).toBeLessThan(first.phases.recordsSeconds * options.workers);
  expect(heapBytes).toBeGreaterThan(0);
});

it("adds nothing in a second run", async () => {
  const again = await fillPractice({ ...options, installationCode: undefined });
  expect(again).toMatchObject({ patients: 0, entries: 0, attachments: 0, drafts: 0 });
});

it("leaves each therapist their own patients, with what was planted really stored", async () => {
  const { world } = options.openDevice("therapist-1");
  const client = await finishDevice(world, {
    password: INVENTED_PASSWORD,
    endpoints: system.endpoints,
  });
  const patients = await listPatients(client);
  expect(patients).toHaveLength(6);
  const [row] = await lookUpPatients(client, { name: WISH.plant[0] ?? "" });
  const care = await openCare(client, row?.patient ?? "");
  const texts = readEntries(client.context, care).map(({ body }) => new TextDecoder().decode(body));
  expect(texts.filter((text) => text.includes(WISH.plant[0] ?? ""))).toHaveLength(14);
  const drafts = await readDrafts(client.context, care);
  expect(
    drafts.some(({ body }) => new TextDecoder().decode(body).includes(WISH.plant[0] ?? "")),
  ).toBe(true);
});
