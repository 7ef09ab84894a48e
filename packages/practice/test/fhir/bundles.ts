import { createHash } from "node:crypto";
import type { Bundle, Patient, Resource } from "@medplum/fhirtypes";
import { mapBundle } from "../../src/index.ts";
import type { MapOptions, MappedBundle } from "../../src/index.ts";

/** SHA-256 of a text, as the client passes it in. */
export const sha256 = (text: string): string =>
  createHash("sha256").update(text, "utf8").digest("hex");

/** What the tests pass to the mapping. */
export const OPTIONS: MapOptions = { at: "2026-03-02T10:00:00Z", zone: "Europe/Helsinki", sha256 };

/** An invented patient. */
export const PATIENT: Patient = {
  resourceType: "Patient",
  id: "p1",
  identifier: [
    { system: "urn:oid:1.2.246.21", value: "131052-308T" },
    { system: "http://practice.example/mrn", value: "A-17", type: { coding: [{ code: "MR" }] } },
  ],
  name: [
    { use: "old", given: ["Aino"], family: "Mallikas" },
    { use: "official", given: ["Aino", "Kyllikki"], family: "Esimerkki" },
    { use: "nickname", given: ["Ansku"] },
  ],
  gender: "female",
  birthDate: "1952-10-13",
  telecom: [
    { system: "phone", value: "040 123 4567", use: "mobile" },
    { system: "email", value: "aino@example.org" },
    { system: "fax", value: "09 123" },
  ],
  address: [
    { use: "home", line: ["Katu 1"], postalCode: "00100", city: "Helsinki", country: "FI" },
  ],
  communication: [
    { language: { coding: [{ code: "sv" }] } },
    { language: { coding: [{ code: "fi" }] }, preferred: true },
  ],
  contact: [
    {
      relationship: [{ coding: [{ code: "C" }] }],
      name: { text: "Väinö" },
      telecom: [{ system: "phone", value: "050 1" }],
    },
  ],
};

/** A reference to the invented patient. */
export const SUBJECT = { reference: "Patient/p1" };

/** A collection of the invented patient and these resources. */
export function bundleOf(...resources: Resource[]): Bundle {
  return {
    resourceType: "Bundle",
    type: "collection",
    entry: [PATIENT, ...resources].map((resource) => ({ resource })),
  };
}

/** The bundle of these resources, mapped. */
export function map(...resources: Resource[]): MappedBundle {
  return mapBundle(bundleOf(...resources), OPTIONS);
}

/** Every original in a mapped bundle by its source id, put together from bodies and kept parts; fails on one held twice. */
export function originalsOf(mapped: MappedBundle): Map<string, string> {
  const held = new Map<string, string>();
  const add = (sourceId: string, json: string, isPart = false) => {
    if (held.has(sourceId) && !isPart) throw new TypeError(`${sourceId} is held twice`);
    held.set(sourceId, (held.get(sourceId) ?? "") + json);
  };
  for (const { body } of [...mapped.identity, ...mapped.care, ...mapped.office]) {
    const sources =
      body.type === "observations"
        ? body.observations.map(({ source }) => source)
        : "source" in body && body.source
          ? [body.source]
          : [];
    for (const { sourceId, json } of sources) if (json !== undefined) add(sourceId, json);
  }
  for (const { body } of mapped.kept)
    if (body.type === "sourceDocument")
      for (const { sourceId, content, part } of body.documents)
        add(sourceId, content, (part?.index ?? 0) > 0);
  return held;
}
