import type { MeasureRecord } from "../records/measure.ts";
import { measureChange, type MeasureChange } from "./change.ts";
import { findMeasure, highestTotal } from "./measures.ts";
import type { MeasureBand, MeasureId } from "./measure.ts";

/** One administration in a series. */
export interface MeasurePoint {
  entry: string;
  date: string;
  total: number;
  band: string;
  alerts: string[];
  /** From the administration before, and from the first one; absent for the first. */
  sinceLast?: MeasureChange;
  sinceFirst?: MeasureChange;
}

/** The administrations of one measure over time, with what a chart draws behind them. */
export interface MeasureSeries {
  measure: MeasureId;
  name: string;
  better: "lower" | "higher";
  highest: number;
  bands: readonly MeasureBand[];
  cutoffs: readonly { id: string; at: number }[];
  points: MeasurePoint[];
}

/** The series of each measure that was taken, in order of date, the measures by their names. */
export function measureSeries(
  taken: readonly { entry: string; record: MeasureRecord }[],
): MeasureSeries[] {
  const byMeasure = Map.groupBy(taken, ({ record }) => record.measure);
  return [...byMeasure]
    .map(([id, administrations]) => seriesOf(id, administrations))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function seriesOf(
  id: MeasureId,
  taken: readonly { entry: string; record: MeasureRecord }[],
): MeasureSeries {
  const measure = findMeasure(id);
  if (measure === undefined) throw new TypeError("no such measure");
  const ordered = taken.toSorted((a, b) =>
    a.record.date === b.record.date
      ? Date.parse(a.record.at) - Date.parse(b.record.at)
      : a.record.date < b.record.date
        ? -1
        : 1,
  );
  const first = ordered[0]?.record.total ?? 0;
  const sex = ordered.findLast(({ record }) => record.sex !== undefined)?.record.sex;
  const points = ordered.map(({ entry, record }, index): MeasurePoint => {
    const point = {
      entry,
      date: record.date,
      total: record.total,
      band: record.band,
      alerts: record.alerts,
    };
    const before = ordered[index - 1]?.record.total;
    if (before === undefined) return point;
    return {
      ...point,
      sinceLast: measureChange(measure, { earlier: before, later: record.total }),
      sinceFirst: measureChange(measure, { earlier: first, later: record.total }),
    };
  });
  return {
    measure: id,
    name: measure.name,
    better: measure.better,
    highest: highestTotal(id),
    bands: measure.bands,
    cutoffs: measure.cutoffs.filter((cutoff) => cutoff.sex === undefined || cutoff.sex === sex),
    points,
  };
}
