import { afterAll, beforeAll, expect, test } from "vitest";
import { parseId, type SiteId } from "@sinetti/core";
import {
  addPatient,
  addPayer,
  grantOffice,
  listBeforeOffice,
  lookUpPatients,
  openDirectory,
  openTeam,
  readFrontDesk,
  sites,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

const ZONE = "Europe/Helsinki";
const BORN = "1980-02-03";
const CALLER = { name: "Aino Virtanen", born: BORN };

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;
let patient: string;
let office: Awaited<ReturnType<typeof addMember>>;

/** A therapist who worked alone at first, with one patient and who pays for them; then reception is hired. */
beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
  ({ patient } = await addPatient(client, { ...PERSON, birthDate: BORN }));
  await addPayer(client, patient, {
    payer: "kela",
    validFrom: "2026-01-01",
    validTo: "2026-12-31",
    sessionsGranted: 40,
    sessionsUsedBefore: 0,
    shareCents: 5760,
    warnSessionsLeft: 5,
    warnDaysLeft: 30,
  });
});
afterAll(() => system.stop());

test("without an office nobody is unknown to it, and nobody can be shown to it", async () => {
  expect(await listBeforeOffice(client)).toEqual([]);
  await expect(grantOffice(client, patient)).rejects.toMatchObject({ code: "refused" });
});

test("who was registered before the office came is found by it once their therapist lets it in", async () => {
  office = await addMember(system, client, ["office"]);
  const [site] = sites(await openDirectory(client.context));
  await openTeam(client.context, {
    kind: "office",
    site: parseId<SiteId>(site?.id ?? ""),
    members: [office.member],
  });
  await office.client.context.practice.sync(office.client.context.services);
  expect(await listBeforeOffice(client)).toEqual([patient]);
  expect(await lookUpPatients(office.client, CALLER)).toEqual([{ patient, name: "" }]);

  await grantOffice(client, patient);
  expect(await lookUpPatients(office.client, CALLER)).toEqual([{ patient, name: "Aino Virtanen" }]);
  const { office: desk } = await readFrontDesk(office.client, patient, { zone: ZONE });
  expect(desk.payers).toMatchObject([{ payer: { payer: "kela" } }]);
});

test("nothing is asked any more once the office knows everybody, whoever is registered after that", async () => {
  expect(await listBeforeOffice(client)).toEqual([]);
  await addPatient(client, { ...PERSON, name: { family: "Toinen", given: ["Eero"] } });
  world.requests.length = 0;
  expect(await listBeforeOffice(client)).toEqual([]);
  expect(world.requests).toEqual([]);
});
