import { parseId, type FileId } from "@sinetti/core";
import type { PatientCompartment, RosterValue } from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { FileRef } from "../fileBook.ts";
import { findPatientFiles } from "../records/patients.ts";
import { findInRoster } from "../records/roster.ts";
import { leasedRoster } from "./leased.ts";

/** Where the files of each compartment lie. */
export const VAULT_BY_COMPARTMENT: Record<PatientCompartment, "who" | "what"> = {
  identity: "who",
  office: "who",
  care: "what",
  portal: "what",
  process: "what",
};
/** The compartments of a patient, in the order in which a screen shows them. */
export const PATIENT_COMPARTMENTS = Object.keys(VAULT_BY_COMPARTMENT) as PatientCompartment[];

/** One file of a patient. */
export interface PartRef extends FileRef {
  readonly compartment: PatientCompartment;
}

/** The files of a patient as far as the caseload knows them. */
export interface RecordRefs {
  /** The identity file where it is known, else the file that was asked for. */
  readonly patient: FileId;
  readonly name: string;
  readonly parts: readonly PartRef[];
  /** Null: of nobody's caseload here. */
  readonly line: RosterValue | null;
}

/** A file of a patient by its compartment. */
export function partRef(compartment: PatientCompartment, file: string): PartRef {
  return { compartment, file: parseId<FileId>(file), vault: VAULT_BY_COMPARTMENT[compartment] };
}

function refsOf(line: RosterValue): RecordRefs {
  const parts = PATIENT_COMPARTMENTS.flatMap((compartment) => {
    const file = line.files[compartment];
    return file === undefined ? [] : [partRef(compartment, file)];
  });
  return { patient: parseId<FileId>(line.patient), name: line.name, parts, line };
}

/**
 * The files of a patient by the id of any of them: from the caseload as this session holds it, so that nothing is asked for a patient
 * whom it names; others are looked for among what is granted. Error: `unknown-record`.
 */
export async function findRecord(client: Client, patient: string): Promise<RecordRefs> {
  const isTherapist = client.roles.includes("therapist");
  const line = isTherapist ? findInRoster(await leasedRoster(client), patient) : null;
  if (line !== null) return refsOf(line);
  const { identity, care, name } = await findPatientFiles(client, patient);
  const adopted = isTherapist ? findInRoster(await leasedRoster(client), patient) : null;
  if (adopted !== null) return refsOf(adopted);
  const parts = [
    ...(identity === null ? [] : [partRef("identity", identity.file)]),
    ...(care === null ? [] : [partRef("care", care.file)]),
  ];
  return { patient: parts[0]?.file ?? parseId<FileId>(patient), name, parts, line: null };
}
