import { z } from "zod";
import { parseFinnishCode } from "../people/finnishCode.ts";
import type { Person, PersonalCode } from "../records/identity.ts";
import type { BundleItem } from "./bundle.ts";
import {
  codeableConcept,
  conceptText,
  period,
  toLine,
  toPartialDate,
  withoutUndefined,
} from "./elements.ts";
import type { MapContext, MappedRecord } from "./mapping.ts";

/** FHIR `Identifier`. */
export const identifier = z.object({
  use: z.string().optional(),
  system: z.string().optional(),
  value: z.string().optional(),
  type: codeableConcept.optional(),
  period: period.optional(),
});

/** Identifier systems whose values are national identity codes (DVV; HL7 THO `us-ssn`; Skatteverket). */
export const COUNTRY_BY_SYSTEM = new Map<string, string>(
  Object.entries({
    "urn:oid:1.2.246.21": "FI",
    "http://hl7.org/fhir/sid/us-ssn": "US",
    "urn:oid:1.2.752.129.2.1.3.1": "SE",
  }),
);

/** The identity codes of a Patient: the one that holds, those that no longer do, and all other identifiers. */
export interface IdentityCodes extends Pick<Person, "personalCode" | "otherCodes"> {
  oldCodes: { index: number; code: PersonalCode; until: string | undefined }[];
}

/** Sorts a Patient's identifiers; a Finnish code that does not hold is kept as another identifier, with a warning. */
export function readCodes(
  identifiers: readonly z.infer<typeof identifier>[],
  from: { item: BundleItem; context: MapContext },
): IdentityCodes {
  const found: IdentityCodes = { otherCodes: [], oldCodes: [] };
  identifiers.forEach(({ system, value, type, use, period: held }, index) => {
    const plain = toLine(value);
    if (plain === undefined) return;
    const country = COUNTRY_BY_SYSTEM.get(system ?? "");
    const field = `identifier.${index}.value`;
    const isValid = country !== "FI" || parseFinnishCode(plain).ok;
    if (!isValid)
      from.context.warn({ code: "identity-code-invalid", resourceIndex: from.item.index, field });
    const code = country !== undefined && isValid ? { country, value: plain } : undefined;
    if (code !== undefined && use === "old")
      found.oldCodes.push({ index, code, until: toPartialDate(held?.end) });
    else if (code !== undefined && found.personalCode === undefined) found.personalCode = code;
    else {
      const kind = conceptText(type);
      found.otherCodes.push(withoutUndefined({ system: toLine(system), kind, value: plain }));
    }
  });
  return found;
}

/** Changes for the codes that no longer hold; one without a known day counts from the import's. */
export function codeChanges(
  codes: IdentityCodes,
  from: { item: BundleItem; at: string },
): MappedRecord[] {
  return codes.oldCodes.map(({ index, code, until }) => ({
    compartment: "identity",
    sourceId: `${from.item.sourceId}#code-${index}`,
    body: withoutUndefined({
      v: 1 as const,
      type: "codeChange" as const,
      at: from.at,
      old: code,
      new: codes.personalCode,
      on: until?.length === 10 ? until : from.at.slice(0, 10),
      reason: "other" as const,
    }),
  }));
}
