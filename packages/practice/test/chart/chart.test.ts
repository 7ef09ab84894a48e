import { describe, expect, it } from "vitest";
import {
  findAlike,
  findNoteTemplate,
  foldCareState,
  holding,
  lastNoteOf,
  foldNotes,
  measureSeries,
  mergeDrafts,
  parseDraft,
  parseEntryBody,
  readCare,
  readProcess,
  withdrawNote,
  type CareEntry,
  type DraftBody,
  type MeasureRecord,
  type NoteTemplate,
  type Person,
  type ProcessBody,
} from "../../src/index.ts";
import { AT, ID, OTHER_ID } from "../records/bodies.ts";

const [A, B, C] = ["a", "b", "c"].map((digit) => digit.repeat(32)) as [string, string, string];
const LATER = "2026-03-09T10:00:00+02:00";
const session = { date: "2026-03-02", minutes: 45, attendance: "attended", modality: "in-person" };
const head = { v: 1, at: AT };

function care(entry: string, body: object): CareEntry {
  return { entry, member: ID, body: parseEntryBody("care", { ...head, ...body }) };
}

function plan(title: string, replaces?: string): object {
  const lists = { diagnoses: [], longTermGoals: [], objectives: [], interventions: [] };
  return {
    type: "plan",
    title,
    status: "active",
    ...lists,
    ...(replaces === undefined ? {} : { replaces }),
  };
}

function note(text: string, date = "2026-03-02"): object {
  return {
    type: "sessionNote",
    template: "narrative",
    session: { ...session, date },
    sections: [{ id: "narrative", text }],
    objectives: [],
    author: ID,
    status: "signed",
  };
}

describe("what changes by entries that name the ones before", () => {
  it("holds the newest version and keeps all that was before it", () => {
    const { plan: plans } = foldCareState([care(A, plan("first")), care(B, plan("second", A))]);
    expect(plans).toHaveLength(1);
    expect(plans[0]?.current.body.title).toBe("second");
    expect(plans[0]?.earlier.map(({ body }) => body.title)).toEqual(["first"]);
  });

  it("keeps both where two entries replace the same one, and the later one holds", () => {
    const lines = foldCareState([
      care(A, plan("first")),
      care(B, plan("mine", A)),
      care(C, plan("yours", A)),
    ]).plan;
    expect(lines).toHaveLength(1);
    expect(lines[0]?.current.body.title).toBe("yours");
    expect(lines[0]?.earlier.map(({ body }) => body.title)).toEqual(["first", "mine"]);
  });

  it("begins a line of its own for an entry that names one of another type, or nothing that is there", () => {
    const state = foldCareState([
      care(A, plan("first")),
      care(B, { type: "letter", title: "t", to: "x", on: "2026-03-02", text: "", replaces: ID }),
      care(C, plan("lost", OTHER_ID)),
    ]);
    expect(state.plan).toHaveLength(2);
    expect(state.letter).toHaveLength(1);
  });

  it("no longer holds a line of which any version was taken back, and says why", () => {
    const state = foldCareState([
      care(A, plan("first")),
      care(B, plan("second", A)),
      care(C, { type: "retraction", entry: A, reason: "wrong patient" }),
    ]);
    expect(holding(state.plan)).toEqual([]);
    expect(state.plan[0]?.takenBack?.reason).toBe("wrong patient");
  });
});

describe("a chart", () => {
  it("shows a note as it was corrected, by the day of its session, and measures with their change", () => {
    const measure = (total: number, date: string): object => ({
      type: "measure",
      measure: "phq-9",
      date,
      total,
      band: "mild",
      alerts: [],
    });
    const chart = readCare([
      care("1".repeat(32), note("first")),
      care("2".repeat(32), measure(15, "2026-02-01")),
      care("3".repeat(32), measure(8, "2026-03-01")),
      care("4".repeat(32), {
        type: "noteAmendment",
        amends: "1".repeat(32),
        reason: "wrong day",
        template: "narrative",
        session: { ...session, date: "2026-03-03" },
        sections: [{ id: "narrative", text: "second" }],
        objectives: [],
        author: ID,
      }),
    ]);
    expect(chart.timeline.map(({ kind, on }) => [kind, on])).toEqual([
      ["note", "2026-03-03"],
      ["measure", "2026-03-01"],
      ["measure", "2026-02-01"],
    ]);
    const [series] = chart.measures;
    expect(series?.points[1]?.sinceLast).toMatchObject({
      points: -7,
      direction: "better",
      reliable: "yes",
    });
    expect(series?.highest).toBe(27);
  });

  it("leaves out a measure that was taken back, and counts originals by kind", () => {
    const document = { sourceId: "a", encoding: "json", sha256: "ab".repeat(32), content: "{}" };
    const chart = readCare([
      care("1".repeat(32), {
        type: "measure",
        measure: "who-5",
        date: "2026-03-01",
        total: 40,
        band: "low",
        alerts: [],
      }),
      care("2".repeat(32), { type: "retraction", entry: "1".repeat(32), reason: "other patient" }),
      care("3".repeat(32), {
        type: "sourceDocument",
        sourceType: "fhir-r4",
        sourceId: "x",
        sha256: "ab".repeat(32),
        documents: [
          { ...document, kind: "Claim" },
          { ...document, kind: "Claim" },
          { ...document, kind: "Encounter", originalOf: "Encounter/1" },
        ],
      }),
    ]);
    expect(chart.measures).toEqual([]);
    expect(chart.timeline).toMatchObject([{ kind: "kept", counts: [{ kind: "Claim", count: 2 }] }]);
  });

  it("warns of what a process note should not hold, and shows the newest version of each", () => {
    const body = (fields: object): ProcessBody =>
      parseEntryBody("process", { ...head, type: "processNote", ...fields });
    const items = readProcess([
      { entry: "1".repeat(32), member: ID, body: body({ text: "He reminds me of somebody." }) },
      {
        entry: "2".repeat(32),
        member: ID,
        body: body({ text: "Sertraline 50 mg again.", replaces: "1".repeat(32) }),
      },
    ]);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ kind: "processNote", earlier: ["1".repeat(32)] });
    expect(items[0]?.kind === "processNote" && items[0].warnings.length).toBeGreaterThan(0);
  });
});

describe("withdrawing a note", () => {
  const histories = (...bodies: object[]) =>
    foldNotes(
      bodies.map((body, index) => ({
        entry: String(index + 1).repeat(32),
        body: parseEntryBody("care", { ...head, ...body }),
      })),
    );

  it("leaves the original readable and nothing of it current, and a correction brings it back", () => {
    const [first] = histories(note("about somebody else"));
    if (first === undefined) throw new TypeError("no note");
    const withdrawal = withdrawNote(first, { at: LATER, author: ID, reason: "wrong patient" });
    const [withdrawn] = histories(note("about somebody else"), withdrawal);
    expect(withdrawn).toMatchObject({ state: "withdrawn", current: { sections: [] } });
    expect(withdrawn?.original.sections[0]?.text).toBe("about somebody else");
    const { withdrawn: _, ...again } = { ...withdrawal, reason: "was right after all" };
    expect(histories(note("x"), withdrawal, again)[0]?.state).toBe("amended");
  });

  it("wants a reason, and is done once", () => {
    const [first] = histories(note("x"));
    if (first === undefined) throw new TypeError("no note");
    const how = { at: LATER, author: ID };
    expect(() => withdrawNote(first, { ...how, reason: " " })).toThrow("does not fit");
    const gone = { ...first, state: "withdrawn" as const };
    expect(() => withdrawNote(gone, { ...how, reason: "again" })).toThrow("does not fit");
  });

  it("is not what the next note carries forward from", () => {
    const narrative = findNoteTemplate("narrative") as NoteTemplate;
    const notes = histories(note("a", "2026-02-01"), note("b", "2026-03-01"));
    expect(lastNoteOf(notes, narrative)?.entry).toBe("2".repeat(32));
    const last = notes[1];
    if (last !== undefined) last.state = "withdrawn";
    expect(lastNoteOf(notes, narrative)?.entry).toBe("1".repeat(32));
    expect(lastNoteOf([], narrative)).toBeUndefined();
  });
});

function draft(fields: { at?: string; sections?: object[]; minutes?: number }): DraftBody {
  const { at = AT, sections = [], minutes = 45 } = fields;
  return parseDraft({
    v: 1,
    type: "noteDraft",
    at,
    template: "narrative",
    session: { ...session, minutes },
    sections,
    objectives: [],
    author: ID,
  });
}

describe("two devices on one draft", () => {
  const base = draft({
    sections: [
      { id: "narrative", text: "a" },
      { id: "risk", text: "" },
    ],
  });

  it("joins what they changed in different places", () => {
    const ours = draft({
      sections: [
        { id: "narrative", text: "a b" },
        { id: "risk", text: "" },
      ],
    });
    const theirs = draft({
      at: LATER,
      minutes: 60,
      sections: [
        { id: "narrative", text: "a" },
        { id: "risk", text: "none" },
      ],
    });
    const merged = mergeDrafts(base, ours, theirs);
    expect(merged).toMatchObject({
      ok: true,
      value: {
        at: LATER,
        session: { minutes: 60 },
        sections: [
          { id: "narrative", text: "a b" },
          { id: "risk", text: "none" },
        ],
      },
    });
  });

  it("chooses nothing where both changed the same section, and guesses nothing without a base", () => {
    const ours = draft({ sections: [{ id: "narrative", text: "ours" }] });
    const theirs = draft({ sections: [{ id: "narrative", text: "theirs" }] });
    const refused = { ok: false, reason: "both-changed" };
    expect(mergeDrafts(base, ours, theirs)).toEqual(refused);
    expect(mergeDrafts(null, ours, theirs)).toEqual(refused);
    expect(mergeDrafts(null, ours, ours)).toMatchObject({ ok: true });
  });

  it("joins the answers of a measure one by one", () => {
    const answers = (given: (number | null)[]): DraftBody =>
      parseDraft({
        v: 1,
        type: "measureDraft",
        at: AT,
        author: ID,
        measure: "gad-7",
        date: "2026-03-02",
        answers: given,
      });
    const start = answers([null, null, null]);
    expect(mergeDrafts(start, answers([1, null, null]), answers([null, 2, null]))).toMatchObject({
      ok: true,
      value: { answers: [1, 2, null] },
    });
    expect(mergeDrafts(start, answers([1, null, null]), answers([3, null, null])).ok).toBe(false);
  });
});

describe("the series of a measure", () => {
  it("goes by date, not by when it was written down, and names the change since the first", () => {
    const taken = (entry: string, date: string, total: number) => ({
      entry,
      record: {
        ...head,
        type: "measure",
        measure: "gad-7",
        date,
        total,
        band: "x",
        alerts: [],
      } as unknown as MeasureRecord,
    });
    const [series] = measureSeries([
      taken("b", "2026-03-01", 9),
      taken("a", "2026-01-01", 14),
      taken("c", "2026-04-01", 4),
    ]);
    expect(series?.points.map(({ total }) => total)).toEqual([14, 9, 4]);
    expect(series?.points[0]).not.toHaveProperty("sinceLast");
    expect(series?.points[2]?.sinceFirst).toMatchObject({ points: -10, reliable: "yes" });
  });
});

describe("who may be the same person", () => {
  const person = {
    name: { family: "Virtanen", given: ["Aino", "Maria"] },
    formerNames: [{ family: "Korhonen", given: ["Aino"] }],
    birthDate: "1988-03-14",
  } as unknown as Person;

  it("is told by name and birth date, also a former name", () => {
    const known = [
      { patient: ID, name: "aino VIRTANEN", born: "1988-03-14" },
      { patient: OTHER_ID, name: "Korhonen, Aino", born: "1988" },
    ];
    expect(findAlike(person, known).map(({ likeness }) => likeness)).toEqual([
      "name-born",
      "name-born",
    ]);
  });

  it("is nobody with another birth date, and a name alone says less", () => {
    const known = [
      { patient: ID, name: "Aino Virtanen", born: "1990-01-01" },
      { patient: OTHER_ID, name: "Aino Virtanen" },
    ];
    expect(findAlike(person, known)).toEqual([
      { patient: OTHER_ID, name: "Aino Virtanen", likeness: "name" },
    ]);
  });
});

it("an entry that says why a record was opened in crisis needs the reason", () => {
  const body = { ...head, type: "opening", purpose: "crisis", author: ID };
  expect(parseEntryBody("care", { ...body, reason: "called at night" }).type).toBe("opening");
  expect(() => parseEntryBody("care", { ...body, reason: "" })).toThrow("expected form");
});
