import type { Series } from "../records/schedule.ts";
import { seriesDates } from "./expandSeries.ts";
import { addDays } from "./localTime.ts";

const FAR = "9999-12-31";

/** Whether a series has a regular date on or after `date`. */
export function reaches(series: Series, date: string): boolean {
  if (series.count === undefined)
    return series.until === undefined || nextDate(series, date) !== undefined;
  return nextDate(series, date) !== undefined;
}

/** Whether `date` is a regular date of the series. */
export function hasDate(series: Series, date: string): boolean {
  return nextDate(series, date) === date;
}

function nextDate(series: Series, date: string): string | undefined {
  const to = series.count === undefined && series.until === undefined ? addDays(date, 62) : FAR;
  for (const each of seriesDates(series, to)) if (each >= date) return each;
  return undefined;
}

/** The series without its dates from `date` on; null when none is left. */
export function endSeries(series: Series, date: string): Series | null {
  const [first] = seriesDates(series, FAR);
  if (first === undefined || first >= date) return null;
  const until = addDays(date, -1);
  return {
    ...series,
    until: series.until === undefined || series.until > until ? until : series.until,
  };
}

/**
 * The series as it goes on from its regular date `date`, changed: `start` is the first appointment of the new one. As many dates
 * are left as were left of the old one.
 */
export function continueSeries(series: Series, date: string, change: Partial<Series>): Series {
  const { count, ...rest } = series;
  let before = 0;
  if (count !== undefined) for (const each of seriesDates(series, date)) if (each < date) before++;
  return {
    ...rest,
    start: `${date}T${series.start.slice(11)}`,
    ...(count !== undefined && { count: Math.max(1, count - before) }),
    ...change,
  };
}
