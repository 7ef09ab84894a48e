import type { EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import { parseEntryBody, type Opening } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { ClientError, isRefusal, mustWait } from "../errors.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import type { DraftDesk } from "./draftDesk.ts";
import { mayWrite, openRecord, type OpenedRecord } from "./openRecord.ts";

/** A record that was opened in crisis. */
export interface CrisisRecord {
  readonly record: OpenedRecord;
  /** The entry that says why; null: this member does not write in the care file, or it is closed. The gate's log has the purpose anyway. */
  readonly reason: EntryId | null;
}

/**
 * Opens the record of a patient in crisis, beyond a budget and after however long: one patient in ten minutes, with an alarm to two
 * others. The reason goes into the record, sealed, as its first entry. Errors: `input-rejected` without a reason, before anything is
 * asked; `refused`.
 */
export async function openInCrisis(
  client: Client,
  desk: DraftDesk,
  { patient, reason }: { patient: string; reason: string },
): Promise<CrisisRecord> {
  const body: Opening = {
    v: 1,
    type: "opening",
    at: authorTime(client.context),
    purpose: "crisis",
    reason: reason.trim(),
    author: client.member,
  };
  try {
    parseEntryBody("care", body);
  } catch (cause) {
    throw new ClientError("input-rejected", { detail: "reason", cause });
  }
  const record = await openRecord(client, desk, { patient, purpose: "crisis" });
  const { care } = record.files;
  if (care === undefined || !mayWrite(client, care)) return { record, reason: null };
  const id = generateEntryId();
  const entries = [{ id, class: "entry" as const, body: encodeBody("care", body) }];
  try {
    await appendEntries(client.context, [{ file: care, entries }]);
    return { record, reason: id };
  } catch (error) {
    // What waits is kept and goes out; a refusal must not take away what had to be read now.
    if (!mustWait(error) && !isRefusal(error)) throw error;
    return { record, reason: mustWait(error) ? id : null };
  }
}
