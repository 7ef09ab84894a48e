import { z } from "zod";
import {
  bodyOf,
  country,
  date,
  id,
  line,
  list,
  partialDate,
  retraction,
  source,
  sourceDocument,
  text,
} from "./fields.ts";
import { exportRequest, exported } from "./export.ts";

const personName = z.strictObject({
  family: line.exactOptional(),
  given: list(line),
  prefix: line.exactOptional(),
  suffix: line.exactOptional(),
  text: line.exactOptional(),
});
/** A name in its parts; `text` when the source knew it only whole. */
export type PersonName = z.infer<typeof personName>;

const personalCode = z.strictObject({ country, value: line });
/** A national identity code: the country that gave it, and the code as written. */
export type PersonalCode = z.infer<typeof personalCode>;

const address = z.strictObject({
  use: z.enum(["home", "work", "temporary", "old", "billing"]).exactOptional(),
  lines: list(line),
  postalCode: line.exactOptional(),
  city: line.exactOptional(),
  region: line.exactOptional(),
  country: line.exactOptional(),
});
/** A postal address. */
export type Address = z.infer<typeof address>;

const phone = z.strictObject({
  use: z.enum(["home", "work", "mobile", "temporary", "old"]).exactOptional(),
  value: line,
});
/** A phone number as the person says it. */
export type Phone = z.infer<typeof phone>;

const reach = z.enum(["safe", "unsafe", "unknown"]);

/** Who the patient is; each `person` entry replaces the one before it. */
const person = bodyOf("person", {
  name: personName,
  preferredName: line.exactOptional(),
  formerNames: list(personName),
  personalCode: personalCode.exactOptional(),
  otherCodes: list(
    z.strictObject({ system: line.exactOptional(), kind: line.exactOptional(), value: line }),
  ),
  birthDate: partialDate.exactOptional(),
  sex: z.enum(["female", "male", "other", "unknown"]).exactOptional(),
  gender: line.exactOptional(),
  addresses: list(address),
  phones: list(phone),
  emails: list(line),
  language: line.exactOptional(),
  maritalStatus: line.exactOptional(),
  safeContact: z
    .strictObject({ post: reach, phone: reach, email: reach, instructions: text.exactOptional() })
    .exactOptional(),
  deceased: z.strictObject({ on: partialDate.exactOptional() }).exactOptional(),
  source: source.exactOptional(),
});
/** Who the patient is. */
export type Person = z.infer<typeof person>;

/** A code that no longer holds; the patient is still found by it. */
const codeChange = bodyOf("codeChange", {
  old: personalCode,
  new: personalCode.exactOptional(),
  on: date,
  reason: z.enum(["assigned", "corrected", "sex-changed", "misused", "other"]),
});
/** A changed identity code with its date and reason. */
export type CodeChange = z.infer<typeof codeChange>;

const contact = bodyOf("contact", {
  roles: z.array(z.enum(["guardian", "emergency", "next-of-kin", "other"])).min(1),
  relation: line.exactOptional(),
  name: personName.exactOptional(),
  organisation: line.exactOptional(),
  phones: list(phone),
  emails: list(line),
  addresses: list(address),
  until: partialDate.exactOptional(),
  replaces: id.exactOptional(),
  source: source.exactOptional(),
});
/** A guardian, an emergency contact, or somebody else near the patient. */
export type Contact = z.infer<typeof contact>;

const links = bodyOf("links", {
  office: id.exactOptional(),
  care: id.exactOptional(),
  portal: id.exactOptional(),
  process: id.exactOptional(),
});
/** The patient's other files; each entry adds to the ones before it. */
export type IdentityLinks = z.infer<typeof links>;

/** What an identity file's entries hold. */
export const identityBody = z.discriminatedUnion("type", [
  person,
  codeChange,
  contact,
  exportRequest,
  exported,
  links,
  retraction,
  sourceDocument,
]);
/** What an identity file's entries hold. */
export type IdentityBody = z.infer<typeof identityBody>;
