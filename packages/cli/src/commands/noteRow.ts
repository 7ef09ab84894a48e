import type { NoteHistory } from "@sinetti/practice";

/** A note as lists show it. */
export interface NoteRow {
  readonly entry: string;
  readonly at: string;
  /** Date of the session. */
  readonly date: string;
  readonly template: string;
  readonly author: string;
  readonly state: NoteHistory["state"];
}

/** The row of a note. */
export function noteRow({ entry, original, state, current }: NoteHistory): NoteRow {
  const { at, author } = original;
  return { entry, at, date: current.session.date, template: current.template, author, state };
}
