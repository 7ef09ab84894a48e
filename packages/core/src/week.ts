const DAY_SECONDS = 86_400;
/** 1970-01-05, the first Monday of the Unix epoch. */
const FIRST_MONDAY_DAYS = 4;

/** Seconds of a week. */
export const WEEK_SECONDS = 7 * DAY_SECONDS;

/** The number of the week, counted from Monday 1970-01-05 00:00 UTC, in which `unixSeconds` lies: the finest time in a vault. */
export function weekOf(unixSeconds: number): number {
  return Math.max(0, Math.floor((unixSeconds / DAY_SECONDS - FIRST_MONDAY_DAYS) / 7));
}

/** The week on whose Monday something ends that is meant to last until `unixSeconds`: rounded up to a Monday. */
export function endWeekOf(unixSeconds: number): number {
  return Math.max(0, Math.ceil((unixSeconds / DAY_SECONDS - FIRST_MONDAY_DAYS) / 7));
}

/** Unix seconds of the Monday on which `week` begins. */
export function weekStart(week: number): number {
  return (week * 7 + FIRST_MONDAY_DAYS) * DAY_SECONDS;
}
