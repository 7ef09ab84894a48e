import type fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as practice from "../src/index.ts";
import {
  decoderNames,
  faultsByChance,
  faultsOf,
  soundRefused,
  type Decoder,
  type Decoders,
} from "../../../tools/decoderFaults.ts";
import { hostileJson, hostileText, plannedTexts } from "../../../tools/hostileText.ts";
import { OPTIONS, SUBJECT, bundleOf } from "./fhir/bundles.ts";
import { VALID } from "./records/bodies.ts";

const { CsvError, CsvRow, FhirError, PracticeError, RowCutter } = practice;

/** What a name of practice must begin with to read what others wrote. */
const FORM = /^(?:check|detect|map|named|normalise|parse|read|RowCutter)/;
/** They decide about records that were read, or read what the program knows itself. */
const DECIDING = [
  "checkColumns",
  "checkNote",
  "mappedColumns",
  "readCare",
  "readPortal",
  "readProcess",
  "readReference",
];
const MINUTES = 600_000;
const isTyped = (error: unknown): boolean =>
  error instanceof PracticeError || error instanceof FhirError || error instanceof CsvError;

const zone = "Europe/Helsinki";
const READINGS: practice.DateReading[] = [
  { order: null, pivot: null, zone },
  { order: "mdy", pivot: 30, zone },
];

/** A row of every kind whose cells all hold one text, and cut from it. */
function readRows(text: string): void {
  for (const kind of practice.CSV_KINDS) {
    const fields = practice.CSV_FIELDS[kind].map(({ field }) => field);
    const readings = new Map(
      fields.map((_, index) => [index, READINGS[1] as practice.DateReading]),
    );
    const table = { kind, headers: fields, fields, readings, zone, sha256: OPTIONS.sha256 };
    const row = new CsvRow(
      table,
      fields.map(() => text),
    );
    if (kind === "patients") practice.readPatientRow(row);
    if (kind === "notes") practice.readNoteRow(row);
    if (kind === "appointments") practice.readAppointmentRow(row);
  }
}

/** Ends, in rising places, whatever the quotes. */
function cutRows(text: string): void {
  const units = Uint16Array.from(text, (each) => each.charCodeAt(0));
  const isPlausible = (row: practice.Units): boolean => row.length > 3;
  const cutter = new RowCutter(units, { delimiter: 59, lineBreak: 10, isPlausible });
  for (let at = 0; at < units.length;) {
    const { end, next } = cutter.cut(at);
    if (next <= at || end > units.length) throw new RangeError("a row that does not end");
    at = next;
  }
}

const TEXTS: Decoders<string> = {
  parseBundleText: {
    valid: [JSON.stringify(bundleOf())],
    decode: (text) => practice.mapBundle(practice.parseBundleText(text), OPTIONS),
    cost: 4,
  },
  "parseCells fitCells": {
    valid: ['a;"b ""c""";="007"'],
    decode: (text) => practice.fitCells(practice.parseCells(text, ";") ?? [], 3),
  },
  RowCutter: { valid: ['a;2001;b\nc;"2002\n";d\n'], decode: cutRows },
  readDate: {
    valid: ["2024-02-01T14:30:00+02:00", "1.2.2024 klo 14.30", "ma 1/2/24 2:30 PM", "20240201"],
    decode: (text) => READINGS.map((reading) => practice.readDate(text, reading)),
  },
  readTime: { valid: ["klo 14.30", "2:30 PM"], decode: (text) => practice.readTime(text) },
  "(a column of dates)": {
    valid: ["1.2.2024", "2024-02-01"],
    decode: (text) => {
      const column = new practice.DateColumn();
      column.add(text);
      column.decide("born", { order: null, pivot: null, zone });
    },
  },
  "readPatientRow readNoteRow readAppointmentRow": {
    valid: ["1.2.2024", "Aino Esimerkki", "131052-308T", "45", "https://a.example/x"],
    decode: readRows,
    cost: 2,
  },
  parseFinnishCode: { valid: ["131052-308T"], decode: (text) => practice.parseFinnishCode(text) },
  normaliseCode: { valid: ["131052-308T"], decode: (text) => practice.normaliseCode(text) },
  normaliseName: { valid: ["Aino Esimerkki"], decode: (text) => practice.normaliseName(text) },
  normalisePhone: { valid: ["040 123 4567"], decode: (text) => practice.normalisePhone(text) },
  "normaliseIban isIban": {
    valid: ["FI21 1234 5600 0007 85"],
    decode: (text) => practice.isIban(practice.normaliseIban(text)),
  },
  isZone: { valid: [zone], decode: (text) => practice.isZone(text) },
  checkFinnishReference: {
    valid: ["1232"],
    decode: (text) => practice.checkFinnishReference(text),
  },
  isKnownHeader: {
    valid: ["Syntymäaika"],
    decode: (text) => practice.isKnownHeader("patients", text),
  },
  namedDelimiter: { valid: ["sep=;"], decode: (text) => practice.namedDelimiter(text) },
  detectDelimiter: {
    valid: ["name;born\nAino;1.1.1980"],
    decode: (text) =>
      practice.detectDelimiter(text.split("\n"), (each) =>
        practice.isKnownHeader("patients", each),
      ),
  },
  detectColumns: {
    valid: ["name"],
    decode: (text) => practice.detectColumns("patients", practice.uniqueHeaders([text, text])),
  },
  isPlausibleRow: {
    valid: ["a;b"],
    decode: (text) => practice.isPlausibleRow("patients", ["name", "born"], text.split(";")),
  },
};

const OBSERVATION = {
  resourceType: "Observation" as const,
  id: "o1",
  status: "final" as const,
  subject: SUBJECT,
  code: { coding: [{ system: "http://loinc.org", code: "44261-6" }] },
  valueInteger: 7,
};
const ENCOUNTER = {
  resourceType: "Encounter" as const,
  id: "e1",
  status: "finished" as const,
  subject: SUBJECT,
  class: { code: "AMB" },
  period: { start: "2026-03-02T10:00:00+02:00", end: "2026-03-02T10:45:00+02:00" },
};

const VALUES: Decoders<unknown> = {
  ...Object.fromEntries(
    practice.RECORD_COMPARTMENTS.map((compartment) => [
      `(body of ${compartment})`,
      {
        valid: VALID[compartment] ?? [],
        decode: (value: unknown) => practice.parseEntryBody(compartment, value),
      },
    ]),
  ),
  "parseEntryBody parseDraft": { valid: [], decode: (value) => practice.parseDraft(value) },
  parseNoteDraft: { valid: [], decode: (value) => practice.parseNoteDraft(value) },
  mapBundle: {
    valid: [bundleOf(OBSERVATION, ENCOUNTER)],
    decode: (value) => practice.mapBundle(value, OPTIONS),
  },
  parseCsvMapping: {
    valid: [{ v: 1, patients: { columns: { Name: "name" }, delimiter: ";", pivot: 30 } }],
    decode: (value) => practice.parseCsvMapping(value),
  },
};

test("every decoder that practice exports is tried here", () => {
  const named = decoderNames([practice], FORM);
  const tried = Object.keys({ ...TEXTS, ...VALUES }).flatMap((name) => name.split(" "));
  expect(named.filter((name) => !tried.includes(name) && !DECIDING.includes(name))).toEqual([]);
});

test("every sound value that is changed here is taken as it is", () => {
  expect([...soundRefused(TEXTS), ...soundRefused(VALUES)]).toEqual([]);
});

describe(
  "whatever it gets, a decoder gives a value or refuses with an error that repeats nothing",
  { timeout: MINUTES },
  () => {
    test("texts that no chance would find", () => {
      expect(faultsOf(TEXTS, isTyped, ({ valid }) => plannedTexts(valid))).toEqual([]);
    });

    test("texts, arbitrary and changed", () => {
      expect(faultsByChance(TEXTS, isTyped, ({ valid }) => hostileText(valid))).toEqual([]);
    });

    test("values, arbitrary and changed", () => {
      const inputs = ({ valid }: Decoder<unknown>): fc.Arbitrary<unknown> => hostileJson(valid);
      expect(faultsByChance(VALUES, isTyped, inputs)).toEqual([]);
    });
  },
);
