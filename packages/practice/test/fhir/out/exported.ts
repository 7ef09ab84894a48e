import { parseEntryBody } from "../../../src/index.ts";
import type { PatientRecord, RecordEntry } from "../../../src/index.ts";
import { AT, ID, VALID } from "../../records/bodies.ts";
import { sha256 } from "../bundles.ts";

export const PRACTICE = { id: "0a".repeat(16), name: "Praxis" };
export const PATIENT_FILE = "1b".repeat(16);

/** The id that a test entry has. */
export const entryId = (name: string): string => sha256(name).slice(0, 32);

/** An opened entry; validated as the device validates it. */
export function entryOf(
  compartment: RecordEntry["compartment"],
  body: unknown,
  entry: string = entryId(JSON.stringify([compartment, body])),
): RecordEntry {
  return { compartment, entry, member: ID, body: parseEntryBody(compartment, body) } as RecordEntry;
}

/** A record of these entries. */
export function recordOf(
  entries: readonly RecordEntry[],
  more: Partial<PatientRecord> = {},
): PatientRecord {
  return {
    practice: PRACTICE,
    patient: PATIENT_FILE,
    made: AT,
    entries,
    appointments: [],
    invoices: [],
    staff: [{ id: ID, name: "Tove", roles: ["therapist"] }],
    accessLog: [],
    withheld: [],
    documentPaths: new Map(),
    ...more,
  };
}

const COMPARTMENTS = ["identity", "office", "care", "portal", "process"] as const;

/** One entry at least of every type of every file of a patient. */
export const EVERY_TYPE: readonly RecordEntry[] = COMPARTMENTS.flatMap((compartment) =>
  (VALID[compartment] ?? []).map((body) => entryOf(compartment, body)),
);
