import { z } from "zod";
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
import { codeChanges, identifier, readCodes } from "./identityCodes.ts";
import type { IdentityCodes } from "./identityCodes.ts";
import type { MapContext, MappedRecord, Mapper } from "./mapping.ts";
import { toAddress, toEmails, toName, toPhones, toRole } from "./personParts.ts";

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

/** Patient → the identity file's person, and its contacts. */
export const mapPatient: Mapper = (item, context) => {
  const fields = readFields(patientFields, item);
  const codes = readCodes(fields.identifier ?? [], { item, context });
  const body = personBody(fields, { codes, item, context });
  return [
    { compartment: "identity", sourceId: item.sourceId, body },
    ...codeChanges(codes, { item, at: context.at }),
    ...contactsOf(fields, { item, at: context.at }),
  ];
};

function contactsOf(fields: PatientFields, from: { item: BundleItem; at: string }): MappedRecord[] {
  return (fields.contact ?? []).map(({ name, address, organization, ...rest }, index) => {
    const lists = { ...rest, name: name && [name], address: address && [address] };
    const body = contactBody(lists, { at: from.at, organisation: toLine(organization?.display) });
    const sourceId = `${from.item.sourceId}#contact-${index}`;
    return { compartment: "identity", sourceId, body };
  });
}

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
  from: { codes: IdentityCodes; item: BundleItem; context: MapContext },
): Person {
  const { codes, item, context } = from;
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
    personalCode: codes.personalCode,
    otherCodes: codes.otherCodes,
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
