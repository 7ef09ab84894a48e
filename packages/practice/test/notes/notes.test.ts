import { describe, expect, it } from "vitest";
import {
  NOTE_TEMPLATES,
  PracticeError,
  amendNote,
  carriedSections,
  checkNote,
  findNoteTemplate,
  foldNotes,
  isNoteOverdue,
  lastNoteOf,
  parseEntryBody,
  processNoteWarnings,
  signNote,
  startDraft,
} from "../../src/index.ts";
import type {
  CareBody,
  NoteDraft,
  NoteHistory,
  NoteSession,
  NoteTemplate,
} from "../../src/index.ts";
import { noteTemplate } from "../../src/notes/template.ts";
import { AT, ID, OTHER_ID } from "../records/bodies.ts";

const LATER = "2026-03-09T10:00:00+02:00";
const session: NoteSession = {
  date: "2026-03-02",
  minutes: 45,
  attendance: "attended",
  modality: "in-person",
};

function template(id: string): NoteTemplate {
  const found = findNoteTemplate(id);
  if (found === undefined) throw new TypeError("no such template");
  return found;
}

const soap = template("soap");
const empty = startDraft(soap, session, { at: AT, author: ID });
const filled: NoteDraft = {
  ...empty,
  sections: soap.sections.map(({ id, required }) => ({ id, text: required ? `about ${id}` : "" })),
};

function refusal(work: () => unknown): PracticeError {
  try {
    work();
  } catch (error) {
    if (error instanceof PracticeError) return error;
    throw error;
  }
  throw new TypeError("nothing was refused");
}

describe("the note templates", () => {
  it("are the eleven of the practice, each with ids once and labels in English and Finnish", () => {
    expect(NOTE_TEMPLATES.map(({ id }) => id)).toEqual([
      "soap",
      "dap",
      "birp",
      "girp",
      "pirp",
      "narrative",
      "intake",
      "contact",
      "missed-session",
      "risk",
      "discharge",
    ]);
    for (const one of NOTE_TEMPLATES) {
      expect(noteTemplate.parse(one)).toEqual(one);
      expect(new Set(one.sections.map(({ id }) => id)).size).toBe(one.sections.length);
      expect(one.sections.some(({ required }) => required)).toBe(true);
    }
  });
  it("do not know others", () => {
    expect(findNoteTemplate("constructor")).toBeUndefined();
  });
});

describe("checkNote names", () => {
  it("each required section without text, spaces being none", () => {
    const blank = { ...filled, sections: [{ id: "plan", text: " \n" }] };
    expect(checkNote(blank, soap)).toEqual(
      ["subjective", "objective", "assessment", "plan"].map((id) => ({
        field: `sections.${id}`,
        rule: "missing",
      })),
    );
  });
  it("sections of another template and sections given twice", () => {
    const wrong = {
      ...filled,
      sections: [...filled.sections, { id: "data", text: "x" }, { id: "plan", text: "x" }],
    };
    expect(checkNote(wrong, soap)).toEqual([
      { field: "sections.5.id", rule: "unknown-section" },
      { field: "sections.6.id", rule: "inconsistent" },
    ]);
  });
  it("a held session without length, but not a missed one", () => {
    expect(checkNote({ ...filled, session: { ...session, minutes: 0 } }, soap)).toEqual([
      { field: "session.minutes", rule: "out-of-range" },
    ]);
    expect(
      checkNote({ ...filled, session: { ...session, minutes: 0, attendance: "missed" } }, soap),
    ).toEqual([]);
  });
  it("the wrong template, and nothing in a whole note", () => {
    expect(checkNote({ ...filled, template: "dap" }, soap)).toContainEqual({
      field: "template",
      rule: "inconsistent",
    });
    expect(checkNote(filled, soap)).toEqual([]);
  });
});

describe("signNote", () => {
  it("refuses an unfinished draft", () => {
    const error = refusal(() => signNote(empty, soap, { at: AT, trainee: false }));
    expect([error.code, error.issues.length]).toEqual(["note-invalid", 4]);
  });
  it("gives a valid entry without empty sections", () => {
    const note = signNote(filled, soap, { at: LATER, trainee: false });
    expect(parseEntryBody("care", note)).toEqual(note);
    expect(note).toMatchObject({ type: "sessionNote", at: LATER, status: "signed", author: ID });
    expect(note.sections.map(({ id }) => id)).toEqual([
      "subjective",
      "objective",
      "assessment",
      "plan",
    ]);
  });
});

const note = (trainee: boolean): { entry: string; body: CareBody } => ({
  entry: ID,
  body: signNote(filled, soap, { at: AT, trainee }),
});
const countersign = (supervisor: string): { entry: string; body: CareBody } => ({
  entry: "c",
  body: { v: 1, type: "countersignature", at: LATER, signs: ID, supervisor },
});

describe("foldNotes", () => {
  it("keeps a trainee's note pending until somebody else countersigns", () => {
    expect(foldNotes([note(true)])[0]?.state).toBe("pending");
    expect(foldNotes([note(true), countersign(ID)])[0]?.state).toBe("pending");
    expect(foldNotes([note(true), countersign(OTHER_ID)])[0]?.state).toBe("signed");
  });
  it("shows the amended content and keeps the original readable", () => {
    const [history] = foldNotes([note(false)]);
    if (history === undefined) throw new TypeError("one note was given");
    const content = { ...history.current, session: { ...session, minutes: 60 } };
    expect(
      refusal(() =>
        amendNote(history, content, { at: LATER, author: ID, reason: " ", template: soap }),
      ).issues,
    ).toEqual([{ field: "reason", rule: "missing" }]);
    const body = amendNote(history, content, {
      at: LATER,
      author: ID,
      reason: "wrong length",
      template: soap,
    });
    expect(parseEntryBody("care", body)).toMatchObject({ amends: ID, reason: "wrong length" });
    const [amended] = foldNotes([note(false), { entry: OTHER_ID, body }]);
    expect(amended?.state).toBe("amended");
    expect(amended?.current.session.minutes).toBe(60);
    expect(amended?.original.session.minutes).toBe(45);
    expect(amended?.amendments.map(({ entry }) => entry)).toEqual([OTHER_ID]);
  });
  it("does not let a retracted note be amended", () => {
    const retraction: CareBody = {
      v: 1,
      type: "retraction",
      at: LATER,
      entry: ID,
      reason: "wrong patient",
    };
    const [history] = foldNotes([note(false), { entry: "r", body: retraction }]);
    if (history === undefined) throw new TypeError("one note was given");
    expect(history.state).toBe("retracted");
    expect(
      refusal(() =>
        amendNote(history, history.current, { at: LATER, author: ID, reason: "x", template: soap }),
      ).code,
    ).toBe("note-invalid");
  });
});

describe("startDraft", () => {
  it("carries forward what the template says, with the entry it came from, and nothing else", () => {
    const [last] = foldNotes([note(false)]);
    if (last === undefined) throw new TypeError("one note was given");
    const draft = startDraft(
      soap,
      { ...session, date: "2026-03-09" },
      { at: LATER, author: ID, last },
    );
    expect(draft.carriedFrom).toBe(ID);
    expect(draft.sections.filter(({ text }) => text !== "")).toEqual([
      { id: "plan", text: "about plan" },
    ]);
  });
});

describe("lastNoteOf", () => {
  const written = (entry: string, id: string, date: string): NoteHistory => {
    const { sections } = template(id);
    const current = {
      template: id,
      session: { ...session, date },
      objectives: [],
      sections: sections.map((each) => ({ id: each.id, text: `${each.id} of ${date}` })),
    };
    const original = signNote({ ...empty, ...current }, template(id), { at: AT, trainee: false });
    return { entry, original, amendments: [], state: "signed", current };
  };
  const notes = [
    written("1", "soap", "2026-03-02"),
    written("2", "dap", "2026-03-09"),
    written("3", "missed-session", "2026-03-16"),
  ];

  it("is the latest that wrote what carries forward, on whatever template", () => {
    const last = lastNoteOf(notes, soap);
    expect(last?.entry).toBe("2");
    const draft = startDraft(soap, session, { at: AT, author: ID, ...(last && { last }) });
    expect(draft.sections.filter(({ text }) => text !== "")).toEqual([
      { id: "plan", text: "plan of 2026-03-09" },
    ]);
    expect(lastNoteOf(notes, template("narrative"))?.entry).toBe("3");
  });

  it("hands a section on to one of the same heading, and to no other", () => {
    const own = (id: string, en: string): NoteTemplate => ({
      ...soap,
      id: "own",
      sections: [{ id, label: { en, fi: "Suunnitelma" }, required: false, carryForward: true }],
    });
    const carried = (to: NoteTemplate) =>
      notes.slice(1, 2).flatMap((each) => carriedSections(to, each));
    expect(carried(own("plan-2", "Plan"))).toEqual([{ id: "plan-2", text: "plan of 2026-03-09" }]);
    expect(carried(own("scheme", "Scheme"))).toEqual([]);
  });
});

describe("isNoteOverdue", () => {
  it("begins on the sixth day", () => {
    expect([
      isNoteOverdue("2026-03-02", "2026-03-07"),
      isNoteOverdue("2026-03-02", "2026-03-08"),
    ]).toEqual([false, true]);
  });
});

describe("processNoteWarnings", () => {
  const kindsIn = (text: string) => [...new Set(processNoteWarnings(text).map(({ kind }) => kind))];
  it.each([
    ["She wants to stop her medication.", "medication"],
    ["Sertraline 50 mg since May.", "medication"],
    ["Lääkityksen lopetus mietityttää.", "medication"],
    ["Ketiapiinia iltaisin.", "medication"],
    ["We met at 14:30.", "time"],
    ["Tapaaminen klo 9.15.", "time"],
    ["Session of 45 minutes.", "time"],
    ["PHQ-9 has gone down.", "test-result"],
    ["Testitulokset tulivat.", "test-result"],
    ["This looks like PTSD.", "diagnosis"],
    ["Diagnoosi on F32.1.", "diagnosis"],
    ["Kaksisuuntaisesta mielialahäiriöstä puhuttiin.", "diagnosis"],
  ])("marks %s as %s", (text, kind) => {
    expect(kindsIn(text)).toContain(kind);
  });
  it("gives the place of the words and never the words", () => {
    const text = "Hän ottaa 20 mg.";
    const [warning] = processNoteWarnings(text);
    expect(warning).toEqual({ kind: "medication", start: 10, end: 15 });
    expect(text.slice(warning?.start, warning?.end)).toBe("20 mg");
  });
  it.each([
    "I felt a pull to rescue her.",
    "Minua väsytti hänen surunsa.",
    "He was late, and I was glad of it.",
    "Olin vihainen ja tunsin sen kehossa.",
    "",
  ])("is quiet about %s", (text) => {
    expect(processNoteWarnings(text)).toEqual([]);
  });
});
