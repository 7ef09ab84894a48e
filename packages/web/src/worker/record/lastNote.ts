import type { RecordItem } from "@sinetti/client";

import { rowOf, type RowContext, type TimelineRow } from "./timelineRow.ts";

/** A row of a timeline that is a note. */
export type NoteRow = Extract<TimelineRow, { shape: "note" }>;

const NOT_HELD: ReadonlySet<string> = new Set(["missed", "cancelled", "cancelled-late"]);

/** The note of the last session that was held, of a timeline with the newest first; null: none stands. */
export function lastNote(timeline: readonly RecordItem[], context: RowContext): NoteRow | null {
  for (const item of timeline) {
    if (item.kind !== "note") continue;
    const row = rowOf(item, context);
    if (row.shape === "note" && stands(row)) return row;
  }
  return null;
}

const stands = ({ note: { state, session } }: NoteRow): boolean =>
  state !== "withdrawn" && state !== "retracted" && !NOT_HELD.has(session.attendance);
