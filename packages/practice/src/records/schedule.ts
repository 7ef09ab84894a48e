import { z } from "zod";
import { date, entryKey, id, line, list, localTime, month, zone } from "./fields.ts";
import { putRemoveOf } from "./putRemove.ts";

/** Minutes of the longest appointment: one day. */
const MINUTES_MAX = 1440;

/** The therapist of an appointment whom no member's id stands for. */
export const NOBODY = "0".repeat(32);

const slot = {
  start: localTime,
  zone,
  minutes: z.int().min(1).max(MINUTES_MAX),
  therapist: id,
  /** As another system names them; `therapist` is `NOBODY` when they are no member here. */
  therapistName: line.exactOptional(),
  patients: list(id),
  shortName: line.exactOptional(),
  room: line.exactOptional(),
  remoteLink: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .exactOptional(),
  reminder: z
    .strictObject({
      channel: z.enum(["sms", "email", "portal"]),
      minutesBefore: z.int().min(0).max(43_200),
    })
    .exactOptional(),
};

const appointment = z.strictObject({
  kind: z.literal("appointment"),
  ...slot,
  status: z.enum(["booked", "arrived", "done", "late", "cancelled", "cancelled-late", "missed"]),
  /** The regular date of a series in whose place it stands. */
  of: z.strictObject({ series: entryKey, on: date }).exactOptional(),
});
/** One appointment at a wall-clock time of a zone; `patients` are identity file ids, empty for a blocked slot. */
export type Appointment = z.infer<typeof appointment>;

const series = z.strictObject({
  kind: z.literal("series"),
  ...slot,
  every: z.enum(["week", "two-weeks", "month"]),
  until: date.exactOptional(),
  count: z.int().min(1).max(1000).exactOptional(),
});
/** A recurring appointment; monthly means the same weekday of the month (the second Tuesday; a fifth becomes the last). */
export type Series = z.infer<typeof series>;

const exception = z.strictObject({
  kind: z.literal("exception"),
  series: entryKey,
  on: date,
  change: z.discriminatedUnion("is", [
    z.strictObject({ is: z.literal("cancelled"), late: z.boolean() }),
    z.strictObject({
      is: z.literal("moved"),
      start: localTime,
      minutes: z.int().min(1).max(MINUTES_MAX).exactOptional(),
      room: line.exactOptional(),
    }),
  ]),
});
/** One date of a series that is cancelled or moved. */
export type SeriesException = z.infer<typeof exception>;

const carried = z.strictObject({
  kind: z.literal("carried"),
  from: month.exactOptional(),
  to: month.exactOptional(),
});
/** That a month holds the series that touch it: the month they were carried from, and the one they were carried on to. */
export type Carried = z.infer<typeof carried>;
/** The key of `Carried`. */
export const CARRIED_KEY = "carried";

/** What a schedule holds under a key. */
export const scheduleValue = z.discriminatedUnion("kind", [
  appointment,
  series,
  exception,
  carried,
]);
/** What is held or left out: all that a schedule holds about people. */
export type PlannedValue = Appointment | Series | SeriesException;
/** What a schedule holds under a key. */
export type ScheduleValue = z.infer<typeof scheduleValue>;

/** Entries of a schedule file (one per site and month). */
export const scheduleBody = putRemoveOf(scheduleValue);
/** Entries of a schedule file. */
export type ScheduleBody = z.infer<typeof scheduleBody>;
