const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

/** A calendar date some days later: YYYY-MM-DD in, YYYY-MM-DD out. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The Monday of the week of a date. */
export function weekOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, -((day + WEEK_DAYS - 1) % WEEK_DAYS));
}

/** Minutes since midnight of a wall-clock time `YYYY-MM-DDTHH:MM`. */
export function minuteOf(start: string): number {
  return Number(start.slice(11, 13)) * 60 + Number(start.slice(14, 16));
}

/** What is to be laid out side by side: where it begins and how long it is. */
export interface Laid {
  readonly start: string;
  readonly minutes: number;
}

/** The lane of each of a day's bookings, and of how many: those that overlap share the width. */
export function lanesOf<B extends Laid>(
  bookings: readonly B[],
): { booking: B; lane: number; lanes: number }[] {
  const sorted = [...bookings].sort((a, b) => minuteOf(a.start) - minuteOf(b.start));
  const laid: { booking: B; lane: number; lanes: number }[] = [];
  let group: typeof laid = [];
  let ends: number[] = [];
  const close = (): void => {
    for (const each of group) each.lanes = ends.length;
    laid.push(...group);
    group = [];
    ends = [];
  };
  for (const booking of sorted) {
    const start = minuteOf(booking.start);
    if (ends.every((end) => end <= start)) close();
    const free = ends.findIndex((end) => end <= start);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = start + booking.minutes;
    group.push({ booking, lane, lanes: 1 });
  }
  close();
  return laid;
}
