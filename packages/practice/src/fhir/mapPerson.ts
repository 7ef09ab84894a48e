import { z } from "zod";
import { parseFinnishCode } from "../people/finnishCode.ts";
import type { Contact, Person } from "../records/identity.ts";
import type { BundleItem } from "./bundle.ts";
import {
  codeableConcept,
  conceptText,
  contactPoint,
  fhirAddress,
  fhirDateTime,
  humanName,
  period,
  toLine,
  toPartialDate,
  withoutUndefined,
} from "./elements.ts";
import { readFields } from "./fhirError.ts";
import type { MapContext, MappedRecord, Mapper } from "./mapping.ts";
import { toAddress, toEmails, toName, toPhones, toRole } from "./personParts.ts";

const identifier = z.object({
  use: z.string().optional(),
  system: z.string().optional(),
  value: z.string().optional(),
  type: codeableConcept.optional(),
});

const patientFields = z.object({
  name: z.array(humanName).optional(),
  identifier: z.array(identifier).optional(),
  birthDate: fhirDateTime.optional(),
  gender: z.enum(["male", "female", "other", "unknown"]).optional(),
  telecom: z.array(contactPoint).optional(),
  address: z.array(fhirAddress).optional(),
  maritalStatus: codeableConcept.optional(),
  communication: z
    .array(z.object({ language: codeableConcept, preferred: z.boolean().optional() }))
    .optional(),
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: fhirDateTime.optional(),
  contact: z
    .array(
      z.object({
        relationship: z.array(codeableConcept).optional(),
        name: humanName.optional(),
        telecom: z.array(contactPoint).optional(),
        address: fhirAddress.optional(),
        organization: z.object({ display: z.string().optional() }).optional(),
        period: period.optional(),
      }),
    )
    .optional(),
});
type PatientFields = z.infer<typeof patientFields>;

const relatedPersonFields = z.object({
  relationship: z.array(codeableConcept).optional(),
  name: z.array(humanName).optional(),
  telecom: z.array(contactPoint).optional(),
  address: z.array(fhirAddress).optional(),
  period: period.optional(),
});

/** Identifier systems whose values are national identity codes (DVV; HL7 THO `us-ssn`; Skatteverket). */
const COUNTRY_BY_SYSTEM: Record<string, string> = {
  "urn:oid:1.2.246.21": "FI",
  "http://hl7.org/fhir/sid/us-ssn": "US",
  "urn:oid:1.2.752.129.2.1.3.1": "SE",
};

/** Patient → the identity file's person, and its contacts. */
export const mapPatient: Mapper = (item, context) => {
  const fields = readFields(patientFields, item);
  const contacts = (fields.contact ?? []).map((contact, index): MappedRecord => {
    const body = contactBody(
      {
        ...contact,
        name: contact.name && [contact.name],
        address: contact.address && [contact.address],
      },
      { at: context.at, organisation: toLine(contact.organization?.display) },
    );
    return { compartment: "identity", sourceId: `${item.sourceId}#contact-${index}`, body };
  });
  return [
    {
      compartment: "identity",
      sourceId: item.sourceId,
      body: personBody(fields, { item, context }),
    },
    ...contacts,
  ];
};

/** RelatedPerson → a contact or guardian in the identity file. */
export const mapRelatedPerson: Mapper = (item, context) => {
  const body = contactBody(readFields(relatedPersonFields, item), { at: context.at });
  return [
    {
      compartment: "identity",
      sourceId: item.sourceId,
      body: { ...body, source: context.sourceOf(item) },
    },
  ];
};

function personBody(
  fields: PatientFields,
  from: { item: BundleItem; context: MapContext },
): Person {
  const { item, context } = from;
  const names = fields.name ?? [];
  const current =
    names.find(({ use }) => use === "official") ??
    names.find(({ use }) => use === "usual") ??
    names.find(({ use }) => use !== "old" && use !== "maiden") ??
    names[0];
  if (current === undefined)
    context.warn({ code: "name-missing", resourceIndex: item.index, field: "name" });
  const deceased = fields.deceasedDateTime !== undefined || fields.deceasedBoolean === true;
  const language =
    fields.communication?.find(({ preferred }) => preferred === true) ?? fields.communication?.[0];
  return withoutUndefined({
    v: 1 as const,
    type: "person" as const,
    at: context.at,
    name: toName(current),
    preferredName: toLine(names.find(({ use }) => use === "nickname")?.given?.[0]),
    formerNames: names.filter((name) => name !== current && name.use !== "nickname").map(toName),
    ...readCodes(fields.identifier ?? [], from),
    birthDate: toPartialDate(fields.birthDate),
    sex: fields.gender,
    addresses: (fields.address ?? []).map(toAddress),
    phones: toPhones(fields.telecom),
    emails: toEmails(fields.telecom),
    language: toLine(language?.language.coding?.[0]?.code) ?? conceptText(language?.language),
    maritalStatus: conceptText(fields.maritalStatus),
    deceased: deceased
      ? withoutUndefined({ on: toPartialDate(fields.deceasedDateTime) })
      : undefined,
    source: context.sourceOf(item),
  });
}

function readCodes(
  identifiers: readonly z.infer<typeof identifier>[],
  from: { item: BundleItem; context: MapContext },
): Pick<Person, "personalCode" | "otherCodes"> {
  const found: Pick<Person, "personalCode" | "otherCodes"> = { otherCodes: [] };
  identifiers.forEach(({ system, value, type, use }, index) => {
    const plain = toLine(value);
    if (plain === undefined) return;
    const country = COUNTRY_BY_SYSTEM[system ?? ""];
    const valid = country !== "FI" || parseFinnishCode(plain).ok;
    if (!valid)
      from.context.warn({
        code: "identity-code-invalid",
        resourceIndex: from.item.index,
        field: `identifier.${index}.value`,
      });
    if (country !== undefined && valid && use !== "old" && found.personalCode === undefined)
      found.personalCode = { country, value: plain };
    else
      found.otherCodes.push(
        withoutUndefined({ system: toLine(system), kind: conceptText(type), value: plain }),
      );
  });
  return found;
}

function contactBody(
  fields: z.infer<typeof relatedPersonFields>,
  options: { at: string; organisation?: string | undefined },
): Contact {
  const relations = fields.relationship ?? [];
  return withoutUndefined({
    v: 1 as const,
    type: "contact" as const,
    at: options.at,
    roles: [...new Set(relations.length === 0 ? ["other" as const] : relations.map(toRole))],
    relation: conceptText(relations[0]),
    name: fields.name?.[0] && toName(fields.name[0]),
    organisation: options.organisation,
    phones: toPhones(fields.telecom),
    emails: toEmails(fields.telecom),
    addresses: (fields.address ?? []).map(toAddress),
    until: toPartialDate(fields.period?.end),
  });
}
