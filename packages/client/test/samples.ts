import type { NoteContent, Person } from "@sinetti/practice";

/** An invented person; the identity code's individual number is in the range that is never given out. */
export const PERSON: Omit<Person, "v" | "type" | "at"> = {
  name: { family: "Virtanen", given: ["Aino"] },
  formerNames: [],
  otherCodes: [],
  addresses: [],
  phones: [{ value: "+358401234567" }],
  emails: [],
};

/** A note that may be signed under SOAP. */
export const NOTE: NoteContent = {
  template: "soap",
  session: { date: "2026-11-20", minutes: 45, attendance: "attended", modality: "in-person" },
  sections: [
    { id: "subjective", text: "Slept badly, works again." },
    { id: "objective", text: "Calm, oriented." },
    { id: "assessment", text: "Slow recovery." },
    { id: "plan", text: "Next week, same time." },
  ],
  objectives: [],
};
