import { PracticeError, parseEntryBody, parseFinnishCode, type Person } from "@sinetti/practice";

import { InputError, issueFields } from "../inputError.ts";
import { readJsonFile, refuseUnknown } from "./jsonFile.ts";

/** A person as `patient add` takes one: without what the client adds. */
export type PersonInput = Omit<Person, "v" | "type" | "at">;
type Fields = Record<string, unknown>;

const FIELDS = [
  "name",
  "preferredName",
  "formerNames",
  "personalCode",
  "otherCodes",
  "birthDate",
  "sex",
  "gender",
  "addresses",
  "phones",
  "emails",
  "language",
  "maritalStatus",
  "safeContact",
  "deceased",
];
const SHORT = ["code", "phone", "email", "address", "born"];
const ANY_TIME = "2000-01-01T00:00:00Z";

/** The person in a file: the whole record, or the short form with `name`, `code`, `phone`, `email`, `address`, `born`. Error: InputError with the fields. */
export function readPersonFile(path: string): PersonInput {
  const given = readJsonFile(path);
  refuseUnknown(path, given, [...FIELDS, ...SHORT]);
  const { code, phone, email, address, born, ...whole } = given;
  const person: Fields = {
    formerNames: [],
    otherCodes: [],
    ...whole,
    name: nameOf(given["name"]),
    phones: [...listOf(given["phones"]), ...listOf(phone)].map(asValue),
    emails: [...listOf(given["emails"]), ...listOf(email)],
    addresses: [...listOf(given["addresses"]), ...listOf(address)].map(addressOf),
  };
  if (born !== undefined) person["birthDate"] = born;
  if (code !== undefined) addCode(path, person, code);
  return checked(path, person);
}

function checked(path: string, person: Fields): PersonInput {
  try {
    const body = parseEntryBody("identity", { v: 1, type: "person", at: ANY_TIME, ...person });
    if (body.type !== "person") throw new TypeError("another record than was built");
    const { v: _v, type: _type, at: _at, ...rest } = body;
    if (rest.name.given.length === 0 && !rest.name.family && !rest.name.text)
      throw new InputError(path, "the person has no name", { fields: ["name (missing)"] });
    return rest;
  } catch (error) {
    if (!(error instanceof PracticeError)) throw error;
    throw new InputError(path, "the person is not taken", {
      fields: issueFields(error),
      cause: error,
    });
  }
}

/** "Anna Maria Virtanen": the last word is the family name. */
function nameOf(value: unknown): unknown {
  if (typeof value === "string") {
    const words = value.trim().split(/\s+/);
    const family = words.length > 1 ? words.pop() : undefined;
    return { given: words, ...(family === undefined ? {} : { family }) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { given, ...rest } = value as Fields;
  return { ...rest, given: typeof given === "string" ? given.trim().split(/\s+/) : (given ?? []) };
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function asValue(value: unknown): unknown {
  return typeof value === "string" ? { value } : value;
}

function addressOf(value: unknown): unknown {
  return typeof value === "string" ? { lines: [value] } : value;
}

/** A Finnish code is checked, since a slip in it would point at somebody else; it also says the birth date. */
function addCode(path: string, person: Fields, code: unknown): void {
  if (typeof code !== "string") {
    person["personalCode"] = code;
    return;
  }
  const found = parseFinnishCode(code);
  if (!found.ok)
    throw new InputError(path, "the identity code does not hold", {
      fields: [`code (${found.reason})`],
    });
  person["personalCode"] = { country: "FI", value: found.value.code };
  person["birthDate"] ??= found.value.birthDate;
}
