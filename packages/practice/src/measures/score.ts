import { PracticeError } from "../error.ts";
import type { Issue } from "../error.ts";
import type { MeasureRecord } from "../records/measure.ts";
import type { CutoffSex, Measure } from "./measure.ts";
import { isTotalOf } from "./measures.ts";

/** What the answers to a measure come to. */
export interface Score {
  total: number;
  /** The band's id; for AUDIT-C `at-or-above-cut`, `below-cut`, or `sex-needed`. */
  band: string;
  /** The ids of the published cut-offs that the total meets. */
  cutoffsMet: string[];
  /** What somebody must look at now: item alerts, such as `self-harm` for PHQ-9 item 9 above 0. */
  alerts: string[];
}

/**
 * Scores complete answers in item order; nothing is guessed for a missing item. `sex` is needed for AUDIT-C's cut-off: without it
 * the band is `sex-needed`. Throws `measure-invalid` naming the answers that are missing, too many, or not on the scale.
 */
export function scoreAnswers(
  measure: Measure,
  answers: readonly number[],
  options: { sex?: CutoffSex } = {},
): Score {
  const issues = checkAnswers(measure, answers);
  if (issues.length > 0) throw new PracticeError("measure-invalid", issues);
  const raw = answers.reduce((sum, answer) => sum + answer, 0);
  const alerts = measure.itemAlerts
    .filter(({ item, from }) => (answers[item - 1] ?? 0) >= from)
    .map(({ id }) => id);
  return { ...scoreTotal(measure, raw * measure.multiplier, options), alerts };
}

/** Bands a total whose answers are not known, as an import gives it; there are no item alerts then. Throws `measure-invalid` off the scale. */
export function scoreTotal(
  measure: Measure,
  total: number,
  options: { sex?: CutoffSex } = {},
): Score {
  if (!isTotalOf(measure, total))
    throw new PracticeError("measure-invalid", [{ field: "total", rule: "out-of-range" }]);
  const cutoffs = measure.cutoffs.filter(({ sex }) => sex === undefined || sex === options.sex);
  const met = cutoffs
    .filter(({ at }) => (measure.better === "lower" ? total >= at : total <= at))
    .map(({ id }) => id);
  return {
    total,
    band: bandOf(measure, total, { decidable: cutoffs.length > 0, met: met.length > 0 }),
    cutoffsMet: met,
    alerts: [],
  };
}

/** The record of one administration, ready to be sealed. Throws `measure-invalid` as `scoreAnswers` does. */
export function recordMeasure(
  measure: Measure,
  answers: readonly number[],
  options: { at: string; date: string; sex?: CutoffSex },
): MeasureRecord {
  const { at, date, sex } = options;
  const { total, band, alerts } = scoreAnswers(measure, answers, sex === undefined ? {} : { sex });
  return {
    v: 1,
    type: "measure",
    at,
    measure: measure.id,
    date,
    answers: [...answers],
    language: measure.language,
    total,
    band,
    alerts,
    ...(sex !== undefined && { sex }),
  };
}

function checkAnswers(measure: Measure, answers: readonly number[]): Issue[] {
  if (answers.length !== measure.items.length)
    return [
      { field: "answers", rule: answers.length < measure.items.length ? "too-short" : "too-long" },
    ];
  return measure.items.flatMap(({ options = measure.options }, index): Issue[] =>
    options.some(({ score }) => score === answers[index])
      ? []
      : [{ field: `answers.${index}`, rule: "out-of-range" }],
  );
}

function bandOf(
  measure: Measure,
  total: number,
  cutoff: { decidable: boolean; met: boolean },
): string {
  const band = measure.bands.find(({ from, to }) => total >= from && total <= to);
  if (band !== undefined) return band.id;
  if (!cutoff.decidable) return "sex-needed";
  return cutoff.met ? "at-or-above-cut" : "below-cut";
}
