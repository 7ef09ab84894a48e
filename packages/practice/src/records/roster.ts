import { z } from "zod";
import { code, date, id, instant, line, list, partialDate } from "./fields.ts";
import { putRemoveOf } from "./putRemove.ts";

/** A patient of the caseload as Today shows them; the key is the identity file id. */
export const rosterValue = z.strictObject({
  patient: id,
  name: line,
  files: z.strictObject({
    identity: id,
    office: id.exactOptional(),
    care: id.exactOptional(),
    portal: id.exactOptional(),
    process: id.exactOptional(),
  }),
  unfinishedNotes: list(z.strictObject({ sessionDate: date, draft: id.exactOptional() })),
  reviewDue: date.exactOptional(),
  lastMeasures: list(
    z.strictObject({
      measure: code,
      date,
      total: z.int(),
      band: code.exactOptional(),
      alerts: list(code),
      /** When this therapist marked its alert as seen. */
      seen: instant.exactOptional(),
      /** When risk was assessed after it. */
      assessed: instant.exactOptional(),
    }),
  ),
  nextAppointment: instant.exactOptional(),
  /** Days of the sessions of the last weeks that have a signed note. */
  noted: list(date).exactOptional(),
  /** Couples and groups that the patient belongs to: the file of each one's shared notes, and what the therapist calls it. */
  groups: list(z.strictObject({ file: id, title: line })).exactOptional(),
  ended: date.exactOptional(),
  /** What the time of keeping is counted from, so that the due list opens no record. */
  retention: z
    .strictObject({
      born: partialDate.exactOptional(),
      died: partialDate.exactOptional(),
      careEnded: partialDate.exactOptional(),
    })
    .exactOptional(),
});
/** A patient of the caseload: name, files, unfinished notes, review date, last measures, next appointment. */
export type RosterValue = z.infer<typeof rosterValue>;

/** Entries of a roster file. */
export const rosterBody = putRemoveOf(rosterValue);
/** Entries of a roster file. */
export type RosterBody = z.infer<typeof rosterBody>;
