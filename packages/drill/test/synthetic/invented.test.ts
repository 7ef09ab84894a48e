import { deflateSync } from "node:zlib";

import { parseEntryBody, parseFinnishCode } from "@sinetti/practice";
import { describe, expect, it } from "vitest";

import { Grammar } from "../../src/synthetic/grammar.ts";
import { inventCourse } from "../../src/synthetic/course.ts";
import { PATIENT_COMPARTMENTS, inventPatient } from "../../src/synthetic/patient.ts";
import { plantPatient } from "../../src/synthetic/plant.ts";
import { Random } from "../../src/synthetic/random.ts";
import { Story, phaseOf } from "../../src/synthetic/stories/story.ts";

const AUTHOR = "ab".repeat(16);
const wishOf = (number: number, seed = "a seed") => ({
  seed,
  number,
  until: "2026-10-30",
  meanEntries: 30,
  author: AUTHOR,
});
const invent = (number: number, seed?: string) => inventPatient(wishOf(number, seed));
const many = Array.from({ length: 400 }, (_, number) => invent(number));

describe("an invented patient", () => {
  it("is the same from the same seed, and another from another", () => {
    expect(JSON.stringify(invent(7))).toBe(JSON.stringify(invent(7)));
    expect(JSON.stringify(invent(7, "another"))).not.toBe(JSON.stringify(invent(7)));
  });

  it("has a right identity code that belongs to nobody", () => {
    for (const { person } of many) {
      const read = parseFinnishCode(person.personalCode?.value ?? "");
      expect(read.ok && read.value.temporary && read.value.birthDate).toBe(person.birthDate);
      expect(read.ok && read.value.sex).toBe(person.sex);
    }
  });

  it("has records that a device may seal", () => {
    for (const { records } of many.slice(0, 100))
      for (const compartment of PATIENT_COMPARTMENTS)
        for (const { body } of records[compartment])
          expect(parseEntryBody(compartment, body)).toEqual(body);
  });

  it("names every entry once", () => {
    for (const { records } of many)
      for (const compartment of PATIENT_COMPARTMENTS) {
        const ids = records[compartment].map(({ sourceId }) => sourceId);
        expect(new Set(ids).size).toBe(ids.length);
      }
  });

  it("has about as many entries as were asked for, in three languages", () => {
    const entries = many.flatMap(({ records }) => Object.values(records).flat());
    expect(entries.length / many.length).toBeGreaterThan(24);
    expect(entries.length / many.length).toBeLessThan(36);
    expect(new Set(many.map(({ person }) => person.language))).toEqual(new Set(["fi", "sv", "en"]));
  });

  it("writes notes that compress like prose", () => {
    const notes = many.flatMap(({ records }) =>
      records.care.flatMap(({ body }) =>
        body.type === "sessionNote" && body.template !== "missed-session"
          ? body.sections.map(({ text }) => text)
          : [],
      ),
    );
    const text = Buffer.from(notes.join("\n")).subarray(0, 1_000_000);
    expect(text.length).toBe(1_000_000);
    expect(deflateSync(text).length / text.length).toBeGreaterThan(0.28);
  });

  it("gets better or worse as its measures say: totals move with the course, not by chance", () => {
    const changes = many.flatMap(({ records }) => {
      const totals = records.care.flatMap(({ body }) =>
        body.type === "measure" && body.measure === "phq-9" ? [body.total] : [],
      );
      const [first, last] = [totals[0], totals.at(-1)];
      return totals.length < 3 || first === undefined || last === undefined ? [] : [last - first];
    });
    const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
    expect(mean).toBeLessThan(-3);
  });
});

describe("a chart that somebody is to read", () => {
  const read = Array.from({ length: 60 }, (_, number) =>
    inventPatient({ ...wishOf(number), isRecent: true }),
  );
  const careOf = (patient: (typeof read)[number]) => patient.records.care.map(({ body }) => body);

  it("has records that a device may seal, in every language", () => {
    for (const { records } of read)
      for (const compartment of PATIENT_COMPARTMENTS)
        for (const { body } of records[compartment])
          expect(parseEntryBody(compartment, body)).toEqual(body);
    expect(new Set(read.map(({ person }) => person.language)).size).toBe(3);
  });

  it("has one diagnosis, which its plan is about, and notes on that plan's objectives", () => {
    for (const patient of read) {
      const codes = careOf(patient).flatMap((body) =>
        body.type === "diagnosis" ? [body.code] : [],
      );
      const [plan] = careOf(patient).filter((body) => body.type === "plan");
      expect(codes).toHaveLength(1);
      expect(plan?.diagnoses).toEqual(codes);
      const objectives = plan?.objectives.map(({ id }) => id) ?? [];
      const worked = careOf(patient).flatMap((body) =>
        body.type === "sessionNote" ? body.objectives : [],
      );
      expect(objectives).toEqual(expect.arrayContaining(worked));
    }
  });

  it("has no session on the day itself, which lies before whoever looks at it", () => {
    const days = read.flatMap((patient) =>
      careOf(patient).flatMap((body) => (body.type === "sessionNote" ? [body.session.date] : [])),
    );
    expect(days.toSorted().at(-1)).toBe("2026-10-29");
  });

  it("says none of its lines again before all of them were said", () => {
    const story = new Story("fi", 40, new Random("a story"));
    const lines = ["a", "b", "c", "d"];
    for (let round = 0; round < 5; round++)
      expect(lines.map(() => story.say(lines)).toSorted()).toEqual(lines);
  });

  it("tells the first weeks as such, and later a meeting as its severity has it", () => {
    const [meeting] = inventCourse(
      { until: "2026-10-30", mean: 30, isRecent: true },
      new Random("a course"),
    ).meetings;
    const at = (index: number, severity: number) =>
      meeting === undefined ? null : phaseOf(index, { ...meeting, severity });
    expect([at(3, 0.1), at(4, 0.41), at(4, 0.4)]).toEqual(["begin", "hard", "better"]);
  });
});

describe("planting", () => {
  const entryIdOf = (sourceId: string) =>
    Buffer.from(sourceId.padEnd(16).slice(0, 16)).toString("hex");
  const plant = (text: string) =>
    plantPatient(invent(1), [{ index: 5, text }], { author: AUTHOR, entryIdOf });

  it("puts a string into every field that it says it did, as a record that may be sealed", () => {
    const { patient, places } = plant("Grünberg-Ångström 42");
    expect(places.length).toBeGreaterThan(30);
    for (const compartment of PATIENT_COMPARTMENTS)
      for (const { body } of patient.records[compartment]) parseEntryBody(compartment, body);
    for (const { field, sourceId } of places) {
      const [compartment = ""] = field.split(".");
      if (sourceId.startsWith("draft/") || sourceId.endsWith("/document")) continue;
      const drafts = patient.records[compartment as "care"];
      const found = drafts.find((draft) => draft.sourceId === sourceId);
      expect(JSON.stringify(found?.body)).toContain("Grünberg-Ångström 42");
    }
  });

  it("leaves a string that is no line out of fields of one line, and says so", () => {
    const { places } = plant("x".repeat(501));
    const fields = places.map(({ field }) => field);
    expect(fields).toContain("care.letter.text");
    expect(fields).not.toContain("care.letter.title");
  });
});

describe("the grammar", () => {
  it("refuses a line that it cannot read, and a rule that nobody wrote", () => {
    for (const line of ["[a|b", "a]", "{a", "a}", "{nobody}"])
      expect(() => new Grammar({ rule: [line] })).toThrow(RangeError);
  });

  it("says every alternative, also inside others", () => {
    const grammar = new Grammar({ rule: ["[a|b[1|2]|]{other}"], other: ["x"] });
    const random = new Random("alternatives");
    const said = new Set(Array.from({ length: 100 }, () => grammar.say("rule", random)));
    expect(said).toEqual(new Set(["ax", "b1x", "b2x", "x"]));
  });
});
