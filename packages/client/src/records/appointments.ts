import { generateEntryId } from "@sinetti/core/secret";
import {
  addDays,
  bookingsOf,
  findConflicts,
  takesTime,
  type Appointment,
  type Booking,
  type Conflict,
  type ScheduleValue,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { openToWrite } from "./calendar.ts";
import type { FoldedChange } from "./folded.ts";
import { monthOf } from "./months.ts";
import { refreshNextAppointments } from "./rosterDays.ts";
import type { CalendarPlace, ScheduleBook } from "./scheduleBook.ts";

/** What came of a change of the calendar: what stands there now, or what it would have overlapped. */
export type Booked<T = Booking> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly reason: "conflict";
      readonly conflicts: readonly Conflict<Booking>[];
    };

/** An appointment to be booked, or, without patients, a slot to be blocked. */
export type AppointmentWish = Omit<Appointment, "kind" | "status" | "of">;

/** Names one booking of a calendar that was read. */
export type BookingRef = Pick<Booking, "key" | "date" | "start">;

/** What is changed of a booking; null takes away. */
export type BookingChange = Partial<
  Pick<Appointment, "start" | "minutes" | "therapist" | "patients" | "shortName" | "status">
> & { readonly [K in "room" | "remoteLink" | "reminder"]?: Appointment[K] | null };

/** How to write: forced goes over conflicts that somebody has seen. */
export interface WriteOptions {
  readonly isForced?: boolean;
}

/** Books an appointment, or blocks a slot, unless therapist, room or patient is taken. Errors: `input-rejected`, `refused`. */
export async function bookAppointment(
  client: Client,
  place: CalendarPlace,
  { appointment, isForced = false }: { appointment: AppointmentWish } & WriteOptions,
): Promise<Booked> {
  const month = monthOf(appointment.start);
  const book = await openToWrite(client, place, [month]);
  const key = `a/${generateEntryId()}`;
  const value: Appointment = { kind: "appointment", ...appointment, status: "booked" };
  const booked = await book.write(async () =>
    decide(book, { key, changes: new Map([[month, [{ key, value }]]]), value, isForced }),
  );
  await noteChange(client, book, booked);
  return booked;
}

/**
 * Changes, moves or cancels one booking, or marks what became of it. One date of a series becomes an appointment of its own in the
 * place of that date. Errors: `unknown-record`, `input-rejected`, `refused`.
 */
export async function changeBooking(
  client: Client,
  place: CalendarPlace,
  {
    booking: ref,
    change,
    isForced = false,
  }: { booking: BookingRef; change: BookingChange } & WriteOptions,
): Promise<Booked> {
  const start = change.start ?? ref.start;
  const months = [ref.start, start, ref.date].map(monthOf);
  const book = await openToWrite(client, place, [...new Set(months)]);
  const booked = await book.write(async () => {
    const before = findBooking(book, ref);
    const { key, value } = changedAppointment(book, before, change);
    const isPlaced = !takesTime(value) || (takesTime(before) && isSamePlace(before, value));
    const changes = placing(book, { from: monthOf(before.start), key, value });
    return decide(book, { key, changes, value, isForced: isForced || isPlaced, without: before });
  });
  await noteChange(client, book, booked);
  return booked;
}

/** Takes an appointment away that was booked in error, or unblocks a slot; one date of a series is cancelled instead. Error: `unknown-record`. */
export async function removeBooking(
  client: Client,
  place: CalendarPlace,
  ref: BookingRef,
): Promise<void> {
  const book = await openToWrite(client, place, [...new Set([ref.start, ref.date].map(monthOf))]);
  await book.write(async () => {
    const before = findBooking(book, ref);
    if (before.series === undefined) {
      const gone = { key: before.key, value: null };
      return { changes: new Map([[monthOf(before.start), [gone]]]), result: before };
    }
    const { key, value } = changedAppointment(book, before, { status: "cancelled" });
    const changes = placing(book, { from: monthOf(before.start), key, value });
    return { changes, result: before };
  });
  await refreshNextAppointments(client, book);
}

/** A booking as it stands now. Error: `unknown-record`. */
export function findBooking(book: ScheduleBook, { key, date, start }: BookingRef): Booking {
  const day = start.slice(0, 10);
  const found = book.bookings(day, day).find((each) => each.key === key && each.date === date);
  if (found === undefined) throw new ClientError("unknown-record");
  return found;
}

/** The key under which one date of a series stands by itself. */
function placeKey(series: string, on: string): string {
  return `${series}/${on}`;
}

function changedAppointment(
  book: ScheduleBook,
  before: Booking,
  change: BookingChange,
): { key: string; value: Appointment } {
  const held = book.values(monthOf(before.start))?.get(before.key);
  const { room, remoteLink, reminder, ...rest } = change;
  const value: Appointment = { ...appointmentOf(before, held), ...rest };
  const taken = { room, remoteLink, reminder };
  for (const name of ["room", "remoteLink", "reminder"] as const) {
    if (taken[name] === null) delete value[name];
    else if (taken[name] !== undefined) Object.assign(value, { [name]: taken[name] });
  }
  const isDate = held?.kind === "series";
  return { key: isDate ? placeKey(before.key, before.date) : before.key, value };
}

function appointmentOf(before: Booking, held: ScheduleValue | undefined): Appointment {
  if (held?.kind === "appointment") return { ...held };
  if (held?.kind !== "series") throw new ClientError("unknown-record");
  const { kind: _kind, every: _every, until: _until, count: _count, ...slot } = held;
  return {
    kind: "appointment",
    ...slot,
    start: before.start,
    minutes: before.minutes,
    ...(before.room !== undefined && { room: before.room }),
    status: "booked",
    of: { series: before.key, on: before.date },
  };
}

/** Puts an appointment into the month in which it is held, and out of the one in which it was; a month without it says so of its series. */
function placing(
  book: ScheduleBook,
  { from, key, value }: { from: string; key: string; value: Appointment },
): Map<string, FoldedChange<"schedule">[]> {
  const to = monthOf(value.start);
  const changes = new Map<string, FoldedChange<"schedule">[]>([[to, [{ key, value }]]]);
  const add = (month: string, change: FoldedChange<"schedule">): void => {
    changes.set(month, [...(changes.get(month) ?? []), change]);
  };
  if (from !== to && book.values(from)?.has(key) === true) add(from, { key, value: null });
  if (value.of === undefined) return changes;
  const { series, on } = value.of;
  const mark = `x/${placeKey(series, on)}`;
  const home = monthOf(on);
  if (home !== to)
    add(home, {
      key: mark,
      value: { kind: "exception", series, on, change: { is: "moved", start: value.start } },
    });
  else if (book.values(home)?.has(mark) === true) add(home, { key: mark, value: null });
  return changes;
}

function isSamePlace(before: Booking, value: Appointment): boolean {
  return (
    before.start === value.start &&
    before.minutes === value.minutes &&
    before.room === value.room &&
    before.therapist === value.therapist &&
    value.patients.every((patient) => before.patients.includes(patient))
  );
}

function decide(
  book: ScheduleBook,
  wish: {
    key: string;
    changes: Map<string, FoldedChange<"schedule">[]>;
    value: Appointment;
    isForced: boolean;
    without?: Booking;
  },
): { changes: Map<string, FoldedChange<"schedule">[]> | null; result: Booked } {
  const { key, value, without } = wish;
  const day = value.start.slice(0, 10);
  const [booking] = bookingsOf(new Map([[key, value]]), { from: day, to: day });
  if (booking === undefined) throw new TypeError("an appointment is held on its own day");
  const others = book
    .bookings(addDays(day, -1), addDays(day, 2))
    .filter((each) => takesTime(each))
    .filter((each) => each.key !== without?.key || each.date !== without.date);
  const conflicts = wish.isForced ? [] : conflictsOf(others, [booking]);
  if (conflicts.length > 0)
    return { changes: null, result: { ok: false, reason: "conflict", conflicts } };
  return { changes: wish.changes, result: { ok: true, value: booking } };
}

/** Where new bookings overlap what stands, or each other; `first` is what stands, whichever begins earlier. */
export function conflictsOf(
  others: readonly Booking[],
  added: readonly Booking[],
): Conflict<Booking>[] {
  const isNew = new Set<unknown>(added);
  return findConflicts([...others, ...added])
    .filter(({ first, second }) => isNew.has(first) || isNew.has(second))
    .map(({ first, second, over }) =>
      isNew.has(first) ? { first: second, second: first, over } : { first, second, over },
    );
}

async function noteChange(client: Client, book: ScheduleBook, booked: Booked): Promise<void> {
  if (booked.ok) await refreshNextAppointments(client, book, booked.value.patients);
}
