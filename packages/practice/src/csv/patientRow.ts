import { toLine, withoutUndefined } from "../fhir/elements.ts";
import { parseFinnishCode } from "../people/finnishCode.ts";
import { normaliseCode, normaliseName } from "../people/lookupFields.ts";
import type { CareRelationship } from "../records/care.ts";
import type { Contact, Person, PersonName } from "../records/identity.ts";
import type { CsvRow } from "./csvRow.ts";
import { readSex } from "./values.ts";

/** What tells one patient from another; each value as it is compared. */
export interface PatientKeys {
  id?: string;
  /** An identity code that holds by its check character. */
  code?: string;
  /** Another country's, or one that does not hold: people are found by it, and never taken for one person. */
  looseCode?: string;
  /** Name as `normaliseName` gives it. */
  name?: string;
  /** `YYYY-MM-DD`. */
  born?: string;
}

/** A patient as one row tells of them. */
export interface PatientRow {
  keys: PatientKeys;
  person: Omit<Person, "at">;
  contact?: Omit<Contact, "at">;
  relationship: Omit<CareRelationship, "at">;
}

/** The key of a source's own number. */
export function idKey(text: string): string {
  return normaliseCode(text);
}

/** Reads a patient; undefined, with the issue, when nothing tells who it is. */
export function readPatientRow(row: CsvRow): PatientRow | undefined {
  const name = readName(row, { whole: "name", family: "family", given: "given" });
  const code = row.line("code");
  const id = row.line("id");
  if (name === undefined) row.issue("name", "missing");
  if (name === undefined && code === undefined && id === undefined) return undefined;
  const finnish = code === undefined ? undefined : parseFinnishCode(code);
  if (finnish?.ok === false) row.issue("code", "identity-code");
  const born =
    row.date("born")?.date ?? (finnish?.ok === true ? finnish.value.birthDate : undefined);
  const plainCode = code === undefined ? undefined : normaliseCode(code);
  const keys = withoutUndefined({
    id: id === undefined ? undefined : idKey(id),
    ...(finnish?.ok === true ? { code: plainCode } : { looseCode: plainCode }),
    name: name === undefined ? undefined : nameKey(name),
    born,
  });
  const contact = readContact(row);
  return {
    keys,
    person: readPerson(row, { name, code, id, born, isCodeSound: finnish?.ok === true }),
    relationship: readRelationship(row),
    ...(contact !== undefined && { contact }),
  };
}

/** A name as rows of different files are compared by: whatever its order. */
export function nameKey(name: PersonName): string {
  return normaliseName(name.text ?? [...name.given, name.family ?? ""].join(" "));
}

/** A name from its parts, or from one cell: "Family, Given", else the last word is the family name and the whole is kept. */
export function readName(
  row: CsvRow,
  fields: { whole: string; family?: string; given?: string },
): PersonName | undefined {
  const family = fields.family === undefined ? undefined : row.line(fields.family);
  const given = fields.given === undefined ? undefined : row.line(fields.given);
  if (family !== undefined || given !== undefined)
    return withoutUndefined({ family, given: given?.split(/\s+/) ?? [] });
  const whole = row.line(fields.whole);
  if (whole === undefined) return undefined;
  const [before = "", after] = whole.split(/\s*,\s*/, 2);
  if (after !== undefined && after !== "" && before !== "")
    return { family: before, given: after.split(/\s+/), text: whole };
  const words = whole.split(/\s+/);
  const last = words.length > 1 ? words.pop() : undefined;
  return withoutUndefined({ family: last, given: words, text: whole });
}

function readPerson(
  row: CsvRow,
  from: {
    name: PersonName | undefined;
    code: string | undefined;
    id: string | undefined;
    born: string | undefined;
    isCodeSound: boolean;
  },
): Omit<Person, "at"> {
  const { name, code, id, born, isCodeSound } = from;
  const former = row.line("former");
  const sex = row.line("sex");
  const knownSex = sex === undefined ? undefined : readSex(sex);
  if (sex !== undefined && knownSex === undefined) row.issue("sex", "not-known");
  const personalCode =
    code !== undefined && isCodeSound ? { country: "FI", value: normaliseCode(code) } : undefined;
  return withoutUndefined({
    v: 1 as const,
    type: "person" as const,
    name: name ?? { given: [] },
    preferredName: row.line("preferred"),
    formerNames: former === undefined ? [] : [{ family: former, given: [] }],
    personalCode,
    otherCodes: [
      ...(id === undefined ? [] : [{ kind: "source-id", value: id }]),
      ...(code === undefined || isCodeSound ? [] : [{ kind: "identity-code", value: code }]),
    ],
    birthDate: born,
    sex: knownSex,
    addresses: readAddresses(row),
    phones: linesOf(row, "phone").map((value) => ({ value })),
    emails: linesOf(row, "email"),
    language: row.line("language"),
    source: row.source("patient", (field) => field !== null),
  });
}

function readAddresses(row: CsvRow): Person["addresses"] {
  const [text] = row.texts("street");
  const lines = (text ?? "").split(/\r\n|[\r\n]/).flatMap((part) => toLine(part) ?? []);
  const address = withoutUndefined({
    lines,
    postalCode: row.line("postalCode"),
    city: row.line("city"),
    country: row.line("country"),
  });
  return lines.length === 0 && Object.keys(address).length === 1 ? [] : [address];
}

function linesOf(row: CsvRow, field: string): string[] {
  const found = row.texts(field).flatMap((text) => toLine(text) ?? []);
  return [...new Set(found)];
}

function readContact(row: CsvRow): Omit<Contact, "at"> | undefined {
  const name = readName(row, { whole: "contactName" });
  const phone = row.line("contactPhone");
  if (name === undefined && phone === undefined) return undefined;
  return withoutUndefined({
    v: 1 as const,
    type: "contact" as const,
    roles: ["emergency" as const],
    name,
    phones: phone === undefined ? [] : [{ value: phone }],
    emails: [],
    addresses: [],
  });
}

function readRelationship(row: CsvRow): Omit<CareRelationship, "at"> {
  const until = row.date("until")?.date;
  return withoutUndefined({
    v: 1 as const,
    type: "careRelationship" as const,
    status: until === undefined ? ("active" as const) : ("ended" as const),
    from: row.date("since")?.date,
    until,
    therapistName: row.line("therapist"),
    kinds: [],
  });
}
