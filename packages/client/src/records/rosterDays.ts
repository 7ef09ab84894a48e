import { LIMITS } from "@sinetti/core";
import { addDays, type Booking, type RosterValue } from "@sinetti/practice";
import { changeRosterLine } from "../chart/leased.ts";
import type { Client } from "../client.ts";
import { isRefusal } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { changeManyFolded } from "./folded.ts";
import { openRoster, type Roster } from "./roster.ts";
import { lastOf, monthAfter, monthOf } from "./months.ts";
import type { ScheduleBook } from "./scheduleBook.ts";

/** Days for which the caseload remembers that a session has its note. */
const NOTED_DAYS = 62;
const TRIES = 8;

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
  const now = client.context.world.clock.now() * 1000;
  const next = nextByPatient(book, now);
  await changeLines(client, await openRoster(client.context, true), ({ values }) =>
    (patients ?? [...values.keys()]).flatMap((patient): RosterValue[] => {
      const line = values.get(patient);
      if (line === undefined) return [];
      const { nextAppointment: before, ...rest } = line;
      const at = next.get(patient);
      if (at === before) return [];
      return [at === undefined ? rest : { ...rest, nextAppointment: at }];
    }),
  );
}

/** Writes lines in appends of their own bound, each decided on what stands there, so that two devices never undo each other. */
async function changeLines(
  { context }: Client,
  opened: Roster,
  decide: (roster: Roster) => readonly RosterValue[],
): Promise<void> {
  let roster = opened;
  for (let tries = 0; ;) {
    const lines = decide(roster).slice(0, LIMITS.entriesPerAppend);
    if (lines.length === 0) return;
    const changes = lines.map((value) => ({ key: value.patient, value }));
    try {
      await changeManyFolded(context, [{ folded: roster, changes }], {
        compartment: "roster",
        isExact: true,
      });
    } catch (error) {
      if (!isRefusal(error, "conflict", "broken-chain") || ++tries >= TRIES) throw error;
      roster = await openRoster(context, true);
    }
  }
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
  await changeRosterLine(client, care.file, (line) => withNoted(line, sessionDate));
}

/** A line of the caseload, once a session has its signed note. */
export function withNoted(line: RosterValue, sessionDate: string): RosterValue {
  const oldest = addDays(sessionDate, -NOTED_DAYS);
  const days = (line.noted ?? []).filter((day) => day >= oldest);
  const unfinishedNotes = line.unfinishedNotes.filter(
    (each) => each.draft !== undefined || each.sessionDate !== sessionDate,
  );
  return { ...line, noted: [...new Set([...days, sessionDate])].sort(), unfinishedNotes };
}

/** Keeps in the caseload which sessions have no note, so that they are known when their month is no longer opened; one append, if any is new. */
export async function rememberUnfinished(
  client: Client,
  roster: Roster,
  sessions: readonly { patient: string; date: string }[],
): Promise<void> {
  const byPatient = Map.groupBy(sessions, ({ patient }) => patient);
  await changeLines(client, roster, ({ values }) =>
    [...byPatient].flatMap(([patient, missing]): RosterValue[] => {
      const line = values.get(patient);
      const known = new Set(line?.unfinishedNotes.map(({ sessionDate }) => sessionDate));
      for (const day of line?.noted ?? []) known.add(day);
      const added = missing.filter(({ date }) => !known.has(date));
      if (line === undefined || added.length === 0) return [];
      const dates = added.map(({ date }) => ({ sessionDate: date }));
      return [{ ...line, unfinishedNotes: [...line.unfinishedNotes, ...dates] }];
    }),
  );
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
