import { withoutUndefined } from "../fhir/elements.ts";
import { normaliseCode } from "../people/lookupFields.ts";
import type { CsvRow } from "./csvRow.ts";
import { idKey, nameKey, readName } from "./patientRow.ts";

/** Fields by which a note or an appointment says whose it is; they stay out of notes, since codes and names do. */
export const REFERENCE_FIELDS: ReadonlySet<string> = new Set([
  "patient",
  "patientCode",
  "patientName",
  "patientFamily",
  "patientGiven",
  "patientBorn",
]);

/** Whose a row is, as it says itself; each value as it is compared. */
export interface PatientReference {
  id?: string;
  code?: string;
  name?: string;
  /** What stands under "patient", which is a number in some systems and a name in others. */
  either?: string;
  born?: string;
}

/** Whose a row is, as it says itself. */
export function readReference(row: CsvRow): PatientReference {
  const id = row.line("patient");
  const code = row.line("patientCode");
  const name = readName(row, {
    whole: "patientName",
    family: "patientFamily",
    given: "patientGiven",
  });
  return withoutUndefined({
    id: id === undefined ? undefined : idKey(id),
    code: code === undefined ? undefined : normaliseCode(code),
    name: name === undefined ? undefined : nameKey(name),
    either: name?.text === undefined ? undefined : idKey(name.text),
    born: row.date("patientBorn")?.date,
  });
}
