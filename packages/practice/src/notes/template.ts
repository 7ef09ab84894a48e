import { z } from "zod";
import { code, line } from "../records/fields.ts";

/** Sections of one template. */
export const SECTIONS_MAX = 50;

const label = z.strictObject({ en: line, fi: line });

const section = z.strictObject({
  id: code,
  label,
  /** What belongs under the heading, for whoever writes there. */
  hint: label.exactOptional(),
  required: z.boolean(),
  carryForward: z.boolean(),
});

/** A note template: its id, its name, and its sections in order; a retired one is offered for no new note. */
export const noteTemplate = z.strictObject({
  id: code,
  v: z.int().min(1),
  label,
  needsSession: z.boolean(),
  sections: z.array(section).min(1).max(SECTIONS_MAX),
  retired: z.literal(true).exactOptional(),
});
/** A note template; `required` sections must hold text before signing, `carryForward` ones start as they were in the last note. */
export type NoteTemplate = z.infer<typeof noteTemplate>;
