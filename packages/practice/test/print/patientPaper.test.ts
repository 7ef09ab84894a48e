import { renderMarkdown } from "@sinetti/paper";
import { describe, expect, it } from "vitest";
import { patientPaper, printLanguage, withheldMark, withholdPassages } from "../../src/index.ts";
import type { PatientRecord } from "../../src/index.ts";
import { AT, ID, OTHER_ID } from "../records/bodies.ts";
import { EVERY_TYPE, entryOf, recordOf } from "../fhir/out/exported.ts";

const noteBody = {
  v: 1,
  type: "sessionNote",
  at: AT,
  template: "soap",
  session: { date: "2026-03-02", minutes: 45, attendance: "attended", modality: "in-person" },
  sections: [{ id: "plan", text: "Continue as before." }],
  objectives: [],
  author: ID,
  status: "signed",
};
const note = entryOf("care", noteBody);
const { status: _status, ...content } = noteBody;
const amendment = entryOf("care", {
  ...content,
  type: "noteAmendment",
  amends: note.entry,
  reason: "wrong word",
  sections: [{ id: "plan", text: "Continue differently." }],
});
const print = (record: PatientRecord, language: "en" | "fi" | "sv" = "en") =>
  renderMarkdown(patientPaper(record, { language, zone: "Europe/Helsinki" }));

describe("a printed record", () => {
  it("shows a corrected note as it was signed and as it reads now, with who and why", () => {
    const text = print(recordOf([...EVERY_TYPE.slice(0, 1), note, amendment]));
    const order = ["As first signed", "Continue as before", "wrong word", "Continue differently"];
    const places = order.map((words) => text.indexOf(words));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).toContain("Signed by Tove, 2 Mar 2026");
  });

  it.each([
    ["en", ["Person", "Diagnoses", "Treatment plan", "Notes", "Measures", "Who opened the record"]],
    ["fi", ["Henkilötiedot", "Diagnoosit", "Hoitosuunnitelma", "Käyntimerkinnät", "Mittarit"]],
    ["sv", ["Personuppgifter", "Diagnoser", "Vårdplan", "Anteckningar", "Skattningar"]],
  ] as const)("has its sections in %s in reading order", (language, titles) => {
    const line = {
      at: AT,
      member: ID,
      name: "Tove",
      device: OTHER_ID,
      file: OTHER_ID,
      compartment: "care",
      purpose: "session",
      outcome: "released",
    };
    const text = print(recordOf(EVERY_TYPE, { accessLog: [line] }), language);
    const places = titles.map((title) => text.indexOf(`\n## ${title}`));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("never holds a process note", () => {
    const secret = entryOf("process", {
      v: 1,
      type: "processNote",
      at: AT,
      text: "my own thought",
    });
    expect(print(recordOf([...EVERY_TYPE, secret]))).not.toContain("my own thought");
  });

  it("marks what was withheld at its place and counts it at the beginning", () => {
    const wishes = [
      { entry: note.entry, field: "sections.plan", code: "harm" as const, reason: "for now" },
    ];
    const result = withholdPassages(recordOf([note]), wishes, {
      mark: (wish) => withheldMark(wish, "en"),
    });
    if (!result.ok) throw new TypeError("refused");
    const text = print(result.value);
    expect(text).not.toContain("Continue as before");
    expect(text.match(/for now/g)).toHaveLength(2);
    expect(text.indexOf("Withheld")).toBeLessThan(text.indexOf("Notes"));
  });

  it("is printed in the patient's language where it is one of ours", () => {
    const spoken = (language: string) =>
      printLanguage(recordOf([entryOf("identity", { ...EVERY_TYPE[0]?.body, language })]));
    expect(["fi", "sv-FI", "en", "so"].map(spoken)).toEqual(["fi", "sv", "en", "en"]);
    expect(printLanguage(recordOf([]))).toBe("en");
  });
});
