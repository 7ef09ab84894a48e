import {
  bookingsOf,
  endSeries,
  hasDate,
  reaches,
  takesTime,
  type Booking,
  type ScheduleValue,
  type Series,
} from "@sinetti/practice";
import { conflictsOf } from "./appointments.ts";
import type { FoldedChange } from "./folded.ts";
import { lastOf, monthAfter, monthOf } from "./months.ts";
import type { ScheduleBook } from "./scheduleBook.ts";

/** What a series is to be, month by month. */
export interface Planned {
  readonly key: string;
  readonly changes: Map<string, FoldedChange<"schedule">[]>;
  readonly dropped: readonly Booking[];
}

/** The open months from now on that a series touches. */
export function monthsOf(book: ScheduleBook, series: Series): string[] {
  return book.months.filter(
    (month) =>
      book.carried(month) !== undefined &&
      month >= monthOf(series.start) &&
      month >= monthOf(book.today) &&
      reaches(series, `${month}-01`),
  );
}

/** The changes that end a series before `from` and let another take its place; every month from now on says the same. */
export function planOf(
  book: ScheduleBook,
  wish: { key: string; series: Series; from: string; rest: Series | null; newKey: string },
): Planned {
  const { key, series, from, rest } = wish;
  const ended = endSeries(series, from);
  const newKey = ended === null ? key : wish.newKey;
  const touched = rest === null ? [] : monthsOf(book, rest);
  const changes = new Map<string, FoldedChange<"schedule">[]>();
  const dropped: Booking[] = [];
  for (const month of book.months.filter((each) => each >= monthOf(book.today))) {
    const values = book.values(month) ?? new Map<string, ScheduleValue>();
    const list: FoldedChange<"schedule">[] = [];
    if (values.has(key) && !(newKey === key && touched.includes(month)))
      list.push({ key, value: ended !== null && reaches(ended, `${month}-01`) ? ended : null });
    if (rest !== null && touched.includes(month)) list.push({ key: newKey, value: rest });
    list.push(...singleDates(values, { key, from, rest, newKey, dropped }));
    if (list.length > 0) changes.set(month, list);
  }
  return { key: newKey, changes, dropped };
}

/** What stands by itself in the place of a date: only booked, it gives way; what became of the others stays told. */
function singleDates(
  values: ReadonlyMap<string, ScheduleValue>,
  wish: { key: string; from: string; rest: Series | null; newKey: string; dropped: Booking[] },
): FoldedChange<"schedule">[] {
  const { key, from, rest, newKey, dropped } = wish;
  return [...values].flatMap(([at, value]): FoldedChange<"schedule">[] => {
    if (value.kind === "exception" && value.series === key && value.on >= from)
      return [{ key: at, value: null }];
    if (value.kind !== "appointment" || value.of?.series !== key || value.of.on < from) return [];
    const day = value.start.slice(0, 10);
    if (value.status === "booked") {
      dropped.push(...bookingsOf(new Map([[at, value]]), { from: day, to: day }));
      return [{ key: at, value: null }];
    }
    const { of, ...alone } = value;
    const isDate = rest !== null && hasDate(rest, of.on);
    return [{ key: at, value: isDate ? { ...alone, of: { series: newKey, on: of.on } } : alone }];
  });
}

/** Conflicts in the open months as they would stand. */
export function seriesConflicts(
  book: ScheduleBook,
  { key, changes, series }: { key: string; changes: Planned["changes"]; series: Series },
): ReturnType<typeof conflictsOf> {
  const first = [series.start.slice(0, 10), book.today].sort().at(-1) ?? book.today;
  const bookings = book.months.flatMap((month) => {
    const values = new Map(book.values(month));
    for (const { key: at, value } of changes.get(month) ?? []) {
      if (value === null) values.delete(at);
      else values.set(at, value);
    }
    const from = first > `${month}-01` ? first : `${month}-01`;
    return month >= monthOf(first) && monthAfter(month) > from
      ? bookingsOf(values, { from, to: lastOf(month) }).filter(takesTime)
      : [];
  });
  const added = bookings.filter((booking) => booking.key === key);
  return conflictsOf(
    bookings.filter((booking) => booking.key !== key),
    added,
  );
}
