import type { Series, SeriesException } from "../records/schedule.ts";
import { addDays, localTimeToInstant } from "./localTime.ts";

/** One appointment in time: its wall clock, and its instants as ISO 8601 in UTC. */
export interface Occurrence {
  key: string;
  date: string;
  start: string;
  zone: string;
  minutes: number;
  startsAt: string;
  endsAt: string;
  therapist: string;
  patients: readonly string[];
  room?: string;
}

const OCCURRENCES_MAX = 10_000;

/**
 * The appointments of a series between two dates (both included, by the date on which they are held), exceptions applied.
 * The wall clock stays the same over daylight saving. `until` and `count` count the regular dates, moved and cancelled ones too.
 */
export function expandSeries(
  series: Series,
  exceptions: readonly SeriesException[],
  options: { key: string; from: string; to: string },
): Occurrence[] {
  const changeByDate = new Map(
    exceptions
      .filter((exception) => exception.series === options.key)
      .map((exception) => [exception.on, exception.change]),
  );
  const lastMove = [...changeByDate].reduce(
    (latest, [on, change]) => (change.is === "moved" && on > latest ? on : latest),
    "",
  );
  const found: Occurrence[] = [];
  for (const date of seriesDates(series, options.to > lastMove ? options.to : lastMove)) {
    const change = changeByDate.get(date);
    if (change?.is === "cancelled") continue;
    const start = change?.start ?? `${date}T${series.start.slice(11)}`;
    const heldOn = start.slice(0, 10);
    if (heldOn < options.from || heldOn > options.to) continue;
    const room = change?.room ?? series.room;
    const minutes = change?.minutes ?? series.minutes;
    found.push(
      occurrence(
        { ...series, start, minutes },
        { key: options.key, date, ...(room !== undefined && { room }) },
      ),
    );
  }
  return found.sort(byStart);
}

/** The occurrence of a slot at a wall-clock time. */
export function occurrence(
  slot: {
    start: string;
    zone: string;
    minutes: number;
    therapist: string;
    patients: readonly string[];
  },
  place: { key: string; date?: string; room?: string },
): Occurrence {
  const startsAt = localTimeToInstant(slot.start, slot.zone);
  return {
    key: place.key,
    date: place.date ?? slot.start.slice(0, 10),
    start: slot.start,
    zone: slot.zone,
    minutes: slot.minutes,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(startsAt + slot.minutes * 60_000).toISOString(),
    therapist: slot.therapist,
    patients: slot.patients,
    ...(place.room !== undefined && { room: place.room }),
  };
}

/** Order of occurrences in time. */
export function byStart(a: Occurrence, b: Occurrence): number {
  return Date.parse(a.startsAt) - Date.parse(b.startsAt);
}

/** The regular dates of a series up to a date, whatever became of them. */
export function* seriesDates(series: Series, to: string): Generator<string> {
  const first = series.start.slice(0, 10);
  const last = series.until !== undefined && series.until < to ? series.until : to;
  const count = Math.min(series.count ?? OCCURRENCES_MAX, OCCURRENCES_MAX);
  for (let index = 0; index < count; index++) {
    const date =
      series.every === "month"
        ? sameWeekdayLater(first, index)
        : addDays(first, index * (series.every === "week" ? 7 : 14));
    if (date > last) return;
    yield date;
  }
}

/** The same weekday of the month (second Tuesday), `months` later; a fifth that a month lacks becomes its last. */
function sameWeekdayLater(first: string, months: number): string {
  const start = new Date(`${first}T00:00:00Z`);
  const nth = Math.ceil(start.getUTCDate() / 7);
  const monthStart = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1));
  const firstMatch = 1 + ((start.getUTCDay() - monthStart.getUTCDay() + 7) % 7);
  const lastDay = new Date(
    Date.UTC(monthStart.getUTCFullYear(), monthStart.getUTCMonth() + 1, 0),
  ).getUTCDate();
  const day = firstMatch + (nth - 1) * 7;
  monthStart.setUTCDate(day > lastDay ? day - 7 : day);
  return monthStart.toISOString().slice(0, 10);
}
