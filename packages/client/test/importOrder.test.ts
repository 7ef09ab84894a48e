import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";

import { importFhir, openRoster, type Client } from "@sinetti/client";

import { databaseUrlToOptions } from "../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { foundPractice } from "./testWorld.ts";

let system: TestSystem;
let client: Client;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client } = await foundPractice(system));
});
afterAll(() => system.stop());

/** A bundle of somebody invented, with one encounter. */
function bundle(number: number): string {
  const patient = {
    resourceType: "Patient",
    id: `p${number}`,
    name: [{ family: `Order${number}`, given: ["Invented"] }],
  };
  const encounter = {
    resourceType: "Encounter",
    id: `e${number}`,
    status: "finished",
    class: { code: "AMB" },
    subject: { reference: `Patient/p${number}` },
  };
  const entry = [{ resource: patient }, { resource: encounter }];
  return JSON.stringify({ resourceType: "Bundle", type: "collection", entry });
}

/** The files of a compartment as they lie on the disk of a vault. */
async function filesInOrder(vault: "who" | "what", compartment: string): Promise<string[]> {
  const sql = postgres({ ...databaseUrlToOptions(system.databases[vault].superUrl), max: 1 });
  try {
    const rows = await sql<{ file: string }[]>`
      select encode(file, 'hex') as file from access_links join files using (practice, file)
      where seq = 0 and compartment = ${compartment} order by access_links.ctid`;
    return rows.map(({ file }) => file);
  } finally {
    await sql.end();
  }
}

it("an import writes each vault in an order of its own, so that their rows do not pair by place", async () => {
  const sources = Array.from({ length: 24 }, (_, number) => ({
    name: `${number}.json`,
    read: () => Promise.resolve(bundle(number)),
  }));
  await importFhir(client, sources, {
    dryRun: false,
    zone: "Europe/Helsinki",
    onProgress: () => undefined,
    isStopped: () => false,
  });
  const roster = await openRoster(client.context, true);
  const careOf = new Map(
    [...roster.values.values()].map((line) => [line.patient, line.files.care]),
  );
  const who = await filesInOrder("who", "identity");
  const what = await filesInOrder("what", "care");
  expect(who).toHaveLength(24);
  expect(what).toHaveLength(24);
  const paired = who.filter((file, place) => careOf.get(file) === what[place]);
  expect(paired.length).toBeLessThan(24);
});
