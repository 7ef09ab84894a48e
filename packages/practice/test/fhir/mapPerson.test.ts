import { describe, expect, it } from "vitest";
import { mapBundle } from "../../src/index.ts";
import { OPTIONS, PATIENT, SUBJECT, map } from "./bundles.ts";

const mapPatient = (fields: object) =>
  mapBundle(
    {
      resourceType: "Bundle",
      type: "collection",
      entry: [{ resource: { ...PATIENT, ...fields } }],
    },
    OPTIONS,
  );

describe("Patient becomes", () => {
  const { identity, patient, byType, warnings } = map();
  it("the identity file's person", () => {
    expect([patient, byType, warnings]).toEqual([
      "Patient/p1",
      { Patient: { mapped: 1, kept: 0 } },
      [],
    ]);
    expect(identity[0]).toMatchObject({
      sourceId: "Patient/p1",
      body: {
        type: "person",
        name: { given: ["Aino", "Kyllikki"], family: "Esimerkki" },
        preferredName: "Ansku",
        formerNames: [{ given: ["Aino"], family: "Mallikas" }],
        personalCode: { country: "FI", value: "131052-308T" },
        otherCodes: [{ system: "http://practice.example/mrn", kind: "MR", value: "A-17" }],
        birthDate: "1952-10-13",
        sex: "female",
        phones: [{ use: "mobile", value: "040 123 4567" }],
        emails: ["aino@example.org"],
        language: "fi",
        addresses: [
          { use: "home", lines: ["Katu 1"], postalCode: "00100", city: "Helsinki", country: "FI" },
        ],
      },
    });
  });
  it("and its contacts, under ids of their own", () => {
    expect(identity[1]).toMatchObject({
      sourceId: "Patient/p1#contact-0",
      body: {
        type: "contact",
        roles: ["emergency"],
        name: { text: "Väinö", given: [] },
        phones: [{ value: "050 1" }],
      },
    });
  });
  it("a change for a code that no longer holds, so that the patient is found by it", () => {
    const old = {
      use: "old",
      system: "urn:oid:1.2.246.21",
      value: "131052-9107",
      period: { end: "2020-05-01" },
    };
    const { identity: drafts } = mapPatient({ identifier: [old, ...(PATIENT.identifier ?? [])] });
    expect(drafts.find(({ body }) => body.type === "codeChange")).toEqual({
      sourceId: "Patient/p1#code-0",
      body: {
        v: 1,
        type: "codeChange",
        at: OPTIONS.at,
        old: { country: "FI", value: "131052-9107" },
        new: { country: "FI", value: "131052-308T" },
        on: "2020-05-01",
        reason: "other",
      },
    });
  });
  it("a warning, and no personal code, when the Finnish code does not hold", () => {
    const wrong = mapPatient({
      identifier: [{ system: "urn:oid:1.2.246.21", value: "131052-308U" }],
    });
    expect(wrong.warnings).toEqual([
      { code: "identity-code-invalid", resourceIndex: 0, field: "identifier.0.value" },
    ]);
    const body = wrong.identity[0]?.body;
    expect(body).not.toHaveProperty("personalCode");
    expect(body).toMatchObject({ otherCodes: [{ value: "131052-308U" }] });
  });
  it("a person without a name, with a warning", () => {
    const unnamed = mapPatient({ name: undefined });
    expect(unnamed.warnings).toEqual([{ code: "name-missing", resourceIndex: 0, field: "name" }]);
    expect(unnamed.identity[0]?.body).toMatchObject({ name: { given: [] } });
  });
  it("a deceased person with or without a date", () => {
    expect(
      mapPatient({ deceasedDateTime: "2025-05-01T10:00:00Z" }).identity[0]?.body,
    ).toMatchObject({ deceased: { on: "2025-05-01" } });
    expect(mapPatient({ deceasedBoolean: true }).identity[0]?.body).toMatchObject({ deceased: {} });
    expect(mapPatient({ deceasedBoolean: false }).identity[0]?.body).not.toHaveProperty("deceased");
  });
});

describe("RelatedPerson becomes", () => {
  const roleOf = (code: string) => {
    const { identity } = map({
      resourceType: "RelatedPerson",
      id: "r1",
      patient: SUBJECT,
      relationship: [{ coding: [{ code }] }],
      name: [{ given: ["Anna"], family: "Esimerkki" }],
    });
    const body = identity.at(-1)?.body;
    return body?.type === "contact" ? body.roles : undefined;
  };
  it("a guardian only when called so: a parent of an adult is next of kin", () => {
    expect([roleOf("GUARD"), roleOf("MTH"), roleOf("ECON"), roleOf("XYZ")]).toEqual([
      ["guardian"],
      ["next-of-kin"],
      ["emergency"],
      ["other"],
    ]);
  });
});
