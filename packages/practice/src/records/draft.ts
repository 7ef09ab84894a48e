import { z } from "zod";
import { date, id, LINE_MAX, text } from "./fields.ts";
import { parseRecord } from "./issue.ts";
import { measureRecord } from "./measure.ts";
import { noteDraft } from "./note.ts";

const head = { v: z.literal(1), at: z.iso.datetime({ offset: true }), author: id };

/** A note that is being written; with `amends`, the correction of a signed one. */
const editedNote = noteDraft.extend({
  amends: id.exactOptional(),
  reason: z.string().max(LINE_MAX).exactOptional(),
});

/** A measure that was begun in a session: null where nothing is answered yet. */
const measureDraft = z.strictObject({
  type: z.literal("measureDraft"),
  ...head,
  measure: measureRecord.shape.measure,
  date,
  answers: z.array(z.int().min(0).max(10).nullable()).min(1).max(100),
  sex: measureRecord.shape.sex,
});
/** A measure that was begun in a session. */
export type MeasureDraft = z.infer<typeof measureDraft>;

/** A process note that is being written, in a process file. */
const processDraft = z.strictObject({
  type: z.literal("processDraft"),
  ...head,
  sessionDate: date.exactOptional(),
  text,
  replaces: id.exactOptional(),
});
/** A process note that is being written. */
export type ProcessDraft = z.infer<typeof processDraft>;

const draftBody = z.discriminatedUnion("type", [editedNote, measureDraft, processDraft]);
/** What a draft cell holds. */
export type DraftBody = z.infer<typeof draftBody>;
/** A note that is being written, or the correction of one. */
export type EditedNote = z.infer<typeof editedNote>;

/** The content of a draft cell, validated. Throws `record-invalid` with the fields that are wrong. */
export function parseDraft(value: unknown): DraftBody {
  return parseRecord(draftBody, value);
}
