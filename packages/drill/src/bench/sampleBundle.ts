import type { FhirSource } from "@sinetti/client";

const ENCOUNTERS = 60;
const DAY_MS = 86_400_000;
const START = Date.parse("2024-01-08T09:00:00Z");

function patientOf(number: number): object {
  return {
    resourceType: "Patient",
    id: `patient-${number}`,
    identifier: [{ system: "https://example.test/record-number", value: String(number) }],
    name: [{ use: "official", family: `Sample${number}`, given: ["Invented"] }],
    gender: "unknown",
    birthDate: "1980-01-01",
  };
}

function encounterOf(patient: number, number: number): object {
  const start = START + number * 7 * DAY_MS;
  return {
    resourceType: "Encounter",
    id: `encounter-${patient}-${number}`,
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
    type: [
      {
        coding: [{ system: "http://snomed.info/sct", code: "75516001", display: "Psychotherapy" }],
      },
    ],
    subject: { reference: `Patient/patient-${patient}` },
    period: {
      start: new Date(start).toISOString(),
      end: new Date(start + 45 * 60_000).toISOString(),
    },
  };
}

/** FHIR R4 bundles of invented patients, each with a year of weekly sessions. */
export function sampleBundles(count: number): FhirSource[] {
  return Array.from({ length: count }, (_, patient) => {
    const encounters = Array.from({ length: ENCOUNTERS }, (_each, number) =>
      encounterOf(patient, number),
    );
    const entry = [patientOf(patient), ...encounters].map((resource) => ({ resource }));
    const text = JSON.stringify({ resourceType: "Bundle", type: "collection", entry });
    return { name: `sample-${patient}.json`, read: () => Promise.resolve(text) };
  });
}
