import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  foldIdentity,
  lookupFields,
  lookupQuery,
  normaliseCode,
  normaliseName,
  normalisePhone,
  parseEntryBody,
} from "../../src/index.ts";
import { AT, ID } from "../records/bodies.ts";

const person = parseEntryBody("identity", {
  v: 1,
  type: "person",
  at: AT,
  otherCodes: [],
  addresses: [],
  emails: [],
  name: { given: ["Anna-Maija", "Helena"], family: "Virtanen" },
  preferredName: "Ansku",
  formerNames: [{ given: ["Anna-Maija"], family: "Mäkelä" }],
  personalCode: { country: "FI", value: "131052-308T" },
  birthDate: "1952-10-13",
  phones: [{ value: "040 123 4567" }, { value: "call me" }],
});
const change = parseEntryBody("identity", {
  v: 1,
  type: "codeChange",
  at: AT,
  on: "2026-01-01",
  reason: "corrected",
  old: { country: "FI", value: "131052-910X" },
  new: { country: "FI", value: "131052-308T" },
});
const identity = foldIdentity([
  { entry: "1", body: person },
  { entry: "2", body: change },
]);

describe("normaliseName", () => {
  it("is one for order, case, hyphens, spaces and compatibility forms", () => {
    for (const name of [
      "Virtanen, Anna-Maija",
      "ANNA MAIJA  virtanen",
      "Anna–Maija Virtanen",
      "\u{ff21}nna-maija Virtanen",
    ])
      expect(normaliseName(name)).toBe("anna maija virtanen");
  });
  it("keeps letters apart that are different letters", () => {
    expect(normaliseName("Mäki")).not.toBe(normaliseName("Maki"));
  });
  it("joins composed and decomposed marks, ß and ss, both sigmas", () => {
    expect(normaliseName("Ma\u0308ki")).toBe(normaliseName("Mäki"));
    expect(normaliseName("Weiß")).toBe(normaliseName("WEISS"));
    expect(normaliseName("Οδυσσεύς")).toBe(normaliseName("ΟΔΥΣΣΕΎΣ"));
  });
  it("says nothing of nothing", () => {
    expect(normaliseName(" -.' ")).toBe("");
  });
  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        (name) => normaliseName(normaliseName(name)) === normaliseName(name),
      ),
    );
  });
});

describe("normalisePhone", () => {
  it.each(["", "none", "12", "0", "+0401234567", "+1234567890123456", "040-123x"])(
    "refuses %s",
    (phone) => {
      expect(normalisePhone(phone)).toBeUndefined();
    },
  );
  it.each([
    "040 123 4567",
    "0401234567",
    "+358 40 123 4567",
    "00358401234567",
    "+358 (0)40 123-4567",
    "tel:+358401234567",
    "40 1234567",
  ])("reads %s as one number", (phone) => {
    expect(normalisePhone(phone)).toBe("+358401234567");
  });
  it("reads a national number with another default country", () => {
    expect(normalisePhone("070-123 45 67", { defaultCountryCode: "46" })).toBe("+46701234567");
  });
});

describe("lookupFields", () => {
  const fields = lookupFields(identity);
  const valuesOf = (wanted: string) =>
    fields.filter(({ field }) => field === wanted).map(({ value }) => value);

  it("finds by all, first, preferred and former names", () => {
    expect(valuesOf("name")).toEqual([
      "anna helena maija virtanen",
      "anna maija virtanen",
      "ansku virtanen",
      "anna maija mäkelä",
      "ansku mäkelä",
    ]);
  });
  it("finds by every code the patient ever had", () => {
    expect(valuesOf("code")).toEqual(["131052-308T", "131052-910X"]);
  });
  it("leaves out a phone that is no number", () => {
    expect(valuesOf("phone")).toEqual(["+358401234567"]);
  });
  it("pairs each name with the birth date", () => {
    expect(valuesOf("name-born")).toContain("anna maija virtanen|1952-10-13");
    expect(valuesOf("name-born")).toHaveLength(valuesOf("name").length);
  });
  it("gives nothing for a file without a person", () => {
    expect(lookupFields(foldIdentity([]))).toEqual([]);
  });
  it("gives no birth date pair when only the year is known", () => {
    const young = foldIdentity([
      { entry: "1", body: { ...person, birthDate: "1952" } as typeof person },
    ]);
    expect(lookupFields(young).some(({ field }) => field === "name-born")).toBe(false);
  });
});

describe("lookupQuery", () => {
  it("asks for what lookupFields stored", () => {
    const stored = lookupFields(identity).map(({ field, value }) => `${field} ${value}`);
    const queries = [
      lookupQuery({ name: "virtanen anna-maija" }),
      lookupQuery({ name: "Ansku Virtanen", born: "1952-10-13" }),
      lookupQuery({ phone: "+358 40 1234567" }),
      lookupQuery({ code: "131052-308t " }),
    ];
    for (const query of queries) expect(stored).toContain(`${query?.field} ${query?.value}`);
  });
  it("asks nothing for a text that can match nothing", () => {
    expect([
      lookupQuery({ name: "-" }),
      lookupQuery({ name: " ", born: "1952-10-13" }),
      lookupQuery({ phone: "x" }),
      lookupQuery({ code: " " }),
    ]).toEqual(Array.from({ length: 4 }));
  });
});

describe("normaliseCode", () => {
  it("keeps the century sign, because it tells two people apart", () => {
    expect(normaliseCode("010594y9032")).toBe("010594Y9032");
    expect(normaliseCode("010594Y9032")).not.toBe(normaliseCode("010594-9032"));
  });
});

describe("foldIdentity", () => {
  const contact = (replaces?: string) =>
    parseEntryBody("identity", {
      v: 1,
      type: "contact",
      at: AT,
      roles: ["emergency"],
      phones: [],
      emails: [],
      addresses: [],
      ...(replaces && { replaces }),
    });
  it("drops a replaced contact and a retracted one", () => {
    const folded = foldIdentity([
      { entry: ID, body: contact() },
      { entry: "b", body: contact(ID) },
      { entry: "c", body: contact() },
      { entry: "d", body: { v: 1, type: "retraction", at: AT, entry: "c", reason: "wrong" } },
    ]);
    expect(folded.contacts.map(({ entry }) => entry)).toEqual(["b"]);
  });
  it("adds links up", () => {
    const links = (fields: object) =>
      parseEntryBody("identity", { v: 1, type: "links", at: AT, ...fields });
    const folded = foldIdentity([
      { entry: "1", body: links({ care: ID }) },
      { entry: "2", body: links({ portal: ID }) },
    ]);
    expect(folded.links).toEqual({ care: ID, portal: ID });
  });
});
