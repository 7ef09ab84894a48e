import { existsSync, readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Bundle } from "@medplum/fhirtypes";
import { describe, expect, it } from "vitest";
import {
  countHeldResources,
  fhirDuplicateKey,
  foldIdentity,
  lookupFields,
  mapBundle,
  parseBundleText,
} from "../../src/index.ts";
import { OPTIONS, originalsOf } from "./bundles.ts";

const FOLDER = new URL("../../../../../shared/data/fhir/", import.meta.url);
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => name.endsWith(".json.gz"))
  : [];
const bundles = files.map(
  (name) =>
    parseBundleText(
      gunzipSync(readFileSync(new URL(encodeURIComponent(name), FOLDER))).toString("utf8"),
    ) as Bundle,
);

describe(`real FHIR R4 bundles, ${bundles.length} present`, () => {
  it("are each held whole, once, and counted", () => {
    for (const bundle of bundles) {
      const mapped = mapBundle(bundle, OPTIONS);
      const originals = originalsOf(mapped);
      const entries = bundle.entry ?? [];
      expect(originals.size).toBe(entries.length);
      for (const { resource } of entries)
        expect(originals.get(`${resource?.resourceType}/${resource?.id}`)).toBe(
          JSON.stringify(resource),
        );
      const bodies = [...mapped.identity, ...mapped.care, ...mapped.office, ...mapped.kept].map(
        ({ body }) => body,
      );
      expect(countHeldResources(bodies)).toEqual(mapped.byType);
      const counted = Object.values(mapped.byType).reduce(
        (sum, { mapped: made, kept }) => sum + made + kept,
        0,
      );
      expect(counted).toBe(entries.length);
    }
  });

  it("are each another patient, found by name and code, without warnings", () => {
    expect(new Set(bundles.map(fhirDuplicateKey)).size).toBe(bundles.length);
    for (const bundle of bundles) {
      const { identity, warnings } = mapBundle(bundle, OPTIONS);
      const fields = lookupFields(
        foldIdentity(identity.map(({ sourceId, body }) => ({ entry: sourceId, body }))),
      );
      expect(new Set(fields.map(({ field }) => field))).toEqual(
        new Set(["name", "phone", "code", "name-born"]),
      );
      expect(warnings).toEqual([]);
    }
  });

  it("need few entries, each within 64 KiB and without floating-point numbers", () => {
    for (const bundle of bundles) {
      const mapped = mapBundle(bundle, OPTIONS);
      const drafts = [...mapped.identity, ...mapped.care, ...mapped.office, ...mapped.kept];
      expect(drafts.length).toBeLessThan((bundle.entry ?? []).length);
      for (const { body } of drafts) {
        const numbers: number[] = [];
        const text = JSON.stringify(body, (_key, value: unknown) => {
          if (typeof value === "number") numbers.push(value);
          return value;
        });
        expect(numbers.every(Number.isSafeInteger)).toBe(true);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64 * 1024);
      }
    }
  });

  it("are refused when cut off anywhere", () => {
    for (const bundle of bundles.slice(0, 2)) {
      const text = JSON.stringify(bundle);
      for (const share of [0.1, 0.5, 0.9, 0.9999])
        expect(() => parseBundleText(text.slice(0, Math.floor(text.length * share)))).toThrow(
          "not JSON",
        );
    }
  });
});
