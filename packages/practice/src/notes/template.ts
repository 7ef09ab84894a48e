import { z } from "zod";
import { code, line } from "../records/fields.ts";

const label = z.strictObject({ en: line, fi: line });

/** A note template: its id, its name, and its sections in order. */
export const noteTemplate = z.strictObject({
  id: code,
  v: z.int().min(1),
  label,
  needsSession: z.boolean(),
  sections: z
    .array(z.strictObject({ id: code, label, required: z.boolean(), carryForward: z.boolean() }))
    .min(1)
    .max(50),
});
/** A note template; `required` sections must hold text before signing, `carryForward` ones start as they were in the last note. */
export type NoteTemplate = z.infer<typeof noteTemplate>;
