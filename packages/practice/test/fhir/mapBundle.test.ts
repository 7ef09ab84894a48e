import type { Bundle, Resource } from "@medplum/fhirtypes";
import { describe, expect, it } from "vitest";
import { MAPPED_FHIR_TYPES, countHeldResources, mapBundle } from "../../src/index.ts";
import type { MappedBundle } from "../../src/index.ts";
import { OPTIONS, PATIENT, SUBJECT, bundleOf, map, originalsOf, sha256 } from "./bundles.ts";

const appointment = {
  resourceType: "Appointment",
  id: "a1",
  status: "noshow",
  start: "2026-07-02T11:00:00Z",
  end: "2026-07-02T11:45:00Z",
  reasonCode: [{ text: "Panic attacks" }],
  participant: [{ actor: SUBJECT, status: "accepted" }],
} satisfies Resource;
const claims = (count: number, size = 10) =>
  Array.from(
    { length: count },
    (_, index) =>
      ({
        resourceType: "Claim",
        id: `c${index}`,
        patient: SUBJECT,
        text: { status: "generated", div: "ä".repeat(size) },
      }) as unknown as Resource,
  );
const pdf = (units: number): Resource => ({
  resourceType: "DocumentReference",
  id: "d1",
  status: "current",
  subject: SUBJECT,
  content: [{ attachment: { contentType: "application/pdf", data: "A".repeat(units) } }],
});
const bodiesOf = ({ identity, care, office, kept }: MappedBundle) =>
  [...identity, ...care, ...office, ...kept].map(({ body }) => body);

/** Every resource of the bundle is held once, word for word. */
function expectLossless(bundle: Bundle, mapped: MappedBundle): void {
  const originals = originalsOf(mapped);
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
  expect([...originals.keys()].sort()).toEqual(
    resources.map(({ resourceType, id }) => `${resourceType}/${id}`).sort(),
  );
  for (const resource of resources)
    expect(JSON.parse(originals.get(`${resource.resourceType}/${resource.id}`) ?? "")).toEqual(
      resource,
    );
  expect(countHeldResources(bodiesOf(mapped))).toEqual(mapped.byType);
}

describe("mapBundle loses nothing", () => {
  it.each([
    [
      "of what it does not know",
      [
        {
          resourceType: "Whatever",
          id: "w1",
          strange: { deep: [1.5, null] },
        } as unknown as Resource,
      ],
    ],
    [
      "of what has no home here",
      [...claims(3), { resourceType: "Immunization", id: "i1", patient: SUBJECT } as Resource],
    ],
    ["of what it maps apart from its original", [appointment]],
    ["of originals too large for an entry", [pdf(1_000_000)]],
    ["of many originals", claims(600, 100)],
    [
      "of mapped resources that turn out to say nothing",
      [
        {
          resourceType: "Procedure",
          id: "x",
          status: "completed",
          subject: SUBJECT,
        } satisfies Resource,
      ],
    ],
  ])("%s", (_what, resources) => {
    const bundle = bundleOf(...resources);
    expectLossless(bundle, mapBundle(bundle, OPTIONS));
  });

  it("and says the SHA-256 of each original, and the URL it came under", () => {
    const entry = [
      { fullUrl: "urn:uuid:1", resource: PATIENT },
      { fullUrl: "https://ehr.example/Claim/c0", resource: claims(1)[0] },
    ];
    const { identity, kept } = mapBundle(
      { resourceType: "Bundle", type: "collection", entry },
      OPTIONS,
    );
    expect(identity[0]?.body).toMatchObject({
      source: { url: "urn:uuid:1", sha256: sha256(JSON.stringify(PATIENT)) },
    });
    expect(kept[0]?.body).toMatchObject({
      documents: [
        { url: "https://ehr.example/Claim/c0", sha256: sha256(JSON.stringify(claims(1)[0])) },
      ],
    });
  });
});

describe("kept originals", () => {
  const sizesOf = ({ kept }: MappedBundle) =>
    kept.map(({ body }) => new TextEncoder().encode(JSON.stringify(body)).length);
  it("stand together by type, about 48 KiB to an entry", () => {
    const mapped = map(...claims(100, 1000));
    expect(mapped.kept.length).toBeLessThan(10);
    expect(Math.max(...sizesOf(mapped))).toBeLessThan(64 * 1024);
    expect(mapped.byType["Claim"]).toEqual({ mapped: 0, kept: 100 });
  });
  it.each(["", "x"])(
    "come in parts when one is very large, never cut in a character (%j)",
    (before) => {
      const div = before + "😀".repeat(500_001);
      const mapped = map({ ...claims(1)[0], text: { status: "generated", div } } as Resource);
      expect(mapped.kept.length).toBe(3);
      expect(mapped.byType["Claim"]).toEqual({ mapped: 0, kept: 1 });
      expect(Math.max(...sizesOf(mapped))).toBeLessThan(4 * 1024 * 1024);
      expect(bodiesOf(mapped).every((body) => JSON.stringify(body).search(/\\ud[89a-f]/) < 0)).toBe(
        true,
      );
      expect(originalsOf(mapped).get("Claim/c0")).toContain(div);
    },
  );
});

describe("Appointment", () => {
  const mapped = map(appointment);
  it("becomes attendance at its wall-clock time", () => {
    expect(mapped.office).toMatchObject([
      {
        sourceId: "Appointment/a1",
        body: {
          type: "attendance",
          start: "2026-07-02T14:00",
          zone: "Europe/Helsinki",
          minutes: 45,
          outcome: "missed",
        },
      },
    ]);
  });
  it("never tells the office why", () => {
    expect(JSON.stringify([mapped.office, mapped.identity])).not.toContain("Panic");
    expect(JSON.stringify(mapped.kept)).toContain("Panic");
    expect(mapped.byType["Appointment"]).toEqual({ mapped: 1, kept: 0 });
  });
  it("without a start is kept", () => {
    const { start: _start, ...proposed } = appointment;
    expect(map({ ...proposed, status: "proposed" }).byType["Appointment"]).toEqual({
      mapped: 0,
      kept: 1,
    });
  });
});

describe("a second run", () => {
  it("gives the same drafts, so that nothing is imported twice", () => {
    const resources = [...claims(20), appointment];
    expect(map(...resources)).toEqual(map(...resources));
  });
  it("has no source id twice in a file", () => {
    const { care, kept, identity, office } = map(...claims(200, 1000), appointment, pdf(900_000));
    const ids = [...care, ...kept, ...identity, ...office].map(({ sourceId }) => sourceId);
    const perFile = [[...care, ...kept], identity, office].map((drafts) =>
      drafts.map(({ sourceId }) => sourceId),
    );
    expect(ids.length).toBeGreaterThan(5);
    for (const file of perFile) expect(new Set(file).size).toBe(file.length);
  });
});

describe("countHeldResources", () => {
  it("counts a repeated original once, and mapped before kept", () => {
    const { kept, care, identity, byType } = map(...claims(3), pdf(60_000));
    const bodies = [...identity, ...care, ...kept].map(({ body }) => body);
    expect(countHeldResources([...bodies, ...bodies])).toEqual(byType);
    expect(countHeldResources([...bodies].reverse())).toEqual(byType);
  });
  it("does not count an original whose record is in another file", () => {
    const { care, kept } = map(appointment);
    expect(countHeldResources([...care, ...kept].map(({ body }) => body))).toEqual({});
  });
  it("counts nothing in what was not imported", () => {
    expect(countHeldResources([{ v: 1, type: "links" }, {}])).toEqual({});
  });
});

describe("MAPPED_FHIR_TYPES", () => {
  it("are the sixteen that become records", () => {
    expect(MAPPED_FHIR_TYPES).toEqual([
      "Appointment",
      "CarePlan",
      "Communication",
      "Composition",
      "Condition",
      "Consent",
      "DiagnosticReport",
      "DocumentReference",
      "Encounter",
      "EpisodeOfCare",
      "Goal",
      "Observation",
      "Patient",
      "Procedure",
      "QuestionnaireResponse",
      "RelatedPerson",
    ]);
  });
});
