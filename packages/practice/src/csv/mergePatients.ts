import type { Person } from "../records/identity.ts";
import type { PatientRow } from "./patientRow.ts";

/** Fields that hold one value, in which two rows of one person may differ. */
const SINGLE = ["preferredName", "personalCode", "birthDate", "sex", "language"] as const;
/** The field of a CSV file that each of them came from. */
const FIELD: Record<(typeof SINGLE)[number], string> = {
  preferredName: "preferred",
  personalCode: "code",
  birthDate: "born",
  sex: "sex",
  language: "language",
};
const LISTS = ["phones", "emails", "addresses", "otherCodes"] as const;

/** Rows of one person as one, and in which fields each row after the first says something else. */
export interface MergedPatient {
  patient: PatientRow;
  differing: readonly string[][];
}

/**
 * Rows of one person as one: the first row counts, later ones fill what it leaves empty, lists are joined, another name is a former
 * one. Nothing of a later row that says something else is in the result: keep that row.
 */
export function mergePatients(rows: readonly [PatientRow, ...PatientRow[]]): MergedPatient {
  const [first, ...rest] = rows;
  const person: Omit<Person, "at"> = { ...first.person };
  const merged: PatientRow = { ...first, person };
  const differing = rest.map((row) => {
    const fields = fillSingles(person, row.person);
    fillLists(person, row.person);
    if (row.keys.name !== undefined && row.keys.name !== first.keys.name) {
      fields.push("name");
      person.formerNames = [...person.formerNames, row.person.name];
    }
    if (
      row.contact !== undefined &&
      JSON.stringify(row.contact) !== JSON.stringify(merged.contact)
    ) {
      if (merged.contact === undefined) merged.contact = row.contact;
      else fields.push("contactName");
    }
    const { therapistName } = row.relationship;
    if (merged.relationship.therapistName === undefined && therapistName !== undefined)
      merged.relationship = { ...merged.relationship, therapistName };
    else if (JSON.stringify(row.relationship) !== JSON.stringify(merged.relationship))
      fields.push("therapist");
    return fields;
  });
  return { patient: merged, differing };
}

function fillSingles(person: Omit<Person, "at">, other: Omit<Person, "at">): string[] {
  const differing: string[] = [];
  for (const key of SINGLE) {
    if (other[key] === undefined) continue;
    if (person[key] === undefined) Object.assign(person, { [key]: other[key] });
    else if (JSON.stringify(person[key]) !== JSON.stringify(other[key])) differing.push(FIELD[key]);
  }
  return differing;
}

function fillLists(person: Omit<Person, "at">, other: Omit<Person, "at">): void {
  for (const key of LISTS) {
    const all = [...person[key], ...other[key]].map((item) => JSON.stringify(item));
    Object.assign(person, { [key]: [...new Set(all)].map((item): unknown => JSON.parse(item)) });
  }
}
