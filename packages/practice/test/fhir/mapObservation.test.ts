import type { Observation, QuestionnaireResponse } from "@medplum/fhirtypes";
import { describe, expect, it } from "vitest";
import { MEASURES, mapBundle } from "../../src/index.ts";
import { OPTIONS, SUBJECT, bundleOf, map } from "./bundles.ts";

const total = (code: string, value: number, fields: Partial<Observation> = {}): Observation => ({
  resourceType: "Observation",
  id: "o1",
  status: "final",
  subject: SUBJECT,
  effectiveDateTime: "2026-02-02T14:00:00Z",
  code: { coding: [{ system: "http://loinc.org", code }] },
  valueQuantity: { value, unit: "{score}" },
  ...fields,
});
const height = (id: string, encounter?: string): Observation => ({
  resourceType: "Observation",
  id,
  status: "final",
  subject: SUBJECT,
  code: { text: "Height" },
  valueQuantity: { value: 178.69452709041775, unit: "cm" },
  effectiveDateTime: "2026-02-02T14:00:00Z",
  ...(encounter && { encounter: { reference: encounter } }),
});

describe("an Observation that is the total of a bundled measure becomes a measure", () => {
  it.each([
    ["44261-6", 17, "phq-9", "moderately-severe"],
    ["70274-6", 10, "gad-7", "moderate"],
    ["75626-2", 3, "audit-c", "at-or-above-cut"],
  ])("%s of %i", (code, value, measure, band) => {
    const [entry] = map(total(code, value)).care;
    expect(entry).toMatchObject({
      sourceId: "Observation/o1",
      body: { type: "measure", measure, total: value, band, date: "2026-02-02", alerts: [] },
    });
  });
  it.each([
    ["off the scale", 28],
    ["not whole", 9.5],
    ["negative", -1],
  ])("but not when it is %s: it stays an observation, with a warning", (_why, value) => {
    const mapped = map(total("44261-6", value));
    expect(mapped.care).toMatchObject([{ body: { type: "observations" } }]);
    expect(mapped.warnings).toEqual([
      { code: "not-mappable", resourceIndex: 1, field: "valueQuantity.value" },
    ]);
  });
  it("but not while preliminary, undated, or under another system's code", () => {
    const { effectiveDateTime: _e, ...undated } = total("44261-6", 9);
    const foreign = total("44261-6", 9, {
      code: { coding: [{ system: "http://other.example", code: "44261-6" }] },
    });
    for (const observation of [
      total("44261-6", 9, { status: "preliminary" }),
      undated as Observation,
      foreign,
    ])
      expect(map(observation).care).toMatchObject([{ body: { type: "observations" } }]);
  });
});

describe("other Observations are grouped", () => {
  const encounters = ["e1", "e2"].map(
    (id) =>
      ({ resourceType: "Encounter", id, status: "finished", class: { code: "AMB" } }) as const,
  );
  const groupsOf = (...observations: Observation[]) =>
    mapBundle(bundleOf(...encounters, ...observations), OPTIONS).care.flatMap(
      ({ sourceId, body }) => (body.type === "observations" ? [{ sourceId, body }] : []),
    );

  it("by encounter, and those of none together", () => {
    const groups = groupsOf(
      height("a", "Encounter/e1"),
      height("b", "Encounter/e2"),
      height("c", "Encounter/e1"),
      height("d"),
    );
    expect(groups.map(({ body }) => [body.encounter, body.observations.length])).toEqual([
      ["Encounter/e1", 2],
      ["Encounter/e2", 1],
      [undefined, 1],
    ]);
  });
  it("with decimals as written", () => {
    expect(groupsOf(height("a"))[0]?.body.observations[0]?.value).toEqual({
      is: "quantity",
      number: "178.69452709041775",
      unit: "cm",
    });
  });
  it("under an id that is the same again for the same members, and another for others", () => {
    const idOf = (...observations: Observation[]) => groupsOf(...observations)[0]?.sourceId;
    expect(idOf(height("a"), height("b"))).toBe(idOf(height("a"), height("b")));
    expect(idOf(height("a"), height("b"))).not.toBe(idOf(height("a")));
  });
  it("within the limits of an entry, however small they are", () => {
    const small = Array.from({ length: 600 }, (_, index): Observation => ({
      resourceType: "Observation",
      id: String(index),
      status: "final",
      code: {},
    }));
    const sizes = groupsOf(...small).map(({ body }) => body.observations.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(600);
  });
  it("with codes, texts, flags and components", () => {
    const { valueQuantity: _value, ...bare } = height("a");
    const [group] = groupsOf(
      { ...bare, valueCodeableConcept: { text: "Never smoker" } },
      { ...bare, id: "b", valueString: "calm" },
      { ...bare, id: "c", valueBoolean: false },
      { ...bare, id: "d", component: [{ code: { text: "Diastolic" }, valueInteger: 82 }] },
    );
    expect(group?.body.observations.map(({ value, components }) => value ?? components)).toEqual([
      { is: "code", coding: { text: "Never smoker" } },
      { is: "text", text: "calm" },
      { is: "flag", flag: false },
      [{ code: { text: "Diastolic" }, value: { is: "quantity", number: "82" } }],
    ]);
  });
});

describe("QuestionnaireResponse becomes", () => {
  const phq9 = MEASURES[0];
  const response = (
    answer: (index: number) => object,
    fields: Partial<QuestionnaireResponse> = {},
  ): QuestionnaireResponse => ({
    resourceType: "QuestionnaireResponse",
    id: "q1",
    status: "completed",
    authored: "2026-02-02T14:00:00Z",
    subject: SUBJECT,
    item: [
      {
        linkId: "group",
        item:
          phq9?.items.map(({ loinc }, index) => ({
            linkId: `/${loinc}`,
            text: `Item ${index + 1}`,
            answer: [answer(index)],
          })) ?? [],
      },
    ],
    ...fields,
  });
  const bodyOf = (given: QuestionnaireResponse) => map(given).care[0]?.body;
  const CODES = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"];

  it("a scored measure with its alert, from codes or from numbers", () => {
    const expected = {
      type: "measure",
      measure: "phq-9",
      answers: [1, 1, 1, 1, 1, 1, 1, 1, 1],
      total: 9,
      band: "mild",
      alerts: ["self-harm"],
    };
    expect(bodyOf(response(() => ({ valueCoding: { code: CODES[1] } })))).toMatchObject(expected);
    expect(bodyOf(response(() => ({ valueInteger: 1 })))).toMatchObject(expected);
  });
  it("answers in words when an item is missing, off the scale, answered twice, or the form unfinished", () => {
    const words = { type: "questionnaireAnswers" };
    expect(bodyOf(response((index) => (index === 8 ? {} : { valueInteger: 1 })))).toMatchObject(
      words,
    );
    expect(bodyOf(response(() => ({ valueInteger: 4 })))).toMatchObject(words);
    const twice = response(() => ({ valueInteger: 1 }));
    twice.item?.[0]?.item?.[4]?.answer?.push({ valueInteger: 2 });
    expect(bodyOf(twice)).toMatchObject(words);
    expect(bodyOf(response(() => ({ valueInteger: 1 }), { status: "in-progress" }))).toMatchObject(
      words,
    );
  });
  it("answers in words for any other form, nested items too", () => {
    const item = [
      {
        linkId: "1",
        text: "How are you?",
        answer: [
          { valueString: "Tired" },
          {
            valueBoolean: false,
            item: [{ linkId: "1.1", answer: [{ valueQuantity: { value: 7.5, unit: "h" } }] }],
          },
        ],
      },
    ];
    expect(bodyOf(response(() => ({}), { item }))).toMatchObject({
      type: "questionnaireAnswers",
      status: "completed",
      answers: [
        { question: "1", text: "How are you?", answers: ["Tired", "false"] },
        { question: "1.1", answers: ["7.5 h"] },
      ],
    });
  });
});
