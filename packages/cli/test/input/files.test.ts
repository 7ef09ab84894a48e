import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readNoteFile } from "../../src/input/noteFile.ts";
import { readPersonFile } from "../../src/input/personFile.ts";

describe("files that a person writes", () => {
  let folder: string;
  const file = (content: unknown): string => {
    const path = join(folder, "input.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  const fieldsOf = (read: () => unknown): readonly string[] => {
    try {
      read();
    } catch (error) {
      if (error instanceof Error && "fields" in error) return error.fields as readonly string[];
      throw error;
    }
    throw new Error("it was taken");
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sinetti-input-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("reads a person in the short form", () => {
    const short = {
      name: "Anna Maria Virtanen",
      code: "140388-9028",
      phone: "040 1",
      email: "a@b.fi",
      address: "Kuja 1",
    };
    expect(readPersonFile(file(short))).toEqual({
      name: { given: ["Anna", "Maria"], family: "Virtanen" },
      formerNames: [],
      otherCodes: [],
      personalCode: { country: "FI", value: "140388-9028" },
      birthDate: "1988-03-14",
      phones: [{ value: "040 1" }],
      emails: ["a@b.fi"],
      addresses: [{ lines: ["Kuja 1"] }],
    });
  });

  it("reads a person in parts, and as the whole record", () => {
    const parts = {
      name: { given: "Anna Maria", family: "Virtanen" },
      born: "1988",
      phone: ["1", "2"],
    };
    expect(readPersonFile(file(parts))).toMatchObject({
      name: { given: ["Anna", "Maria"], family: "Virtanen" },
      birthDate: "1988",
      phones: [{ value: "1" }, { value: "2" }],
    });
    const whole = {
      name: { given: ["Anna"], family: "Virtanen" },
      formerNames: [{ given: ["Anna"], family: "Laine" }],
      otherCodes: [],
      addresses: [],
      phones: [{ use: "mobile", value: "040" }],
      emails: [],
    };
    expect(readPersonFile(file(whole))).toEqual(whole);
  });

  it.each([
    [{}, ["name (missing)"]],
    [{ name: "" }, ["name.given.0 (too-short)"]],
    [{ name: "Anna V", code: "140388-9029" }, ["code (check-character)"]],
    [{ name: "Anna V", birthDate: "1988-13-01" }, ["birthDate (wrong-format)"]],
    [{ name: "Anna V", birthdate: "1988" }, ["birthdate (unknown-field)"]],
    [{ name: "Anna V", "Maija Korhonen": 1 }, ["? (unknown-field)"]],
    [{ name: 7 }, ["name (wrong-type)"]],
  ])("names the field of a person that it does not take: %j", (content, fields) => {
    expect(fieldsOf(() => readPersonFile(file(content)))).toEqual(fields);
  });

  it.each([["not json"], ["[1]"], ["null"]])(
    "takes no file that is no JSON object: %s",
    (content) => {
      expect(() => readPersonFile(file(content))).toThrowError(
        expect.objectContaining({ name: "InputError", source: join(folder, "input.json") }),
      );
      expect(() => readPersonFile(join(folder, "nowhere.json"))).toThrowError("cannot be read");
    },
  );

  const soap = { subjective: "a", objective: "b", assessment: "c", plan: "d" };
  const today = "2026-11-21";

  it("reads a note with what is usual for what is not said", () => {
    const note = readNoteFile(file({ sections: soap }), { template: "soap", today });
    expect(note).toEqual({
      template: "soap",
      session: { date: today, minutes: 45, attendance: "attended", modality: "in-person" },
      sections: Object.entries(soap).map(([id, text]) => ({ id, text })),
      objectives: [],
    });
    const sections = Object.entries(soap).map(([id, text]) => ({ id, text }));
    const session = { date: "2026-11-19", modality: "video" };
    expect(
      readNoteFile(file({ sections, session }), { template: "soap", today }).session,
    ).toMatchObject({ date: "2026-11-19", modality: "video", minutes: 45 });
  });

  it.each([
    [{ sections: { ...soap, plan: " " } }, ["sections.plan (missing)"]],
    [{ sections: { ...soap, mood: "x" } }, ["sections.4.id (unknown-section)"]],
    [{ sections: { ...soap, plan: 7 } }, ["sections.3.text (wrong-type)"]],
    [{ sections: soap, session: { minutes: "45" } }, ["session.minutes (wrong-type)"]],
    [{ sections: soap, session: "yesterday" }, ["session (wrong-type)"]],
    [{ sections: soap, secret: 1 }, ["secret (unknown-field)"]],
  ])("names the field of a note that it does not take: %j", (content, fields) => {
    expect(fieldsOf(() => readNoteFile(file(content), { template: "soap", today }))).toEqual(
      fields,
    );
  });

  it("knows its templates", () => {
    expect(() => readNoteFile(file({}), { template: "poem", today })).toThrowError(
      /--template: one of soap/,
    );
  });
});
