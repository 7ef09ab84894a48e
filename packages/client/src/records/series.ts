import { generateEntryId } from "@sinetti/core/secret";
import {
  addDays,
  bookingsOf,
  continueSeries,
  endSeries,
  expandSeries,
  hasDate,
  reaches,
  takesTime,
  type Booking,
  type ScheduleValue,
  type Series,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { conflictsOf, type Booked, type WriteOptions } from "./appointments.ts";
import { openToWrite } from "./calendar.ts";
import { openHorizon } from "./carrySeries.ts";
import type { FoldedChange } from "./folded.ts";
import { lastOf, monthAfter, monthOf } from "./months.ts";
import { refreshNextAppointments } from "./rosterDays.ts";
import type { CalendarPlace, ScheduleBook } from "./scheduleBook.ts";

/** A series to be created. */
export type SeriesWish = Omit<Series, "kind">;

/** A series that was changed: its key from now on, and single dates that it has taken the place of. */
export interface ChangedSeries {
  readonly key: string;
  readonly dropped: readonly Booking[];
}

/** Which dates of a series: from one on, or all that are to come. What is past is never rewritten. */
export type SeriesScope = { readonly from: string } | "all";

interface Planned {
  readonly key: string;
  readonly changes: Map<string, FoldedChange<"schedule">[]>;
  readonly dropped: readonly Booking[];
}

/** Creates a series, in each month that it touches and that is there; later ones get it when they are made. Errors: `input-rejected`, `refused`. */
export async function createSeries(
  client: Client,
  place: CalendarPlace,
  { series, isForced = false }: { series: SeriesWish } & WriteOptions,
): Promise<Booked<ChangedSeries>> {
  const book = await openToWrite(client, place, [monthOf(series.start)]);
  if (monthOf(series.start) < monthOf(book.today))
    throw new ClientError("input-rejected", { detail: "start: in a month that is over" });
  await openHorizon(book);
  const key = `s/${generateEntryId()}`;
  const value: Series = { kind: "series", ...series };
  const booked = await book.write(async () => {
    const changes: Planned["changes"] = new Map();
    for (const month of monthsOf(book, value)) changes.set(month, [{ key, value }]);
    return decide(book, { plan: { key, changes, dropped: [] }, series: value, isForced });
  });
  if (booked.ok) await refreshNextAppointments(client, book, series.patients);
  return booked;
}

/** Changes a series from a date on, or all that is to come of it. Errors: `unknown-record`, `input-rejected`, `refused`. */
export async function changeSeries(
  client: Client,
  place: CalendarPlace,
  {
    key,
    scope,
    change,
    isForced = false,
  }: { key: string; scope: SeriesScope; change: Partial<SeriesWish> } & WriteOptions,
): Promise<Booked<ChangedSeries>> {
  const book = await openSeries(client, place, scope);
  const newKey = `s/${generateEntryId()}`;
  const booked = await book.write(async () => {
    const { series, from } = findSeries(book, key, scope);
    const rest = continueSeries(series, from, change);
    if (rest.start.slice(0, 10) < book.today)
      throw new ClientError("input-rejected", { detail: "start: in the past" });
    const plan = planOf(book, { key, series, from, rest, newKey });
    return decide(book, { plan, series: rest, isForced });
  });
  if (booked.ok) await refreshNextAppointments(client, book);
  return booked;
}

/** Ends a series before a date, or all that is to come of it. Errors: `unknown-record`, `input-rejected`, `refused`. */
export async function stopSeries(
  client: Client,
  place: CalendarPlace,
  { key, scope }: { key: string; scope: SeriesScope },
): Promise<ChangedSeries> {
  const book = await openSeries(client, place, scope);
  const stopped = await book.write(async () => {
    const { series, from } = findSeries(book, key, scope);
    const { changes, dropped } = planOf(book, { key, series, from, rest: null, newKey: key });
    return { changes, result: { key, dropped } };
  });
  await refreshNextAppointments(client, book);
  return stopped;
}

async function openSeries(
  client: Client,
  place: CalendarPlace,
  scope: SeriesScope,
): Promise<ScheduleBook> {
  const book = await openToWrite(client, place, scope === "all" ? [] : [monthOf(scope.from)]);
  await openHorizon(book);
  return book;
}

function findSeries(
  book: ScheduleBook,
  key: string,
  scope: SeriesScope,
): { series: Series; from: string } {
  const months = book.months.filter((month) => month >= monthOf(book.today));
  const series = months
    .map((month) => book.values(month)?.get(key))
    .findLast((value) => value?.kind === "series");
  if (series?.kind !== "series") throw new ClientError("unknown-record");
  if (scope === "all") return { series, from: nextDateOf(series, book.today) };
  if (scope.from < book.today)
    throw new ClientError("input-rejected", { detail: "from: in the past" });
  if (!hasDate(series, scope.from))
    throw new ClientError("input-rejected", { detail: "from: no date of the series" });
  return { series, from: scope.from };
}

function nextDateOf(series: Series, today: string): string {
  const options = { key: "s", from: today, to: addDays(today, 62) };
  const [next] = expandSeries(series, [], options);
  if (next === undefined)
    throw new ClientError("input-rejected", { detail: "scope: the series is over" });
  return next.date;
}

/** The open months from now on that a series touches. */
function monthsOf(book: ScheduleBook, series: Series): string[] {
  return book.months.filter(
    (month) =>
      book.carried(month) !== undefined &&
      month >= monthOf(series.start) &&
      month >= monthOf(book.today) &&
      reaches(series, `${month}-01`),
  );
}

/** The changes that end a series before `from` and let another take its place; every month from now on says the same. */
function planOf(
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

function decide(
  book: ScheduleBook,
  { plan, series, isForced }: { plan: Planned; series: Series; isForced: boolean },
): { changes: Planned["changes"] | null; result: Booked<ChangedSeries> } {
  const { key, changes, dropped } = plan;
  if (changes.size === 0)
    throw new ClientError("input-rejected", { detail: "start: no date of it is to come" });
  const conflicts = isForced ? [] : seriesConflicts(book, { key, changes, series });
  if (conflicts.length > 0)
    return { changes: null, result: { ok: false, reason: "conflict", conflicts } };
  return { changes, result: { ok: true, value: { key, dropped } } };
}

/** Conflicts in the open months as they would stand. */
function seriesConflicts(
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
