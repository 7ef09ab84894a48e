import { generateEntryId } from "@sinetti/core/secret";
import {
  addDays,
  continueSeries,
  expandSeries,
  hasDate,
  type Booking,
  type Series,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import type { Booked, WriteOptions } from "./appointments.ts";
import { openToWrite } from "./calendar.ts";
import { openHorizon } from "./carrySeries.ts";
import { monthOf } from "./months.ts";
import { refreshNextAppointments } from "./rosterDays.ts";
import type { CalendarPlace, ScheduleBook } from "./scheduleBook.ts";
import { monthsOf, planOf, seriesConflicts, type Planned } from "./seriesPlan.ts";

/** A series to be created. */
export type SeriesWish = Omit<Series, "kind">;

/** A series that was changed: its key from now on, and single dates that it has taken the place of. */
export interface ChangedSeries {
  readonly key: string;
  readonly dropped: readonly Booking[];
}

/** Which dates of a series: from one on, or all that are to come. What is past is never rewritten. */
export type SeriesScope = { readonly from: string } | "all";

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
