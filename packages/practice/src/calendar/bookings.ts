import type { Appointment, ScheduleValue, Series, SeriesException } from "../records/schedule.ts";
import { byStart, expandSeries, occurrence, type Occurrence } from "./expandSeries.ts";

/** One appointment or blocked slot as a calendar shows it: single, or one date of a series. */
export interface Booking extends Occurrence, Pick<Appointment, "status"> {
  /** The series that it belongs to; `date` is then the regular date, though it may be held on another. */
  readonly series?: string;
  readonly shortName?: string;
  readonly therapistName?: string;
  readonly remoteLink?: string;
  readonly reminder?: NonNullable<Appointment["reminder"]>;
}

/**
 * All that folded schedules hold between two dates (both included, by the date on which it is held), cancelled ones too, in order
 * of time. Series are expanded; an appointment that names a date of a series stands in its place.
 */
export function bookingsOf(
  valueByKey: ReadonlyMap<string, ScheduleValue>,
  { from, to }: { from: string; to: string },
): Booking[] {
  const exceptions = exceptionsOf(valueByKey);
  const found: Booking[] = [];
  for (const [key, value] of valueByKey) {
    if (value.kind === "series")
      for (const each of expandSeries(value, exceptions, { key, from, to }))
        found.push({ ...each, ...detailsOf(value), series: key, status: "booked" });
    if (value.kind !== "appointment") continue;
    const heldOn = value.start.slice(0, 10);
    if (heldOn < from || heldOn > to) continue;
    const { of, room, status } = value;
    const place = { key, ...(of && { date: of.on }), ...(room !== undefined && { room }) };
    found.push({
      ...occurrence(value, place),
      ...detailsOf(value),
      ...(of && { series: of.series }),
      status,
    });
  }
  return found.sort(byStart);
}

/** What leaves a regular date out or moves it: the exceptions, and whatever stands in the place of one. */
function exceptionsOf(valueByKey: ReadonlyMap<string, ScheduleValue>): SeriesException[] {
  const exceptions: SeriesException[] = [];
  const replaced: SeriesException[] = [];
  for (const value of valueByKey.values()) {
    if (value.kind === "exception") exceptions.push(value);
    if (value.kind === "appointment" && value.of !== undefined)
      replaced.push({ kind: "exception", ...value.of, change: { is: "cancelled", late: false } });
  }
  return [...exceptions, ...replaced];
}

function detailsOf({
  shortName,
  therapistName,
  remoteLink,
  reminder,
}: Appointment | Series): Partial<Booking> {
  return {
    ...(shortName !== undefined && { shortName }),
    ...(therapistName !== undefined && { therapistName }),
    ...(remoteLink !== undefined && { remoteLink }),
    ...(reminder !== undefined && { reminder }),
  };
}

/** Whether nobody else can have the therapist, the room or the patient at that time. */
export function takesTime({ status }: Pick<Booking, "status">): boolean {
  return status !== "cancelled" && status !== "cancelled-late";
}

/** Whether the session was held: it is billed, and wants a note. */
export function isHeld({ status }: Pick<Booking, "status">): boolean {
  return status === "arrived" || status === "done" || status === "late";
}
