import { describe, expect, it } from "vitest";
import {
  PracticeError,
  RECORD_COMPARTMENTS,
  parseEntryBody,
  parseNoteDraft,
} from "../../src/index.ts";
import type { Issue, RecordCompartment } from "../../src/index.ts";
import { AT, ID, VALID } from "./bodies.ts";

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

function issuesOf(compartment: RecordCompartment, body: unknown): readonly Issue[] {
  const error = caught(() => parseEntryBody(compartment, body));
  if (error === undefined) return [];
  if (error instanceof PracticeError && error.code === "record-invalid") return error.issues;
  throw error;
}

const bodiesOf = (compartment: RecordCompartment) => VALID[compartment] ?? [];
const [person] = bodiesOf("identity");
const [invoice] = bodiesOf("ledger") as { value: object }[];

describe("parseEntryBody refuses", () => {
  it.each(RECORD_COMPARTMENTS)("what is no %s body at all", (compartment) => {
    for (const junk of [null, undefined, 1, "text", [], {}, { v: 1, type: "nothing", at: AT }])
      expect(issuesOf(compartment, junk)).not.toEqual([]);
  });

  it.each(RECORD_COMPARTMENTS)(
    "an unknown field, version or time in every %s body",
    (compartment) => {
      for (const body of bodiesOf(compartment)) {
        expect(issuesOf(compartment, { ...body, surprise: 1 })).toContainEqual({
          field: ".",
          rule: "unknown-field",
        });
        expect(issuesOf(compartment, { ...body, v: 2 })).toContainEqual({
          field: "v",
          rule: "not-one-of",
        });
        expect(issuesOf(compartment, { ...body, at: "yesterday" })).toContainEqual({
          field: "at",
          rule: "wrong-format",
        });
      }
    },
  );

  it("a body of another compartment", () => {
    const shared = new Set(["links", "retraction", "sourceDocument", "consent"]);
    const bodies = bodiesOf("care").filter((body) => !shared.has((body as { type: string }).type));
    expect(bodies.flatMap((body) => issuesOf("identity", body))).toEqual(
      bodies.map(() => ({ field: "type", rule: "not-one-of" })),
    );
  });

  it("a missing field by its path", () => {
    const { at: _at, ...rest } = person as { at: string };
    expect(issuesOf("identity", rest)).toEqual([{ field: "at", rule: "missing" }]);
    expect(issuesOf("identity", { ...person, phones: [{ value: "1" }, {}] })).toEqual([
      { field: "phones.1.value", rule: "missing" },
    ]);
  });

  it("undefined where a field should be absent, because a sealed body has no undefined", () => {
    expect(issuesOf("identity", { ...person, preferredName: undefined })).not.toEqual([]);
  });

  it("floating-point numbers, because deterministic CBOR holds none here", () => {
    const value = {
      ...invoice?.value,
      lines: [{ description: "x", quantityHundredths: 100, unitCents: 90.5, taxBasisPoints: 0 }],
    };
    expect(issuesOf("ledger", { ...invoice, value })).toEqual([
      { field: "value.lines.0.unitCents", rule: "wrong-type" },
    ]);
  });

  it("an invoice whose IBAN or reference number does not hold", () => {
    const wrong = {
      ...invoice,
      value: { ...invoice?.value, iban: "FI2112345600000786", reference: "1234562" },
    };
    expect(issuesOf("ledger", wrong).map(({ field }) => field)).toEqual([
      "value.iban",
      "value.reference",
    ]);
  });

  it("a line or text one character over its limit, and takes it at the limit", () => {
    const named = (preferredName: string) => ({ ...person, preferredName });
    expect(issuesOf("identity", named("a".repeat(500)))).toEqual([]);
    expect(issuesOf("identity", named("a".repeat(501)))).toEqual([
      { field: "preferredName", rule: "too-long" },
    ]);
    const told = (text: string) => ({ v: 1, type: "processNote", at: AT, text });
    expect(issuesOf("process", told("a".repeat(200_000)))).toEqual([]);
    expect(issuesOf("process", told("a".repeat(200_001)))).toEqual([
      { field: "text", rule: "too-long" },
    ]);
  });

  it("days that no calendar has, zones that nobody knows, and text that UTF-8 cannot hold", () => {
    expect(issuesOf("identity", { ...person, birthDate: "2026-02-29" })).toEqual([
      { field: "birthDate", rule: "wrong-format" },
    ]);
    expect(issuesOf("identity", { ...person, preferredName: "a\ud800" })).toEqual([
      { field: "preferredName", rule: "wrong-format" },
    ]);
    expect(issuesOf("process", { v: 1, type: "processNote", at: AT, text: "\udc00" })).toEqual([
      { field: "text", rule: "wrong-format" },
    ]);
    const attendance = { ...bodiesOf("office")[2], zone: "Europe/Atlantis" };
    expect(issuesOf("office", attendance)).toEqual([{ field: "zone", rule: "wrong-format" }]);
    expect(issuesOf("office", { ...bodiesOf("office")[2], start: "2026-02-29T10:00" })).toEqual([
      { field: "start", rule: "wrong-format" },
    ]);
  });

  it("without ever repeating what it was given", () => {
    const secret = "131052-308T";
    const body = {
      ...person,
      [secret]: secret,
      phones: [{ value: secret, [secret]: 1 }],
      birthDate: secret,
    };
    const found = caught(() => parseEntryBody("identity", body));
    expect(found).toBeInstanceOf(PracticeError);
    expect(JSON.stringify([found, String(found)])).not.toContain(secret);
    expect(issuesOf("identity", body)).toContainEqual({ field: "birthDate", rule: "wrong-format" });
  });
});

describe("parseEntryBody takes", () => {
  it.each(RECORD_COMPARTMENTS)("every type of %s body, unchanged and as JSON", (compartment) => {
    const bodies = bodiesOf(compartment);
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      expect(issuesOf(compartment, body)).toEqual([]);
      const parsed = parseEntryBody(compartment, body);
      expect(parsed).toEqual(body);
      expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
    }
  });
});

describe("parseNoteDraft", () => {
  const draft = {
    v: 1,
    type: "noteDraft",
    at: AT,
    template: "dap",
    author: ID,
    sections: [],
    objectives: [],
    session: { date: "2026-03-02", minutes: 45, attendance: "attended", modality: "video" },
  };
  it("refuses a signed note", () => {
    expect(() => parseNoteDraft({ ...draft, type: "sessionNote" })).toThrow(PracticeError);
  });
  it("takes a draft without sections", () => {
    expect(parseNoteDraft(draft)).toEqual(draft);
  });
});
