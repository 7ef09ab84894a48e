import type { NoteContent } from "@sinetti/practice";

/** Letters of each of the four sections: with its frame, a note of about 2 KB. */
const SECTION_LETTERS = 450;
const WORDS = "slept badly works again calm oriented slow recovery same time next week ";

/** A note of about 2 KB that may be signed under SOAP. */
export function sampleNote(): NoteContent {
  const text = WORDS.repeat(Math.ceil(SECTION_LETTERS / WORDS.length)).slice(0, SECTION_LETTERS);
  return {
    template: "soap",
    session: { date: "2026-11-20", minutes: 45, attendance: "attended", modality: "in-person" },
    sections: ["subjective", "objective", "assessment", "plan"].map((id) => ({ id, text })),
    objectives: [],
  };
}
