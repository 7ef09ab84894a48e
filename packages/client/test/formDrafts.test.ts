import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseId, type EntryId } from "@sinetti/core";
import {
  FormDrafts,
  addPatient,
  generateDraftId,
  openCare,
  readCareState,
  writeCare,
  type CareWish,
  type Client,
  type FormPlace,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

const PLACE: FormPlace = { form: "plan", about: "0".repeat(32), changes: null };
const formsIn = ({ storage }: TestDeviceWorld): Promise<string[]> => storage.list("form/");

describe("a form that was begun", () => {
  test("is there again after the program was killed, without a request", async () => {
    const id = generateDraftId();
    await new FormDrafts(client).keep(PLACE, { id, body: { problem: "afraid of lifts" } });
    const again = await restart(system, world);
    const before = world.requests.length;
    const [kept] = await new FormDrafts(again).list();
    expect(kept).toMatchObject({ ...PLACE, id, body: { problem: "afraid of lifts" } });
    expect(world.requests).toHaveLength(before);
  });

  test("says on the disk neither what it is for nor what stands in it", async () => {
    const cells = [...world.storage.cells].filter(([name]) => name.startsWith("form/"));
    expect(cells).toHaveLength(1);
    for (const [name, value] of cells) {
      const text = name + Buffer.from(value).toString("latin1");
      for (const word of ["plan", PLACE.about ?? "", "lifts"]) expect(text).not.toContain(word);
    }
  });

  test("does not come back by a change that was on its way when it was thrown away", async () => {
    const forms = new FormDrafts(client);
    const [held] = await forms.list();
    if (held === undefined) throw new Error("nothing was kept");
    const change = forms.keep(PLACE, { id: held.id, body: { problem: "afraid of lifts too" } });
    await Promise.all([change, forms.drop([held.id])]);
    expect(await formsIn(world)).toEqual([]);
  });

  test("becomes one entry, however often it is signed", async () => {
    const { patient } = await addPatient(client, PERSON);
    const care = await openCare(client, patient);
    const entry = parseId<EntryId>(generateDraftId());
    const plan: CareWish = {
      type: "plan",
      status: "active",
      diagnoses: [],
      longTermGoals: ["Takes the bus."],
      objectives: [],
      interventions: [],
    };
    expect(await writeCare(client, care, plan, { entry })).toBe(entry);
    expect(await writeCare(client, care, plan, { entry })).toBe(entry);
    expect(readCareState(client, care).plan.map(({ current }) => current.entry)).toEqual([entry]);
  });
});
