import type { CodeChange, Contact, Person, PersonalCode } from "../../records/identity.ts";
import { withoutUndefined } from "../elements.ts";
import { COUNTRY_BY_SYSTEM } from "../identityCodes.ts";
import type { OutMapper } from "./outMapper.ts";
import {
  concept,
  fhirList,
  fhirText,
  toFhirAddress,
  toHumanName,
  toPeriod,
  toTelecom,
  uri,
} from "./parts.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

function codeSystem(country: string): string {
  const known = [...COUNTRY_BY_SYSTEM].find(([, of]) => of === country);
  return known?.[0] ?? `${SYSTEM.identityCode}:${country}`;
}

function toIdentifier(
  { country, value }: PersonalCode,
  until?: string,
): Record<string, unknown> | undefined {
  const plain = fhirText(value);
  if (plain === undefined) return undefined;
  return withoutUndefined({
    use: until === undefined ? "official" : "old",
    system: codeSystem(country),
    value: plain,
    period: toPeriod(undefined, until),
  });
}

function otherIdentifiers({ otherCodes }: Person): (Record<string, unknown> | undefined)[] {
  return otherCodes.map(({ system, kind, value }) => {
    const type = fhirText(kind);
    return withoutUndefined({
      type: type === undefined ? undefined : { text: type },
      system: system === undefined ? undefined : uri(system),
      value: fhirText(value),
    });
  });
}

/** Who the patient is → Patient, with the codes that no longer hold. */
export function personOut(
  { id, body }: { id: string; body: Person },
  codeChanges: readonly CodeChange[],
): OutResource {
  const { name, preferredName, formerNames, personalCode, deceased, language } = body;
  const nickname = fhirText(preferredName);
  const birthDate = body.birthDate;
  return withoutUndefined({
    resourceType: "Patient",
    id,
    identifier: fhirList([
      personalCode && toIdentifier(personalCode),
      ...codeChanges.map(({ old, on }) => toIdentifier(old, on)),
      ...otherIdentifiers(body),
    ]),
    name: fhirList([
      toHumanName(name, "official"),
      nickname === undefined ? undefined : { use: "nickname", text: nickname },
      ...formerNames.map((former) => toHumanName(former, "old")),
    ]),
    telecom: toTelecom(body.phones, body.emails),
    gender: body.sex,
    birthDate,
    deceasedDateTime: deceased?.on,
    deceasedBoolean: deceased !== undefined && deceased.on === undefined ? true : undefined,
    address: fhirList(body.addresses.map(toFhirAddress)),
    maritalStatus:
      fhirText(body.maritalStatus) === undefined
        ? undefined
        : { text: fhirText(body.maritalStatus) },
    communication:
      language === undefined
        ? undefined
        : [{ language: concept("urn:ietf:bcp:47", language), preferred: true }],
  });
}

const ROLE_CODE: Record<Contact["roles"][number], string> = {
  guardian: "GUARD",
  emergency: "ECON",
  "next-of-kin": "NOK",
  other: "FAMMEMB",
};

/** Somebody near the patient → RelatedPerson. */
export const contactOut: OutMapper<Contact> = ({ id, body }, { subject }) => {
  const { name, organisation, roles, relation, phones, emails, addresses, until } = body;
  const resource = withoutUndefined({
    resourceType: "RelatedPerson",
    id,
    active: until === undefined ? undefined : false,
    patient: subject,
    relationship: roles.map((role) =>
      concept("http://terminology.hl7.org/CodeSystem/v3-RoleCode", ROLE_CODE[role], relation),
    ),
    name: fhirList([
      name && toHumanName(name, undefined),
      organisation === undefined ? undefined : { text: fhirText(organisation) },
    ]),
    telecom: toTelecom(phones, emails),
    address: fhirList(addresses.map(toFhirAddress)),
    period: toPeriod(undefined, until),
  });
  return [resource];
};
