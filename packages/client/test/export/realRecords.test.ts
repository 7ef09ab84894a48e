import { existsSync, readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  exportPatient,
  importFhir,
  listPatients,
  type Client,
  type FhirSource,
  type ImportReport,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { foundPractice } from "../testWorld.ts";
import { openPackage, testTools, textOf } from "./packages.ts";

const FOLDER = new URL("../../../../../shared/data/fhir/", import.meta.url);
/** As many as show it: every bundle goes through the mapping alone in the tests of the practice package. */
const names = existsSync(FOLDER) ? readdirSync(FOLDER).slice(0, 3) : [];
const made = {
  resourceType: "Bundle",
  type: "collection",
  entry: [
    { resource: { resourceType: "Patient", id: "p1", name: [{ family: "Esimerkki" }] } },
    { resource: { resourceType: "Basic", id: "b1", code: { text: "kept" } } },
  ],
};
const bundles = [
  JSON.stringify(made),
  ...names.map((name) =>
    gunzipSync(readFileSync(new URL(encodeURIComponent(name), FOLDER))).toString("utf8"),
  ),
];

let systems: TestSystem[];
beforeAll(async () => {
  systems = [await startTestSystem(), await startTestSystem()];
});
afterAll(async () => {
  await Promise.all(systems.map((system) => system.stop()));
});

function take(client: Client, texts: readonly string[]): Promise<ImportReport> {
  const sources = texts.map((text, index): FhirSource => ({
    name: `${index}.json`,
    read: () => Promise.resolve(text),
  }));
  return importFhir(client, sources, {
    dryRun: false,
    zone: "Europe/Helsinki",
    onProgress: () => undefined,
    isStopped: () => false,
  });
}

test(`${bundles.length} records from elsewhere, ${names.length} of them real, leave one practice and are the same in another`, async () => {
  const identity = await generateIdentity();
  const to = { recipients: [await identityToRecipient(identity)] };
  const clients: Client[] = [];
  for (const system of systems) clients.push((await foundPractice(system)).client);
  const [first, second] = clients as [Client, Client];
  const before = await take(first, bundles);
  const out: string[] = [];
  for (const { patient } of await listPatients(first)) {
    const { tools, sealed } = testTools();
    const wish = { to, forWhom: "patient", reason: "portability" as const, withhold: [] };
    await exportPatient(first, patient, { wish, tools });
    out.push(textOf(await openPackage(sealed(), { identities: [identity] }), "record.fhir.json"));
  }
  const after = await take(second, out);
  expect(after).toEqual(before);
  const namesOf = async (client: Client) =>
    (await listPatients(client)).map(({ name }) => name).sort();
  expect(await namesOf(second)).toEqual(await namesOf(first));
  const [one, other] = [
    JSON.parse(bundles[0] ?? ""),
    out.map((text) => JSON.parse(text) as object),
  ];
  expect(JSON.stringify(other)).toContain(JSON.stringify(one.entry[1].resource));
});
