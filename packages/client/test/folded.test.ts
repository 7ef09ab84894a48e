import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileId } from "@sinetti/core";
import { openRoster, putPatients, type Client, type Roster } from "@sinetti/client";
import { changeManyFolded } from "../src/records/folded.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

const idOf = (number: number): FileId => number.toString(16).padStart(32, "0") as FileId;

function put(of: Client, roster: Roster, number: number): Promise<void> {
  const patient = idOf(number);
  return putPatients(of.context, roster, [
    {
      patient,
      name: `P ${number}`,
      files: { identity: patient },
      unfinishedNotes: [],
      lastMeasures: [],
    },
  ]);
}

/** Another session of the same device's storage: it knows nothing of what the first writes from now on. */
async function second(): Promise<Client> {
  const twin = await restart(system, { ...world, storage: world.storage });
  return twin;
}

test("a snapshot keeps what somebody else wrote since the file was opened", async () => {
  const other = await second();
  const theirs = await openRoster(other.context, true);
  const mine = await openRoster(client.context, true);
  for (let number = 1; number < 200; number++) await put(client, mine, number);
  await put(other, theirs, 900);
  await put(client, mine, 200);
  await put(client, mine, 201);
  const { values, file } = await openRoster(client.context, true);
  expect(file.record.snapshotSeq).not.toBeNull();
  expect(values.has(idOf(900))).toBe(true);
  expect(values.size).toBe(202);
});

test("an exact change is refused where somebody was first, and nothing of it waits", async () => {
  const other = await second();
  const theirs = await openRoster(other.context, true);
  const mine = await openRoster(client.context, true);
  await put(other, theirs, 901);
  const line = mine.values.get(idOf(1));
  if (line === undefined) throw new TypeError("no line");
  await expect(
    changeManyFolded(
      client.context,
      [{ folded: mine, changes: [{ key: idOf(902), value: line }] }],
      { compartment: "roster", isExact: true },
    ),
  ).rejects.toMatchObject({ problem: "conflict" });
  const { values } = await openRoster(client.context, true);
  expect([values.has(idOf(901)), values.has(idOf(902))]).toEqual([true, false]);
  expect(await client.context.outbox.left()).toEqual([]);
});

test("a list that is held open is opened and folded once, for each who asks a map of their own; a lock ends that", async () => {
  const once = await openRoster(client.context, true);
  await put(client, once, 950);
  const first = await openRoster(client.context, true);
  const again = await openRoster(client.context, true);
  expect(again.values.get(idOf(950))).toBe(first.values.get(idOf(950)));
  first.values.delete(idOf(950));
  expect((await openRoster(client.context, true)).values.has(idOf(950))).toBe(true);
  client.lock();
  const later = await openRoster(client.context, true);
  expect(later.values.get(idOf(950))).toEqual(again.values.get(idOf(950)));
  expect(later.values.get(idOf(950))).not.toBe(again.values.get(idOf(950)));
});
