import { z } from "zod";
import { bodyOf, date, id, retraction, text } from "./fields.ts";

const processNote = bodyOf("processNote", {
  sessionDate: date.exactOptional(),
  text,
  replaces: id.exactOptional(),
});
/** The therapist's private reflection; never part of a default export. */
export type ProcessNote = z.infer<typeof processNote>;

const groupNote = bodyOf("groupNote", { sessionDate: date, text, replaces: id.exactOptional() });
/** The shared part of a couple or group session, in a file of its own. */
export type GroupNote = z.infer<typeof groupNote>;

const links = bodyOf("links", { identity: id.exactOptional(), care: id.exactOptional() });

/** What a process file's entries hold. */
export const processBody = z.discriminatedUnion("type", [
  processNote,
  groupNote,
  links,
  retraction,
]);
/** What a process file's entries hold. */
export type ProcessBody = z.infer<typeof processBody>;
