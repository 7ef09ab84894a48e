import { addDays, type Booking, type RosterValue } from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { KnownFile } from "../fileCache.ts";
import { findInRoster, openRoster, putPatients, type Roster } from "./roster.ts";
import { lastOf, monthAfter, monthOf } from "./months.ts";
import type { ScheduleBook } from "./scheduleBook.ts";

/** Days for which the caseload remembers that a session has its note. */
const NOTED_DAYS = 62;

/**
 * Writes into a therapist's own caseload when each patient comes next, as far as this month and the next say; one append, and only
 * where something is new. `patients` names those whose appointments were changed; all of the caseload when left out.
 */
export async function refreshNextAppointments(
  client: Client,
  book: ScheduleBook,
  patients?: readonly string[],
): Promise<void> {
  if (!client.roles.includes("therapist")) return;
  const roster = await openRoster(client.context, true);
  const now = client.context.world.clock.now() * 1000;
  const next = nextByPatient(book, now);
  const lines = (patients ?? [...roster.values.keys()]).flatMap((patient): RosterValue[] => {
    const line = roster.values.get(patient);
    if (line === undefined) return [];
    const { nextAppointment: before, ...rest } = line;
    const at = next.get(patient);
    if (at === before) return [];
    return [at === undefined ? rest : { ...rest, nextAppointment: at }];
  });
  if (lines.length > 0) await putPatients(client.context, roster, lines);
}

function nextByPatient(book: ScheduleBook, now: number): Map<string, string> {
  const next = new Map<string, string>();
  const to = lastOf(monthAfter(monthOf(book.today)));
  for (const { status, startsAt, patients } of book.bookings(book.today, to)) {
    if (status !== "booked" || Date.parse(startsAt) < now) continue;
    for (const patient of patients)
      if (startsAt < (next.get(patient) ?? "~")) next.set(patient, startsAt);
  }
  return next;
}

/** Writes into the caseload that a session has its signed note; a patient of somebody else's is left alone. */
export async function rememberNoted(
  client: Client,
  care: Pick<KnownFile, "file">,
  sessionDate: string,
): Promise<void> {
  if (!client.roles.includes("therapist")) return;
  const roster = await openRoster(client.context, true);
  const line = findInRoster(roster, care.file);
  if (line === null || line.noted?.includes(sessionDate) === true) return;
  const oldest = addDays(sessionDate, -NOTED_DAYS);
  const noted = [...(line.noted ?? []).filter((day) => day >= oldest), sessionDate].sort();
  const unfinishedNotes = line.unfinishedNotes.filter((each) => each.sessionDate !== sessionDate);
  await putPatients(client.context, roster, [{ ...line, noted, unfinishedNotes }]);
}

/** Keeps in the caseload which sessions have no note, so that they are known when their month is no longer opened; one append, if any is new. */
export async function rememberUnfinished(
  client: Client,
  roster: Roster,
  sessions: readonly { patient: string; date: string }[],
): Promise<void> {
  const byPatient = Map.groupBy(sessions, ({ patient }) => patient);
  const lines = [...byPatient].flatMap(([patient, missing]): RosterValue[] => {
    const line = roster.values.get(patient);
    const known = new Set(line?.unfinishedNotes.map(({ sessionDate }) => sessionDate));
    const added = missing.filter(({ date }) => !known.has(date));
    if (line === undefined || added.length === 0) return [];
    const dates = added.map(({ date }) => ({ sessionDate: date }));
    return [{ ...line, unfinishedNotes: [...line.unfinishedNotes, ...dates] }];
  });
  if (lines.length > 0) await putPatients(client.context, roster, lines);
}

/** Bookings whose patients are shown by the names of the caseload; what the schedule calls them stays where the caseload knows nobody. */
export function withNames(bookings: readonly Booking[], { values }: Roster): Booking[] {
  return bookings.map((booking) => {
    const names = booking.patients.flatMap((patient) => values.get(patient)?.name ?? []);
    return names.length === 0 || names.length < booking.patients.length
      ? booking
      : { ...booking, shortName: names.join(", ") };
  });
}
