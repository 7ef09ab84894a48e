import type { z } from "zod";
import { careBody } from "./care.ts";
import { directoryBody } from "./directory.ts";
import { identityBody } from "./identity.ts";
import { parseRecord } from "./issue.ts";
import { ledgerBody } from "./ledger.ts";
import { noteDraft } from "./note.ts";
import type { NoteDraft } from "./note.ts";
import { officeBody } from "./office.ts";
import { portalBody } from "./portal.ts";
import { processBody } from "./process.ts";
import { rosterBody } from "./roster.ts";
import { scheduleBody } from "./schedule.ts";

const SCHEMA_BY_COMPARTMENT = {
  identity: identityBody,
  office: officeBody,
  schedule: scheduleBody,
  ledger: ledgerBody,
  care: careBody,
  portal: portalBody,
  process: processBody,
  roster: rosterBody,
  directory: directoryBody,
};

/** The compartments whose records this package knows. */
export type RecordCompartment = keyof typeof SCHEMA_BY_COMPARTMENT;

/** What an entry of a compartment holds. */
export type EntryBody<C extends RecordCompartment = RecordCompartment> = z.output<
  (typeof SCHEMA_BY_COMPARTMENT)[C]
>;

/** The compartments in the order of the design. */
export const RECORD_COMPARTMENTS = Object.keys(
  SCHEMA_BY_COMPARTMENT,
) as readonly RecordCompartment[];

/**
 * An entry body of `compartment`, validated: before it is sealed, and after it was opened. Bodies are JSON values whose
 * numbers are safe integers. Throws `record-invalid` with the fields that are wrong.
 */
export function parseEntryBody<C extends RecordCompartment>(
  compartment: C,
  value: unknown,
): EntryBody<C> {
  return parseRecord(SCHEMA_BY_COMPARTMENT[compartment], value) as EntryBody<C>;
}

/** The content of a draft cell, validated. Throws `record-invalid` with the fields that are wrong. */
export function parseNoteDraft(value: unknown): NoteDraft {
  return parseRecord(noteDraft, value);
}
