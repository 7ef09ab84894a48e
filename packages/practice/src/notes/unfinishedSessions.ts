import { isHeld, type Booking } from "../calendar/bookings.ts";
import { isNoteOverdue } from "./noteLife.ts";

/** A session that is over and has no note. */
export interface UnfinishedSession {
  readonly patient: string;
  readonly date: string;
  readonly booking?: Booking;
  /** Later than the days within which a note is to be finished. */
  readonly isOverdue: boolean;
}

/** The days of which a patient's notes are known. */
export interface NotedDays {
  readonly patient: string;
  /** Days of signed notes. */
  readonly noted: readonly string[];
  /** Days of which a note is known to be missing though no appointment here says so. */
  readonly missing: readonly string[];
}

/**
 * Sessions of a therapist that are over at `now` (ISO 8601) and have no signed note, oldest first: held, or booked and never
 * marked otherwise. One a patient and day. `today` is the day where the practice is; `of` are the patients that count.
 */
export function unfinishedSessions(
  bookings: readonly Booking[],
  of: readonly NotedDays[],
  options: { therapist: string; now: string; today: string },
): UnfinishedSession[] {
  const { therapist, now, today } = options;
  const found = new Map<string, UnfinishedSession>();
  const notedByPatient = new Map(of.map(({ patient, noted }) => [patient, new Set(noted)]));
  const add = (patient: string, date: string, booking?: Booking): void => {
    const noted = notedByPatient.get(patient);
    if (noted === undefined || noted.has(date)) return;
    const isOverdue = isNoteOverdue(date, today);
    found.set(`${patient} ${date}`, { patient, date, isOverdue, ...(booking && { booking }) });
  };
  for (const { patient, missing } of of) for (const date of missing) add(patient, date);
  for (const booking of bookings) {
    const isOver = Date.parse(booking.endsAt) <= Date.parse(now);
    const isOpen = isHeld(booking) || booking.status === "booked";
    if (booking.therapist !== therapist || !isOver || !isOpen) continue;
    for (const patient of booking.patients) add(patient, booking.start.slice(0, 10), booking);
  }
  return [...found.values()].sort((a, b) => a.date.localeCompare(b.date));
}
