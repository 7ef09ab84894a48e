import { describe, expect, it } from "vitest";
import {
  PracticeError,
  amendNote,
  foldNotes,
  formOf,
  ownTemplate,
  parseDraft,
  parseEntryBody,
  signNote,
  startDraft,
  type NoteTemplate,
  type OwnSection,
  type OwnTemplate,
} from "../../src/index.ts";
import { AT, ID, OTHER_ID } from "../records/bodies.ts";

const both = (words: string) => ({ en: words, fi: words });
const section = (heading: string, more: Partial<OwnSection> = {}): OwnSection => ({
  id: null,
  label: both(heading),
  hint: both(""),
  required: true,
  carryForward: false,
  ...more,
});
const wish = (sections: OwnSection[], more: Partial<OwnTemplate> = {}): OwnTemplate => ({
  id: null,
  label: both("EMDR"),
  needsSession: true,
  sections,
  ...more,
});
const stored = (made: Omit<NoteTemplate, "v" | "retired">): NoteTemplate => ({ ...made, v: 1 });

function fields(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof PracticeError) return error.issues.map(({ field }) => field);
    throw error;
  }
  throw new TypeError("nothing was refused");
}

describe("a template of the practice's own", () => {
  it("gets ids out of its words, which others do not have", () => {
    const made = ownTemplate(
      wish([section("Mitä tehtiin?"), section("Mitä tehtiin!"), section("§")]),
      ["emdr"],
    );
    expect(made.id).toBe("emdr-2");
    expect(made.sections.map(({ id }) => id)).toEqual([
      "mita-tehtiin",
      "mita-tehtiin-2",
      "section",
    ]);
  });

  it("never takes the id of a template that every practice has", () => {
    expect(ownTemplate(wish([section("Target")], { label: both("SOAP") }), []).id).toBe("soap-2");
  });

  it("keeps its ids when its words change", () => {
    const first = ownTemplate(wish([section("Target")]), []);
    const [kept] = first.sections;
    const renamed = wish([section("Aim", { id: kept?.id ?? null }), section("Target")], {
      id: first.id,
      label: both("EMDR II"),
    });
    const second = ownTemplate(renamed, [first.id]);
    expect(second.id).toBe("emdr");
    expect(second.sections.map(({ id }) => id)).toEqual(["target", "target-2"]);
  });

  it("holds a hint only where one was given", () => {
    const made = ownTemplate(
      wish([section("Target", { hint: both(" the worst moment ") }), section("Resource")]),
      [],
    );
    expect(made.sections.map(({ hint }) => hint)).toEqual([both("the worst moment"), undefined]);
  });

  it("is refused without a name, without sections, with a heading missing or twice, with half a hint", () => {
    expect(fields(() => ownTemplate(wish([], { label: both(" ") }), []))).toEqual([
      "label",
      "sections",
    ]);
    const wrong = [
      section("Target"),
      section("Target"),
      section("Resource", { label: { en: "Resource", fi: " " } }),
      section("Body", { hint: { en: "where", fi: "" } }),
    ];
    expect(fields(() => ownTemplate(wish(wrong), []))).toEqual([
      "sections.1.label",
      "sections.2.label",
      "sections.3.hint",
    ]);
  });
});

describe("a note on the practice's own template", () => {
  const session = {
    date: "2026-03-02",
    minutes: 45,
    attendance: "attended",
    modality: "in-person",
  } as const;
  const template = stored(ownTemplate(wish([section("Target")]), []));
  const begun = startDraft(template, session, { at: AT, author: ID });
  const draft = { ...begun, sections: [{ id: "target", text: "A bus." }] };
  const later = stored(
    ownTemplate(wish([section("Aim", { id: "target" })], { id: template.id }), []),
  );

  it("keeps the headings that it was begun with, in the draft, the note and its correction", () => {
    expect(parseDraft(begun)).toMatchObject({ form: template });
    const note = signNote(draft, template, { at: AT, trainee: false });
    parseEntryBody("care", note);
    const [history] = foldNotes([{ entry: OTHER_ID, body: note }]);
    if (history === undefined) throw new TypeError("no note");
    const amendment = amendNote(history, history.current, {
      at: AT,
      author: ID,
      reason: "a word",
      template: history.current.form ?? later,
    });
    parseEntryBody("care", amendment);
    for (const each of [note, amendment])
      expect(formOf(each)?.sections.map(({ label }) => label.en)).toEqual(["Target"]);
  });

  it("cannot rename the headings of a template that every practice has", () => {
    expect(formOf({ template: "soap", form: later })?.label.en).toBe("SOAP");
  });
});
