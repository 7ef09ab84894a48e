import type { DraftId, FileId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { isRefusal, mustWait } from "../errors.ts";
import { withNoted } from "../records/rosterDays.ts";
import { changeRosterLine } from "./leased.ts";

/** A note that was begun and is not signed. */
export interface UnfinishedNote {
  readonly sessionDate: string;
  readonly draft: DraftId;
}

/** A caseload that cannot be written now must not stop the writing of a note: the record itself shows its drafts. */
export async function ifWritable(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!isRefusal(error) && !mustWait(error)) throw error;
    return false;
  }
}

/** Shows in the caseload that a note was begun; false: the caseload could not be written now. */
export async function markUnfinished(
  client: Client,
  file: FileId,
  { sessionDate, draft }: UnfinishedNote,
): Promise<boolean> {
  return ifWritable(
    changeRosterLine(client, file, (line) => {
      // A session of that day without a draft yet: this is its note.
      const others = line.unfinishedNotes.filter(
        (each) =>
          each.draft !== draft && !(each.draft === undefined && each.sessionDate === sessionDate),
      );
      return { ...line, unfinishedNotes: [...others, { sessionDate, draft }] };
    }),
  );
}

/** Shows in the caseload that a session has its signed note, whatever was begun for it; false: the caseload could not be written now. */
export async function finishNote(
  client: Client,
  file: FileId,
  { sessionDate, draft }: UnfinishedNote,
): Promise<boolean> {
  return ifWritable(
    changeRosterLine(client, file, (line) => {
      const others = line.unfinishedNotes.filter((each) => each.draft !== draft);
      return withNoted({ ...line, unfinishedNotes: others }, sessionDate);
    }),
  );
}
