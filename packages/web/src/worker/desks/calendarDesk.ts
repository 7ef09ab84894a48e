import {
  bookAppointment,
  changeBooking,
  changeSeries,
  createSeries,
  markBooking,
  memberName,
  openCalendar,
  openDirectory,
  practicePeople,
  removeBooking,
  sites,
  stopSeries,
  type AppointmentWish,
  type BookingChange,
  type BookingRef,
  type SeriesScope,
  type SeriesWish,
} from "@sinetti/client";
import type { MemberId, SiteId } from "@sinetti/core";
import type { Booking, Conflict } from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import type { Session } from "../session.ts";

/** One booking as the calendar shows it. */
export interface BookingRow extends Booking {
  readonly therapistShown: string;
}

/** A stretch of the calendar of a site. */
export interface CalendarView {
  readonly site: string;
  readonly siteName: string;
  readonly today: string;
  readonly zone: string;
  readonly rows: readonly BookingRow[];
  /** Months that this member may not open. */
  readonly closed: readonly string[];
  readonly therapists: readonly { readonly member: string; readonly name: string }[];
}

/** What came of a booking: done, or what it would have overlapped. */
export interface BookingOutcome {
  readonly isDone: boolean;
  readonly conflicts: readonly Taken[];
}

/** What stands where something was to be booked. */
export interface Taken {
  /** Instants. */
  readonly from: string;
  readonly to: string;
  /** Whom it is for; null: it is blocked. */
  readonly name: string | null;
  readonly over: Conflict["over"];
}

/** Which part of a series a change is for. */
export type SeriesPart = "this" | "following" | "all";

const outcomeOf = (
  booked: { ok: true } | { ok: false; conflicts: readonly Conflict<Booking>[] },
): BookingOutcome => ({
  isDone: booked.ok,
  conflicts: booked.ok
    ? []
    : booked.conflicts.map(({ first, over }) => ({
        from: first.startsAt,
        to: first.endsAt,
        name: first.shortName ?? null,
        over,
      })),
});

/** The calendar of a site: appointments, series, blocked time. */
export const makeCalendarDesk = (session: Session) => {
  const place = async (): Promise<{ site: SiteId; zone: string; name: string }> => {
    const [site] = sites(await openDirectory(session.client.context));
    if (site === undefined) throw new TypeError("a practice has a site from its founding on");
    return { site: site.id as SiteId, zone: ZONE, name: site.name };
  };
  return {
    /** Bookings between two dates, both included; of one therapist, or of everybody. */
    view: async (wish: { from: string; to: string; mine: boolean }): Promise<CalendarView> => {
      const { client } = session;
      const { name, ...at } = await place();
      const { from, to, mine } = wish;
      const range = { from, to, ...(mine && { therapist: client.member }) };
      const calendar = await openCalendar(client, at, range);
      const directory = await openDirectory(client.context);
      const { people } = await practicePeople(client);
      const nameOf = (booking: Booking): string =>
        memberName(directory, booking.therapist as MemberId) ?? booking.therapistName ?? "";
      return {
        site: calendar.site,
        siteName: name,
        today: calendar.today,
        zone: ZONE,
        rows: calendar.bookings.map((booking) => ({ ...booking, therapistShown: nameOf(booking) })),
        closed: calendar.closed,
        therapists: people
          .filter(({ roles }) => roles.includes("therapist"))
          .map(({ member, name: called }) => ({ member, name: called ?? "" })),
      };
    },
    book: async (wish: {
      appointment: Omit<AppointmentWish, "zone">;
      repeat: { every: SeriesWish["every"]; until: string | null } | null;
      isForced: boolean;
    }): Promise<BookingOutcome> => {
      const { client } = session;
      const { site } = await place();
      const { repeat, isForced } = wish;
      const appointment = { ...wish.appointment, zone: ZONE };
      const at = { site, zone: ZONE };
      if (repeat === null)
        return outcomeOf(await bookAppointment(client, at, { appointment, isForced }));
      const { every, until } = repeat;
      const series = { ...appointment, every, ...(until !== null && { until }) };
      return outcomeOf(await createSeries(client, at, { series, isForced }));
    },
    /** Changes this date, this and the following, or all that are to come. */
    change: async (wish: {
      booking: BookingRef & { series?: string };
      change: BookingChange;
      part: SeriesPart;
      isForced: boolean;
    }): Promise<BookingOutcome> => {
      const { client } = session;
      const at = await place();
      const { booking, change, part, isForced } = wish;
      const { status, ...elsewise } = change;
      // What became of a session is also told to the patient's office file: it is billed from there.
      if (status !== undefined && Object.keys(elsewise).length === 0)
        return outcomeOf((await markBooking(client, at, { booking, status })).booked);
      if (part === "this" || booking.series === undefined)
        return outcomeOf(await changeBooking(client, at, { booking, change, isForced }));
      const { status: _status, ...slot } = change;
      return outcomeOf(
        await changeSeries(client, at, {
          key: booking.series,
          scope: scopeOf(booking, part),
          change: withoutNulls(slot),
          isForced,
        }),
      );
    },
    /** Takes away what was booked in error, or the rest of a series. */
    remove: async (wish: {
      booking: BookingRef & { series?: string };
      part: SeriesPart;
    }): Promise<void> => {
      const { client } = session;
      const at = await place();
      const { booking, part } = wish;
      if (part === "this" || booking.series === undefined)
        return removeBooking(client, at, booking);
      await stopSeries(client, at, { key: booking.series, scope: scopeOf(booking, part) });
    },
  };
};

const scopeOf = ({ date }: BookingRef, part: SeriesPart): SeriesScope =>
  part === "all" ? "all" : { from: date };

/** A series has no field to be taken away one by one. */
function withoutNulls(change: Omit<BookingChange, "status">): Partial<SeriesWish> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
}
