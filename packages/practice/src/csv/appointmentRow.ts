import { withoutUndefined } from "../fhir/elements.ts";
import type { Appointment } from "../records/schedule.ts";
import type { CsvRow } from "./csvRow.ts";
import { readTime } from "./dates.ts";
import { readClock, readWord } from "./noteRow.ts";
import { readReference } from "./patientReference.ts";
import type { PatientReference } from "./patientReference.ts";
import { readMinutes, readStatus } from "./values.ts";

/** Minutes of an appointment whose length the source does not say. */
export const ASSUMED_MINUTES = 45;
const DAY_MINUTES = 1440;

/** An appointment as one row tells it: without the ids that it gets here. */
export interface AppointmentRow {
  reference: PatientReference;
  id: string | undefined;
  /** Names this content of one patient wherever the row stands. */
  contentHash: string;
  appointment: Omit<Appointment, "therapist" | "patients">;
}

/** Reads an appointment; undefined, with the issue, when it has no day and time. */
export function readAppointmentRow(row: CsvRow): AppointmentRow | undefined {
  const day = row.date("start");
  const time = readClock(row, "time") ?? day?.time;
  if (row.texts("start").length === 0) row.issue("start", "missing");
  else if (day !== undefined && time === undefined && row.texts("time").length === 0)
    row.issue("time", "missing");
  if (day === undefined || time === undefined) return undefined;
  const start = `${day.date}T${time}`;
  const appointment = withoutUndefined({
    kind: "appointment" as const,
    start,
    zone: row.table.zone,
    minutes: readLength(row, start),
    therapistName: row.line("therapist"),
    room: row.line("room"),
    remoteLink: readWord(row, "link", { read: toLink }),
    status: readWord(row, "status", { read: readStatus }) ?? ("booked" as const),
  });
  return {
    reference: readReference(row),
    id: row.line("id"),
    contentHash: row.table.sha256(JSON.stringify(appointment)),
    appointment,
  };
}

function readLength(row: CsvRow, start: string): number {
  const minutes = readWord(row, "minutes", { read: readMinutes, otherwise: "not-a-number" });
  if (minutes !== undefined && minutes > 0) return minutes;
  const [text] = row.texts("end");
  const clock = text === undefined ? undefined : readTime(text);
  const end = clock === undefined ? row.date("end") : { date: start.slice(0, 10), time: clock };
  const until = end?.time === undefined ? Number.NaN : wallMinutes(`${end.date}T${end.time}`);
  const length = until - wallMinutes(start);
  if (length > 0 && length <= DAY_MINUTES) return length;
  const { fields } = row.table;
  if (fields.includes("minutes") || fields.includes("end")) row.issue("minutes", "assumed");
  return ASSUMED_MINUTES;
}

function wallMinutes(local: string): number {
  return Date.parse(`${local}:00Z`) / 60_000;
}

function toLink(text: string): string | undefined {
  const plain = text.trim();
  return /^https:\/\/[a-z0-9.-]+(:\d{1,5})?([/?#][!-~]*)?$/i.test(plain) && plain.length <= 2000
    ? plain
    : undefined;
}
