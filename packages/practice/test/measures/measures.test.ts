import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MEASURES,
  PracticeError,
  findMeasure,
  findMeasureByTotal,
  highestTotal,
  measureChange,
  parseEntryBody,
  recordMeasure,
  scoreAnswers,
  scoreTotal,
} from "../../src/index.ts";
import type { Measure, MeasureId } from "../../src/index.ts";
import { AT } from "../records/bodies.ts";

function measure(id: MeasureId): Measure {
  const found = findMeasure(id);
  if (found === undefined) throw new TypeError("no such measure");
  return found;
}

/** Answers that add up to `sum`, as high as possible first. */
function answersFor({ items, options }: Measure, sum: number): number[] {
  let left = sum;
  return items.map((item) => {
    const answer = Math.min(left, Math.max(...(item.options ?? options).map(({ score }) => score)));
    left -= answer;
    return answer;
  });
}

const rules = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof PracticeError)
      return [error.code, ...error.issues.map(({ field, rule }) => `${field} ${rule}`)];
    throw error;
  }
  return [];
};

describe("the bundled measures", () => {
  it.each([
    ["phq-9", 9, 27],
    ["gad-7", 7, 21],
    ["pcl-5", 20, 80],
    ["audit-c", 3, 12],
    ["who-5", 5, 100],
  ] as const)("%s has %i items and a highest total of %i", (id, items, highest) => {
    expect([measure(id).items.length, highestTotal(id)]).toEqual([items, highest]);
  });
  it("each name a source with terms, and cover every total with one band where there are bands", () => {
    for (const { id, sources, bands } of MEASURES) {
      expect(sources.every(({ citation, terms }) => citation !== "" && terms !== "")).toBe(true);
      for (let total = 0; total <= highestTotal(id) && bands.length > 0; total++)
        expect(bands.filter(({ from, to }) => total >= from && total <= to)).toHaveLength(1);
    }
  });
  it("are found by the LOINC code of their total, and by no other", () => {
    expect(
      ["44261-6", "70274-6", "75626-2", "8302-2", ""].map((code) => findMeasureByTotal(code)?.id),
    ).toEqual(["phq-9", "gad-7", "audit-c", undefined, undefined]);
  });
});

describe("scoreAnswers refuses", () => {
  it("missing, additional and impossible answers, by item", () => {
    const phq9 = measure("phq-9");
    expect(rules(() => scoreAnswers(phq9, [0, 0, 0]))).toEqual([
      "measure-invalid",
      "answers too-short",
    ]);
    expect(rules(() => scoreAnswers(phq9, Array(10).fill(0) as number[]))).toEqual([
      "measure-invalid",
      "answers too-long",
    ]);
    expect(rules(() => scoreAnswers(phq9, [0, 4, 0, 0, -1, 0, 0.5, 0, Number.NaN]))).toEqual([
      "measure-invalid",
      "answers.1 out-of-range",
      "answers.4 out-of-range",
      "answers.6 out-of-range",
      "answers.8 out-of-range",
    ]);
  });
  it("totals off the scale", () => {
    expect(rules(() => scoreTotal(measure("phq-9"), 28))).toEqual([
      "measure-invalid",
      "total out-of-range",
    ]);
    expect(rules(() => scoreTotal(measure("phq-9"), 20.5))).toEqual([
      "measure-invalid",
      "total out-of-range",
    ]);
    expect(rules(() => scoreTotal(measure("who-5"), 50))).toEqual([
      "measure-invalid",
      "total out-of-range",
    ]);
  });
});

describe("scoreAnswers bands", () => {
  it.each([
    ["phq-9", 0, "minimal"],
    ["phq-9", 4, "minimal"],
    ["phq-9", 5, "mild"],
    ["phq-9", 9, "mild"],
    ["phq-9", 10, "moderate"],
    ["phq-9", 14, "moderate"],
    ["phq-9", 15, "moderately-severe"],
    ["phq-9", 19, "moderately-severe"],
    ["phq-9", 20, "severe"],
    ["phq-9", 27, "severe"],
    ["gad-7", 4, "minimal"],
    ["gad-7", 5, "mild"],
    ["gad-7", 9, "mild"],
    ["gad-7", 10, "moderate"],
    ["gad-7", 14, "moderate"],
    ["gad-7", 15, "severe"],
    ["gad-7", 21, "severe"],
    ["pcl-5", 30, "below-cut"],
    ["pcl-5", 31, "cut-range"],
    ["pcl-5", 33, "cut-range"],
    ["pcl-5", 34, "above-cut"],
    ["pcl-5", 80, "above-cut"],
    ["who-5", 7, "very-low"],
    ["who-5", 8, "low"],
    ["who-5", 12, "low"],
    ["who-5", 13, "good"],
    ["who-5", 25, "good"],
  ] as const)("%s with a raw score of %i as %s", (id, raw, band) => {
    const score = scoreAnswers(measure(id), answersFor(measure(id), raw));
    expect(score).toMatchObject({ band, total: id === "who-5" ? raw * 4 : raw });
  });
  it("AUDIT-C by sex: from 4 for men, from 3 for women, and not at all without", () => {
    const audit = measure("audit-c");
    const bandOf = (raw: number, sex?: "female" | "male") =>
      scoreAnswers(audit, answersFor(audit, raw), sex === undefined ? {} : { sex }).band;
    expect([bandOf(3, "male"), bandOf(4, "male")]).toEqual(["below-cut", "at-or-above-cut"]);
    expect([bandOf(2, "female"), bandOf(3, "female")]).toEqual(["below-cut", "at-or-above-cut"]);
    expect(bandOf(12)).toBe("sex-needed");
  });
  it("meets the published cut-offs on the worse side", () => {
    expect(scoreTotal(measure("phq-9"), 10).cutoffsMet).toEqual(["depression-likely"]);
    expect(scoreTotal(measure("who-5"), 28).cutoffsMet).toEqual([
      "low-wellbeing",
      "depression-likely",
    ]);
    expect(scoreTotal(measure("who-5"), 52).cutoffsMet).toEqual([]);
    expect(scoreTotal(measure("pcl-5"), 31).cutoffsMet).toEqual(["ptsd-possible"]);
  });
});

describe("item alerts", () => {
  it("rise for PHQ-9 item 9 above 0, whatever the total", () => {
    const phq9 = measure("phq-9");
    expect(scoreAnswers(phq9, [0, 0, 0, 0, 0, 0, 0, 0, 1])).toMatchObject({
      total: 1,
      band: "minimal",
      alerts: ["self-harm"],
    });
    expect(scoreAnswers(phq9, [3, 3, 3, 3, 3, 3, 3, 3, 0]).alerts).toEqual([]);
  });
});

describe("recordMeasure", () => {
  it("makes a valid record of any possible answers", () => {
    for (const one of MEASURES) {
      const answers = fc.tuple(
        ...one.items.map((item) =>
          fc.constantFrom(...(item.options ?? one.options).map(({ score }) => score)),
        ),
      );
      fc.assert(
        fc.property(answers, (given) => {
          const record = recordMeasure(one, given, { at: AT, date: "2026-03-02", sex: "female" });
          expect(parseEntryBody("care", record)).toEqual(record);
          expect(record.total).toBe(
            one.multiplier * given.reduce((sum, answer) => sum + answer, 0),
          );
        }),
        { numRuns: 30 },
      );
    }
  });
});

describe("measureChange", () => {
  it("is reliable from the published points on, in either direction", () => {
    const phq9 = measure("phq-9");
    expect(measureChange(phq9, { earlier: 15, later: 9 })).toMatchObject({
      points: -6,
      direction: "better",
      reliable: "yes",
    });
    expect(measureChange(phq9, { earlier: 15, later: 10 })).toMatchObject({
      direction: "better",
      reliable: "no",
    });
    expect(measureChange(phq9, { earlier: 9, later: 15 })).toMatchObject({
      direction: "worse",
      reliable: "yes",
    });
    expect(measureChange(phq9, { earlier: 9, later: 9 })).toMatchObject({
      direction: "same",
      reliable: "no",
    });
  });
  it("reads a higher WHO-5 as better", () => {
    expect(measureChange(measure("who-5"), { earlier: 40, later: 52 })).toMatchObject({
      direction: "better",
      reliable: "yes",
    });
  });
  it("says so where no threshold is published, and cites where one is", () => {
    expect(measureChange(measure("audit-c"), { earlier: 0, later: 12 })).toEqual({
      points: 12,
      direction: "worse",
      reliable: "not-published",
    });
    for (const one of MEASURES.filter(({ reliableChange }) => reliableChange !== undefined))
      expect(measureChange(one, { earlier: 0, later: 4 }).citation).not.toBe("");
  });
});
