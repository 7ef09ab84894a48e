import type { EntryBody } from "../../records/entryBody.ts";
import type { LedgerValue } from "../../records/ledger.ts";
import type { PlannedValue } from "../../records/schedule.ts";

/** The compartments of one patient's files. */
export type PatientCompartment = "identity" | "office" | "care" | "portal" | "process";

/** One entry of a patient's file, opened: what it says, and who signed it. */
export type RecordEntry = {
  [C in PatientCompartment]: {
    readonly compartment: C;
    /** 32 hexadecimal digits. */
    readonly entry: string;
    /** The member who signed the append. */
    readonly member: string;
    readonly body: EntryBody<C>;
  };
}[PatientCompartment];

/** A value of the practice's schedule or ledger that is about the patient. */
export interface KeyedValue<V> {
  /** The schedule or ledger that holds it. */
  readonly file: string;
  readonly key: string;
  readonly value: V;
}

/** A member of staff as the directory names them. */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly title?: string;
  readonly roles: readonly string[];
}

/** One line of the gate's log about a file of the patient. */
export interface AccessLine {
  /** ISO 8601. */
  readonly at: string;
  readonly member: string | null;
  readonly name: string | null;
  readonly device: string | null;
  readonly file: string;
  readonly compartment: string;
  readonly purpose: string | null;
  readonly outcome: string | null;
}

/** Why a passage may be kept from the patient (GDPR Art. 15(4); Art. 23). */
export type WithholdCode = "third-person" | "harm" | "other-law";

/** A passage that was taken out of an export: a field of an entry, or the whole entry. */
export interface Withheld {
  readonly compartment: PatientCompartment;
  readonly entry: string;
  /** Type and time of the entry's body. */
  readonly type: string;
  readonly at: string;
  /** Path of the field, `sections.0.text`; undefined: the whole entry. */
  readonly field?: string;
  readonly code: WithholdCode;
  readonly reason: string;
}

/** Everything of one patient that goes into an export, opened on the device. */
export interface PatientRecord {
  readonly practice: { readonly id: string; readonly name: string };
  /** Id of the file that names the patient. */
  readonly patient: string;
  /** Author's time of the export, ISO 8601. */
  readonly made: string;
  /** In chain order, file by file. */
  readonly entries: readonly RecordEntry[];
  readonly appointments: readonly KeyedValue<PlannedValue>[];
  readonly invoices: readonly KeyedValue<LedgerValue>[];
  readonly staff: readonly StaffMember[];
  readonly accessLog: readonly AccessLine[];
  /** Passages that were taken out. */
  readonly withheld: readonly Withheld[];
  /** Where the package holds an attachment, by attachment id: `documents/referral.pdf`. */
  readonly documentPaths: ReadonlyMap<string, string>;
}
