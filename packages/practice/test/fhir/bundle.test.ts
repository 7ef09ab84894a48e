import { inspect } from "node:util";
import type { Resource } from "@medplum/fhirtypes";
import { describe, expect, it } from "vitest";
import { FhirError, fhirDuplicateKey, mapBundle, parseBundleText } from "../../src/index.ts";
import { OPTIONS, PATIENT, bundleOf } from "./bundles.ts";

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

function refusal(work: () => unknown): Partial<FhirError> {
  const error = caught(work);
  if (!(error instanceof FhirError)) throw new TypeError("not refused as FHIR", { cause: error });
  const { code, resourceIndex, field } = error;
  return {
    code,
    ...(resourceIndex !== undefined && { resourceIndex }),
    ...(field !== undefined && { field }),
  };
}

const withEntries = (...entry: unknown[]) => ({
  resourceType: "Bundle",
  type: "collection",
  entry,
});
const refuse = (value: unknown) => refusal(() => mapBundle(value, OPTIONS));
const loose = (resource: object) => ({ resource });

describe("parseBundleText refuses", () => {
  it.each(["", "{", JSON.stringify(bundleOf()).slice(0, -1), "<Bundle/>", "undefined"])(
    "%s as not JSON",
    (text) => {
      expect(refusal(() => parseBundleText(text))).toEqual({ code: "not-json" });
    },
  );
  it("nothing of a whole bundle, with or without byte-order mark", () => {
    const text = JSON.stringify(bundleOf());
    expect(parseBundleText(`\uFEFF${text}`)).toEqual(parseBundleText(text));
  });
});

describe("mapBundle refuses", () => {
  it.each([[null], ["text"], [17], [[]], [{}], [{ name: "Aino" }], [{ resourceType: 1 }]])(
    "%j as not FHIR",
    (value) => {
      expect(refuse(value)).toEqual({ code: "not-fhir" });
    },
  );
  it("a lone patient, a bundle without type, and entries that are no list", () => {
    expect(refuse(PATIENT)).toEqual({ code: "not-a-bundle" });
    expect(refuse({ resourceType: "Bundle", entry: [] })).toEqual({ code: "not-a-bundle" });
    expect(refuse({ resourceType: "Bundle", type: "collection", entry: {} })).toEqual({
      code: "not-a-bundle",
    });
    const deep = JSON.parse(`${"[".repeat(50_000)}"collection"${"]".repeat(50_000)}`) as unknown;
    for (const type of [["collection"], deep])
      expect(refuse({ ...bundleOf(), type })).toEqual({ code: "not-a-bundle" });
  });
  it("no patient and several patients", () => {
    expect(refuse(withEntries())).toEqual({ code: "no-patient" });
    expect(refuse({ resourceType: "Bundle", type: "collection" })).toEqual({ code: "no-patient" });
    expect(refuse(bundleOf({ ...PATIENT, id: "p2" }))).toEqual({
      code: "several-patients",
      resourceIndex: 1,
    });
  });
  it("a resource about somebody else, kept types too", () => {
    const claim = (reference: string) =>
      bundleOf({ resourceType: "Claim", id: "c1", patient: { reference } } as Resource);
    expect(refuse(claim("Patient/p2"))).toEqual({
      code: "several-patients",
      resourceIndex: 1,
      field: "patient.reference",
    });
    expect(refuse(claim("https://ehr.example/fhir/Patient/p2"))).toMatchObject({
      code: "several-patients",
    });
    expect(refuse(claim("urn:uuid:00000000-0000-0000-0000-000000000000"))).toEqual({
      code: "resource-invalid",
      resourceIndex: 1,
      field: "patient.reference",
    });
    expect(() =>
      mapBundle(claim("https://ehr.example/fhir/Patient/p1/_history/3"), OPTIONS),
    ).not.toThrow();
  });
  it.each([
    ["an entry without resource", { fullUrl: "urn:uuid:1" }, "resource"],
    ["an entry that is null", null, "resource"],
    ["a missing resourceType", loose({ id: "1" }), "resourceType"],
    ["a resourceType that is none", loose({ resourceType: "../etc", id: "1" }), "resourceType"],
    ["a missing id", loose({ resourceType: "Claim" }), "id"],
    ["an id that is none", loose({ resourceType: "Claim", id: "a b" }), "id"],
    ["an id of 65 characters", loose({ resourceType: "Claim", id: "a".repeat(65) }), "id"],
    [
      "a full URL that is none",
      { ...loose({ resourceType: "Claim", id: "1" }), fullUrl: 5 },
      "fullUrl",
    ],
    [
      "a mapped resource whose field has the wrong type",
      loose({ resourceType: "Encounter", id: "1", status: "finished", period: "today" }),
      "period",
    ],
    [
      "a mapped resource without a required field",
      loose({ resourceType: "Encounter", id: "1" }),
      "status",
    ],
    [
      "a date that is none",
      loose({
        resourceType: "Encounter",
        id: "1",
        status: "finished",
        period: { start: "2026-02-31T25:00:00Z" },
      }),
      "period.start",
    ],
    [
      "an observation without code",
      loose({ resourceType: "Observation", id: "1", status: "final" }),
      "code",
    ],
    [
      "a quantity in words",
      loose({
        resourceType: "Observation",
        id: "1",
        status: "final",
        code: { text: "x" },
        valueQuantity: { value: "seven" },
      }),
      "valueQuantity.value",
    ],
  ])("%s, by index and field", (_name, entry, field) => {
    expect(refuse(withEntries(loose(PATIENT), entry))).toEqual({
      code: "resource-invalid",
      resourceIndex: 1,
      field,
    });
  });
  it("one id twice, because the second would be lost", () => {
    const claim = { resourceType: "Claim", id: "c1" } as Resource;
    expect(refuse(bundleOf(claim, claim))).toEqual({
      code: "resource-invalid",
      resourceIndex: 2,
      field: "id",
    });
  });
  it("without repeating anything from the bundle", () => {
    const secret = "131052-308T";
    const encounter = {
      resourceType: "Encounter",
      id: "e1",
      status: "finished",
      period: { start: secret, [secret]: 1 },
    } as unknown as Resource;
    const told = [
      caught(() => mapBundle(bundleOf(encounter), OPTIONS)),
      caught(() => parseBundleText(`{"id":"${secret}`)),
      caught(() => parseBundleText(`{"id":x${secret}}`)),
    ];
    expect(told.every((error) => error instanceof FhirError)).toBe(true);
    expect(inspect(told)).not.toContain(secret);
  });
});

describe("mapBundle refuses what is about somebody else", () => {
  const appointment = (...references: string[]): Resource => ({
    resourceType: "Appointment",
    id: "a1",
    status: "booked",
    start: "2026-07-02T11:00:00Z",
    participant: references.map((reference) => ({ actor: { reference }, status: "accepted" })),
  });
  it("in a list of subjects", () => {
    const account = { resourceType: "Account", id: "a1", status: "active" } as const;
    const of = (...references: string[]) =>
      bundleOf({ ...account, subject: references.map((reference) => ({ reference })) });
    const index = { resourceIndex: 1, field: "subject.reference" };
    expect(refuse(of("Patient/p1", "Patient/p2"))).toEqual({ code: "several-patients", ...index });
    expect(() => mapBundle(of("Patient/p1"), OPTIONS)).not.toThrow();
  });
  it("by a search instead of an id", () => {
    const claim = {
      resourceType: "Claim",
      id: "c1",
      patient: { reference: "Patient?identifier=7" },
    };
    const index = { resourceIndex: 1, field: "patient.reference" };
    expect(refuse(bundleOf(claim as Resource))).toEqual({ code: "resource-invalid", ...index });
  });
  it("by an appointment of others only, while one of a group with the patient stays", () => {
    const field = "participant.actor.reference";
    expect(refuse(bundleOf(appointment("Patient/p2")))).toEqual({
      code: "several-patients",
      resourceIndex: 1,
      field,
    });
    const group = bundleOf(appointment("Patient/p2", "Patient/p1", "Practitioner/t1"));
    expect(() => mapBundle(group, OPTIONS)).not.toThrow();
  });
  it("by a full URL that stands for two resources", () => {
    const claim = { resourceType: "Claim", id: "c1", patient: { reference: "urn:uuid:1" } };
    const entries = [PATIENT, claim].map((resource) => ({ resource, fullUrl: "urn:uuid:1" }));
    expect(refuse(withEntries(...entries))).toEqual({
      code: "resource-invalid",
      resourceIndex: 1,
      field: "fullUrl",
    });
  });
});

describe("mapBundle refuses without breaking", () => {
  const nested = (depth: number): unknown =>
    JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`) as unknown;
  const claim = (deep: unknown) => withEntries(loose(PATIENT), loose({ ...CLAIM, deep }));
  const CLAIM = { resourceType: "Claim", id: "c1" };
  it("nesting over 100 levels, and takes 100", () => {
    const deep = { code: "resource-invalid", resourceIndex: 1, field: "resource" };
    expect(refuse(claim(nested(100_000)))).toEqual(deep);
    expect(refuse(claim(nested(100)))).toEqual(deep);
    expect(() => mapBundle(claim(nested(99)), OPTIONS)).not.toThrow();
  });
  it("a day that no calendar has", () => {
    const encounter = { resourceType: "Encounter", id: "e1", status: "finished" };
    const on = (start: string) =>
      withEntries(loose(PATIENT), loose({ ...encounter, period: { start } }));
    const wrong = { code: "resource-invalid", resourceIndex: 1, field: "period.start" };
    expect(refuse(on("2026-02-29"))).toEqual(wrong);
    expect(refuse(on("2026-02-30T10:00:00Z"))).toEqual(wrong);
    expect(() => mapBundle(on("2024-02-29"), OPTIONS)).not.toThrow();
  });
});

describe("mapBundle takes", () => {
  it("words of the language itself as codes of a vocabulary it does not know", () => {
    const patient = {
      ...PATIENT,
      identifier: [{ system: "constructor", value: "1" }],
      address: [{ use: "constructor" }],
      telecom: [{ system: "phone", value: "1", use: "toString" }],
    };
    const { identity } = mapBundle(withEntries(loose(patient)), OPTIONS);
    expect(identity[0]?.body).toMatchObject({
      otherCodes: [{ system: "constructor", value: "1" }],
    });
  });
  it("an id of 64 characters", () => {
    expect(() =>
      mapBundle(bundleOf({ resourceType: "Claim", id: "a".repeat(64) } as Resource), OPTIONS),
    ).not.toThrow();
  });
});

describe("fhirDuplicateKey", () => {
  const keyOf = (patient: object) =>
    fhirDuplicateKey(withEntries(loose({ ...PATIENT, ...patient })));
  it("is the record number of the patient, whatever else changed", () => {
    expect(keyOf({})).toBe("identifier http://practice.example/mrn A-17");
    expect(keyOf({ name: [], identifier: [...(PATIENT.identifier ?? [])].reverse() })).toBe(
      keyOf({}),
    );
  });
  it("is the record number also where another identifier comes first in order", () => {
    const number = { system: "urn:z", value: "9", type: { coding: [{ code: "MR" }] } };
    expect(keyOf({ identifier: [{ system: "urn:a", value: "1" }, number] })).toBe(
      "identifier urn:z 9",
    );
  });
  it("tells apart equal record numbers of two systems, and equal ids with other numbers", () => {
    const numbered = (system: string) => keyOf({ identifier: [{ system, value: "1" }] });
    expect(numbered("http://a.example")).not.toBe(numbered("http://b.example"));
  });
  it("is the id where there is no identifier with system and value", () => {
    expect(
      keyOf({
        identifier: [
          { value: "1" },
          { system: "http://a.example" },
          { system: "http://a.example", value: " " },
        ],
      }),
    ).toBe("id Patient/p1");
    expect(keyOf({ identifier: undefined })).toBe("id Patient/p1");
  });
  it("refuses what mapBundle refuses", () => {
    expect(refusal(() => fhirDuplicateKey({}))).toEqual({ code: "not-fhir" });
  });
});
