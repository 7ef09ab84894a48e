import {
  mergePatients,
  readPatientRow,
  type EntryBody,
  type EntryDraft,
  type PatientRow,
} from "@sinetti/practice";
import { readAppointments, type ImportedAppointment } from "./csvAppointments.ts";
import type { CsvBook, PlacedRow } from "./csvBook.ts";
import { readNotes } from "./csvNotes.ts";
import { keepCells, keptDraft, tell, tellDuplicate, type Findings } from "./findings.ts";

/** Everything that the files hold of one person, as it is to be written. */
export interface CsvPatient extends Findings {
  readonly owner: number;
  /** Names the person in every run. */
  readonly key: string;
  readonly identity: EntryDraft<EntryBody<"identity">>[];
  readonly care: EntryDraft<EntryBody<"care">>[];
  readonly appointments: readonly ImportedAppointment[];
  /** The therapist as the source names them. */
  readonly therapist: string | null;
}

/** Reads one person's rows of all files; `at` is the time of the import, `author` who imports. */
export async function readCsvPatient(
  book: CsvBook,
  owner: number,
  { at, author }: { at: string; author: string },
): Promise<CsvPatient> {
  const found: Findings = {
    rejected: [],
    warnings: [],
    kept: [],
    keptRows: 0,
    taken: { patients: 0, appointments: 0, notes: 0 },
  };
  const [people, appointments, notes] = await Promise.all([
    book.read("patients", owner),
    book.read("appointments", owner),
    book.read("notes", owner),
  ]);
  const { identity, care, therapist } = readPeople(book, people, { at, found });
  const scheduled = readAppointments(book, appointments, { at, found });
  care.push(...readNotes(book, notes, { at, author, found }));
  return {
    ...found,
    owner,
    key: book.registry.keyOf(owner),
    identity,
    care,
    appointments: scheduled,
    therapist,
  };
}

/** The rows of one person as one; what a later row says otherwise is kept beside it, where the rest of it is. */
function readPeople(
  book: CsvBook,
  rows: readonly PlacedRow[],
  { at, found }: { at: string; found: Findings },
): Pick<CsvPatient, "identity" | "care" | "therapist"> {
  const read = rows.flatMap((placed): { placed: PlacedRow; patient: PatientRow }[] => {
    const patient = readPatientRow(placed.row);
    return patient === undefined ? [] : [{ placed, patient }];
  });
  const [first, ...rest] = read.map(({ patient }) => patient);
  if (first === undefined) return { identity: [], care: [], therapist: null };
  found.taken.patients++;
  const { patient, differing } = mergePatients([first, ...rest]);
  const identity: CsvPatient["identity"] = [
    { sourceId: "person", body: { ...patient.person, at } },
  ];
  if (patient.contact !== undefined)
    identity.push({ sourceId: "contact", body: { ...patient.contact, at } });
  const seen = new Set<string>();
  for (const [index, { placed }] of read.entries()) {
    const { row } = placed;
    tell(book, "patients", placed, { found, isTaken: true });
    const fields = index === 0 ? [] : (differing[index - 1] ?? []);
    if (index > 0) tellDuplicate(book, "patients", placed, { found, fields });
    if (seen.has(row.hash)) continue;
    seen.add(row.hash);
    const named = index === 0 ? null : row.cells((field) => field !== null);
    if (named !== null) identity.push(keptDraft(named, { at, kind: "patients", row }));
    const { kept } = row;
    if (kept !== null) keepCells(kept, { at, kind: "patients", row, found });
  }
  const { relationship } = patient;
  return {
    identity,
    care: [{ sourceId: "relationship", body: { ...relationship, at } }],
    therapist: relationship.therapistName ?? null,
  };
}
