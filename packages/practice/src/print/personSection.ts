import type { Block } from "@sinetti/paper";
import { foldIdentity } from "../people/patientIdentity.ts";
import type { PatientIdentity } from "../people/patientIdentity.ts";
import type { Address, Contact, Person, PersonName } from "../records/identity.ts";
import { fields, section, type Printing } from "./printing.ts";

/** A name in full. */
export function fullName({ prefix, given, family, suffix, text }: PersonName): string {
  const parts = [prefix, ...given, family, suffix].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" ") : (text ?? "");
}

function addressText({ lines, postalCode, city, region, country }: Address): string {
  const place = [postalCode, city].filter(Boolean).join(" ");
  return [...lines, place, region, country]
    .filter((part) => part !== undefined && part !== "")
    .join(", ");
}

/** The identity of a record as it stands. */
export function identityOf({ record }: Pick<Printing, "record">): PatientIdentity {
  return foldIdentity(record.entries.filter((each) => each.compartment === "identity"));
}

function personFields(person: Person, printing: Printing): Block[] {
  const { word, say, date } = printing;
  const { personalCode, deceased, safeContact } = person;
  const safe =
    safeContact &&
    [
      `${word("address")}: ${say(safeContact.post)}`,
      `${word("phone")}: ${say(safeContact.phone)}`,
      `${word("email")}: ${say(safeContact.email)}`,
      safeContact.instructions,
    ]
      .filter(Boolean)
      .join("; ");
  return fields([
    [word("name"), fullName(person.name)],
    [word("preferredName"), person.preferredName],
    [word("formerNames"), person.formerNames.map(fullName).join(", ")],
    [word("code"), personalCode && [{ text: personalCode.value, mono: true }]],
    [word("birthDate"), person.birthDate && date(person.birthDate)],
    [word("sex"), person.sex && say(person.sex)],
    [word("gender"), person.gender],
    [word("address"), person.addresses.map(addressText).join("; ")],
    [word("phone"), person.phones.map(({ value }) => value).join(", ")],
    [word("email"), person.emails.join(", ")],
    [word("language"), person.language],
    [word("maritalStatus"), person.maritalStatus],
    [word("deceased"), deceased && (deceased.on === undefined ? word("yes") : date(deceased.on))],
    [word("safeContact"), safe],
    ...person.otherCodes.map(({ kind, value }): [string, string] => [
      word("otherCode"),
      kind === undefined ? value : `${value} (${kind})`,
    ]),
  ]);
}

function contactRow(contact: Contact, { say }: Printing): readonly [string, string] {
  const { roles, relation, name, organisation, phones, emails, addresses } = contact;
  const named = [name && fullName(name), organisation].filter(Boolean).join(", ");
  const reach = [...phones.map(({ value }) => value), ...emails, ...addresses.map(addressText)];
  return [relation ?? roles.map(say).join(", "), [named, ...reach].filter(Boolean).join("; ")];
}

/** Who the patient is, earlier codes, and the people near. */
export function personSection(printing: Printing): Block[] {
  const { word, date } = printing;
  const { person, codeChanges, contacts } = identityOf(printing);
  const near = fields(contacts.map(({ contact }) => contactRow(contact, printing)));
  return [
    ...section(word("person"), [
      ...(person === undefined ? [] : personFields(person, printing)),
      ...fields(
        codeChanges.map(({ old, on }) => [word("oldCode"), `${old.value} (${date(on)})`] as const),
      ),
    ]),
    ...section(word("contacts"), near),
  ];
}
