import { z } from "zod";
import { noteTemplate } from "../notes/template.ts";
import { bodyOf, code, date, id, line, list, localTime, source, text } from "./fields.ts";

/** How the patient came to the session. */
export const noteAttendance = z.enum([
  "attended",
  "late",
  "missed",
  "cancelled",
  "cancelled-late",
  "contact-only",
]);
/** How the session was held. */
export const noteModality = z.enum(["in-person", "video", "phone", "chat", "home-visit", "other"]);

/** The session a note is about. */
export const noteSession = z.strictObject({
  date,
  start: localTime.exactOptional(),
  minutes: z.int().min(0).max(1440),
  attendance: noteAttendance,
  modality: noteModality,
  setting: z.enum(["individual", "couple", "family", "group"]).exactOptional(),
  appointment: line.exactOptional(),
});
/** The session a note is about: date, length in minutes, attendance, modality. */
export type NoteSession = z.infer<typeof noteSession>;

const section = z.strictObject({ id: code, text });
/** One section of a note. */
export type NoteSection = z.infer<typeof section>;

const content = {
  template: code,
  /** The practice's own template as it stood when the note was begun: its headings stay whatever becomes of the template. */
  form: noteTemplate.exactOptional(),
  session: noteSession,
  sections: z.array(section).max(50),
  objectives: list(code),
};

/** What an auto-saved draft cell holds; it is not an entry. */
export const noteDraft = z.strictObject({
  v: z.literal(1),
  type: z.literal("noteDraft"),
  at: z.iso.datetime({ offset: true }),
  ...content,
  author: id,
  carriedFrom: id.exactOptional(),
});
/** An unsigned note. */
export type NoteDraft = z.infer<typeof noteDraft>;

/** A signed note; `pending` until a supervisor countersigns a trainee's. */
export const sessionNote = bodyOf("sessionNote", {
  ...content,
  author: id,
  status: z.enum(["signed", "pending"]),
  carriedFrom: id.exactOptional(),
  /** Who wrote it, as another system names them; `author` is then who imported it. */
  writtenBy: line.exactOptional(),
  source: source.exactOptional(),
});
/** A signed and locked note. */
export type SessionNote = z.infer<typeof sessionNote>;

/** A correction of a signed note: the old entry, the reason, and the whole new content. */
export const noteAmendment = bodyOf("noteAmendment", {
  amends: id,
  reason: line,
  ...content,
  author: id,
  /** The note does not belong to this patient, or never should have been: nothing is left but its session. */
  withdrawn: z.literal(true).exactOptional(),
});
/** A correction of a signed note. */
export type NoteAmendment = z.infer<typeof noteAmendment>;

/** A supervisor's signature under a trainee's note. */
export const countersignature = bodyOf("countersignature", {
  signs: id,
  supervisor: id,
  remark: text.exactOptional(),
});
/** A supervisor's signature under a trainee's note. */
export type Countersignature = z.infer<typeof countersignature>;
