import type { SiteId } from "@sinetti/core";
import { bookingsOf, type Booking } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { carryTo, openHorizon } from "./carrySeries.ts";
import { lastOf, monthAfter, monthOf, monthsBetween } from "./months.ts";
import { refreshNextAppointments } from "./rosterDays.ts";
import { ScheduleBook, type CalendarPlace } from "./scheduleBook.ts";
import { shareSchedules } from "./shareLate.ts";

/** Months that are opened at once at most. */
const RANGE_MONTHS = 14;
/** Months ahead into which a calendar is written. */
const AHEAD_MONTHS = 12;

/** A site's calendar between two dates. */
export interface Calendar {
  readonly site: SiteId;
  /** The day where the practice is. */
  readonly today: string;
  readonly from: string;
  readonly to: string;
  /** In order of time, cancelled ones too. */
  readonly bookings: readonly Booking[];
  /** Months whose schedule this member may not open. */
  readonly closed: readonly string[];
}

/** Whether this member keeps schedules: only then are months made and carried on. */
function keeps({ roles }: Client): boolean {
  return roles.includes("therapist") || roles.includes("office");
}

/**
 * Opens a site's calendar, this month and the next unless the range says otherwise, with one request to the gate. Series are
 * expanded, and whatever stands in the place of a date is there instead. `therapist` leaves out everybody else's.
 */
export async function openCalendar(
  client: Client,
  place: CalendarPlace,
  { from, to, therapist }: { from?: string; to?: string; therapist?: string } = {},
): Promise<Calendar> {
  const book = await ScheduleBook.of(client, place);
  const current = monthOf(book.today);
  const next = monthAfter(current);
  const range = { from: from ?? `${current}-01`, to: to ?? lastOf(next) };
  const months = monthsBetween(range.from, range.to);
  if (months.length === 0 || months.length > RANGE_MONTHS)
    throw new ClientError("input-rejected", { detail: `to: at most ${RANGE_MONTHS} months` });
  await book.open([current, next, ...months]);
  if (keeps(client)) {
    await carryTo(book, next);
    await shareSchedules(book);
  }
  const ahead = keeps(client) ? await bookingsAhead(book, range) : [];
  const bookings = [...book.bookings(range.from, range.to), ...ahead];
  if (client.roles.includes("therapist")) await refreshNextAppointments(client, book);
  return {
    site: book.site,
    today: book.today,
    ...range,
    bookings: bookings
      .filter((booking) => therapist === undefined || booking.therapist === therapist)
      .sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt)),
    closed: [...book.closed].filter((month) => months.includes(month)).sort(),
  };
}

/** What the series say of months into which nobody has carried them yet. */
async function bookingsAhead(
  book: ScheduleBook,
  { from, to }: { from: string; to: string },
): Promise<Booking[]> {
  if (monthOf(to) <= monthAfter(monthOf(book.today))) return [];
  const horizon = await openHorizon(book);
  const first = `${monthAfter(horizon)}-01`;
  if (to < first) return [];
  const series = [...(book.values(horizon) ?? [])].filter(([, { kind }]) => kind === "series");
  return bookingsOf(new Map(series), { from: from > first ? from : first, to });
}

/** The book of a site with these months open to be written; months from now on hold their series. Errors: `input-rejected`, `refused`. */
export async function openToWrite(
  client: Client,
  place: CalendarPlace,
  months: readonly string[],
): Promise<ScheduleBook> {
  const book = await ScheduleBook.of(client, place);
  const current = monthOf(book.today);
  const next = monthAfter(current);
  const last = [...months].sort().at(-1) ?? current;
  if (last > monthAfter(current, AHEAD_MONTHS))
    throw new ClientError("input-rejected", {
      detail: `start: at most ${AHEAD_MONTHS} months ahead`,
    });
  await book.open([current, next, ...months]);
  await carryTo(book, last > next ? last : next);
  await book.make(months);
  book.need(months);
  return book;
}
