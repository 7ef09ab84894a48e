import { expect, it } from "vitest";

import { fhirNeedles } from "../../src/theft/fhirNeedles.ts";

const bundle = (...resources: object[]): string =>
  JSON.stringify({ resourceType: "Bundle", entry: resources.map((resource) => ({ resource })) });

it("takes of a bundle what says who somebody is, and what was written about them", () => {
  const patient = {
    resourceType: "Patient",
    name: [{ given: ["Tuulikki", "Orvokki"], family: "Lehmusvaara" }],
    identifier: [{ value: "010190-999X" }, { value: "short" }],
    telecom: [{ value: "+46 70 174 06 05" }],
    address: [{ line: ["Esimerkkitie 12 A 3"], city: "Mallila" }],
  };
  const condition = {
    resourceType: "Condition",
    code: { text: "Moderate depressive episode" },
    note: [{ text: "She has not slept since the move." }],
  };
  const note = "Visit\n\nShe told of the evening when the letter from her sister came.";
  const document = {
    resourceType: "DocumentReference",
    content: [{ attachment: { data: Buffer.from(note).toString("base64") } }],
  };
  expect(fhirNeedles(bundle(patient, condition, document))).toEqual([
    "Tuulikki Orvokki Lehmusvaara",
    "010190-999X",
    "+46 70 174 06 05",
    "Esimerkkitie 12 A 3",
    "She has not slept since the move.",
    "She told of the evening when the letter from her sister came.",
  ]);
});

it("takes nothing of codes and words that are the same everywhere", () => {
  const encounter = {
    resourceType: "Encounter",
    type: [{ text: "Psychotherapy session, individual" }],
  };
  expect(fhirNeedles(bundle(encounter))).toEqual([]);
  expect(fhirNeedles(JSON.stringify([]))).toEqual([]);
});
