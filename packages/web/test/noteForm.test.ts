import { findNoteTemplate, type EditedNote, type NoteTemplate } from "@sinetti/practice";
import { describe, expect, it } from "vitest";

import { missingOf } from "../src/worker/desks/noteDesk.ts";
import { onTemplate, takeMerged, tidied } from "../src/worker/record/noteForm.ts";

const soap = findNoteTemplate("soap") as NoteTemplate;

function note(texts: Record<string, string>, more: Partial<EditedNote> = {}): EditedNote {
  return {
    v: 1,
    type: "noteDraft",
    at: "2026-11-21T10:00:00.000Z",
    template: "soap",
    author: "0".repeat(32),
    session: { date: "2026-11-21", minutes: 45, attendance: "attended", modality: "in-person" },
    sections: Object.entries(texts).map(([id, text]) => ({ id, text })),
    objectives: [],
    ...more,
  };
}

const textOf = ({ sections }: EditedNote, id: string): string | undefined =>
  sections.find((each) => each.id === id)?.text;

describe("another template", () => {
  const fresh = {
    template: "dap",
    sections: [
      { id: "data", text: "" },
      { id: "plan", text: "carried" },
    ],
  };

  it("keeps what was written under sections that both have, and what only the former had", () => {
    const draft = onTemplate(note({ subjective: "words", plan: "own plan" }), fresh);
    expect(draft.template).toBe("dap");
    expect(textOf(draft, "plan")).toBe("own plan");
    expect(textOf(draft, "subjective")).toBe("words");
  });

  it("fills a section that is still empty with what carries forward", () => {
    expect(textOf(onTemplate(note({ subjective: "", plan: " " }), fresh), "plan")).toBe("carried");
  });
});

describe("what two devices wrote", () => {
  const sent = note({ subjective: "one", plan: "two" });

  it("takes the other device's section and keeps what was typed here since", () => {
    const now = note({ subjective: "one and a half", plan: "two" });
    const both = takeMerged(sent, now, note({ subjective: "one", plan: "theirs" }));
    expect(textOf(both, "subjective")).toBe("one and a half");
    expect(textOf(both, "plan")).toBe("theirs");
  });

  it("holds both where the same section changed on both sides", () => {
    const now = note({ subjective: "ours", plan: "two" });
    const both = takeMerged(sent, now, note({ subjective: "theirs", plan: "two" }));
    expect(textOf(both, "subjective")).toBe("theirs\n\nours");
  });

  it("keeps a section that was added here since", () => {
    const now = note({ subjective: "one", plan: "two", risk: "new" });
    expect(textOf(takeMerged(sent, now, sent), "risk")).toBe("new");
  });
});

describe("what a signature lacks", () => {
  const full = { subjective: "s", objective: "o", assessment: "a", plan: "p" };

  it("is nothing where every section that is needed has text", () => {
    expect(missingOf(note(full), soap)).toEqual([]);
  });

  it("names sections without text, a session without length, and a correction without reason", () => {
    const session = { ...note({}).session, minutes: 0 };
    const draft = note({ ...full, plan: " " }, { session, amends: "1".repeat(32), reason: " " });
    expect(missingOf(draft, soap)).toEqual([
      { is: "reason" },
      { is: "section", id: "plan" },
      { is: "minutes" },
    ]);
  });

  it("names text that a former template left, and nothing once it is empty", () => {
    const left = note({ ...full, data: "left" });
    expect(missingOf(tidied(left, soap), soap)).toEqual([{ is: "left", id: "data" }]);
    const emptied = note({ ...full, data: " " });
    expect(missingOf(tidied(emptied, soap), soap)).toEqual([]);
  });
});
