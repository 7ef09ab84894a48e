import { NOBODY } from "../records/schedule.ts";
import type { ScheduleValue } from "../records/schedule.ts";
import { bookingsOf, takesTime } from "./bookings.ts";
import { byStart } from "./expandSeries.ts";
import type { Occurrence } from "./expandSeries.ts";

/** Two appointments that cannot both be held, and what they share. */
export interface Conflict<T extends Occurrence = Occurrence> {
  first: T;
  second: T;
  over: ("therapist" | "room" | "patient")[];
}

/** All appointments of folded schedules between two dates (both included): single ones that take time, and series expanded. */
export function agendaOf(
  valueByKey: ReadonlyMap<string, ScheduleValue>,
  options: { from: string; to: string },
): Occurrence[] {
  return bookingsOf(valueByKey, options)
    .filter(takesTime)
    .map(({ series: _series, status: _status, ...booking }) => booking);
}

/** Every pair that overlaps in time and shares a therapist, a room or a patient; one ending as the next begins does not. */
export function findConflicts<T extends Occurrence>(occurrences: readonly T[]): Conflict<T>[] {
  const sorted = [...occurrences].sort(byStart);
  const found: Conflict<T>[] = [];
  sorted.forEach((first, index) => {
    for (const second of sorted.slice(index + 1)) {
      if (second.startsAt >= first.endsAt) break;
      const over = sharedBy(first, second);
      if (over.length > 0) found.push({ first, second, over });
    }
  });
  return found;
}

function sharedBy(first: Occurrence, second: Occurrence): Conflict["over"] {
  const over: Conflict["over"] = [];
  if (first.therapist === second.therapist && first.therapist !== NOBODY) over.push("therapist");
  if (first.room !== undefined && first.room === second.room) over.push("room");
  if (first.patients.some((patient) => second.patients.includes(patient))) over.push("patient");
  return over;
}
