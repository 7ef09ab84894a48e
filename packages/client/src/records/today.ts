import {
  addDays,
  instantToLocalTime,
  takesTime,
  unfinishedSessions,
  type Booking,
  type RosterValue,
  type UnfinishedSession,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { openFiles } from "../openFiles.ts";
import { authorTime } from "./body.ts";
import { openCalendar, type Calendar } from "./calendar.ts";
import { carryTo } from "./carrySeries.ts";
import { openDirectory, type Directory } from "./directory.ts";
import { foldOpened } from "./folded.ts";
import { monthAfter, monthOf, monthsBetween } from "./months.ts";
import { findOwnFile } from "./practiceFiles.ts";
import { openRoster, type Roster } from "./roster.ts";
import { rememberUnfinished, withNames } from "./rosterDays.ts";
import { ScheduleBook, type CalendarPlace } from "./scheduleBook.ts";
import { shareSchedules } from "./shareLate.ts";

/** Days that Today looks ahead, and days before it for sessions without a note. */
const NEAR_DAYS = 6;
const SEEN = "today/seen";

/** Somebody of the caseload. */
interface Named {
  readonly patient: string;
  readonly name: string;
}

/** The last result of a measure, with an answer that somebody has to look at. */
export type Alert = Named & RosterValue["lastMeasures"][number];

/** What a therapist needs to know today. */
export interface Today {
  readonly today: string;
  /** The therapist's own, by the names of the caseload. */
  readonly appointments: readonly Booking[];
  readonly unfinished: readonly (UnfinishedSession & Named)[];
  /** Last measures that alert, seen or not, until risk was assessed after them. */
  readonly alerts: readonly Alert[];
  /** Those after which it was. */
  readonly answered: readonly Alert[];
  readonly reviews: readonly (Named & { readonly due: string; readonly isOverdue: boolean })[];
  /** Days to come that have appointments: how many, and the first. */
  readonly nextDays: readonly {
    readonly date: string;
    readonly count: number;
    readonly first: string;
  }[];
}

/** A site's day, as the office sees it. */
export interface SiteDay extends Pick<Calendar, "site" | "today" | "closed"> {
  readonly day: string;
  readonly bookings: readonly Booking[];
}

/**
 * What a therapist needs to know today, from four files whatever the caseload: directory, caseload, and two months of the schedule.
 * No patient's record is opened for it. Error: `refused` for who is no therapist.
 */
export async function todayOf(client: Client, place: CalendarPlace): Promise<Today> {
  if (!client.roles.includes("therapist"))
    throw new ClientError("refused", { detail: "only a therapist has a caseload" });
  const { directory, roster } = await openOwn(client);
  const book = await ScheduleBook.of(client, place, directory);
  const { today } = book;
  const months = await monthsOf(client, today);
  await book.open(months);
  await carryTo(book, months.at(-1) ?? monthOf(today));
  await shareSchedules(book);
  const own = book
    .bookings(`${months[0]}-01`, addDays(today, NEAR_DAYS))
    .filter(({ therapist }) => therapist === client.member);
  const unfinished = unfinishedSessions(own, notedOf(roster), {
    therapist: client.member,
    now: authorTime(client.context),
    today,
  });
  await rememberUnfinished(client, roster, unfinished);
  await client.context.device.write([
    client.context.device.seal(SEEN, new TextEncoder().encode(today)),
  ]);
  return {
    today,
    appointments: withNames(own, roster).filter(({ start }) => start.startsWith(today)),
    unfinished: unfinished.map((each) => ({
      ...each,
      name: roster.values.get(each.patient)?.name ?? "",
    })),
    ...rosterDues(roster, today),
    nextDays: nextDays(own, today),
  };
}

/** Directory and caseload with one request to the gate. */
async function openOwn(client: Client): Promise<{ directory: Directory; roster: Roster }> {
  const { context } = client;
  const refs = [await findOwnFile(context, "directory"), await findOwnFile(context, "roster")];
  const known = refs.filter((ref) => ref !== null);
  if (known.length === refs.length) {
    const [first, second] = await openFiles(context, known, { purpose: "scheduling" });
    if (first?.file && second?.file)
      return {
        directory: foldOpened(context, first.file, "directory"),
        roster: foldOpened(context, second.file, "roster"),
      };
  }
  return { directory: await openDirectory(context), roster: await openRoster(context, true) };
}

/**
 * The months that the last and the next days lie in, two at most. After a pause over the end of a month, the one before instead of
 * the next: what was held there and has no note would not be known otherwise.
 */
async function monthsOf({ context }: Client, today: string): Promise<string[]> {
  const seen = await context.device.read(SEEN);
  const current = monthOf(today);
  const isBack = seen !== null && monthOf(new TextDecoder().decode(seen)) < current;
  if (isBack) return [monthAfter(current, -1), current];
  return monthsBetween(addDays(today, -NEAR_DAYS), addDays(today, NEAR_DAYS));
}

function notedOf({ values }: Roster): Parameters<typeof unfinishedSessions>[1] {
  return [...values.values()].map(({ patient, noted, unfinishedNotes }) => ({
    patient,
    noted: noted ?? [],
    missing: unfinishedNotes.map(({ sessionDate }) => sessionDate),
  }));
}

function rosterDues(
  { values }: Roster,
  today: string,
): Pick<Today, "alerts" | "answered" | "reviews"> {
  const lines = [...values.values()].filter(({ ended }) => ended === undefined);
  const near = addDays(today, NEAR_DAYS);
  const alerting = lines
    .flatMap(({ patient, name, lastMeasures }) =>
      lastMeasures
        .filter(({ alerts }) => alerts.length > 0)
        .map((measure) => ({ patient, name, ...measure })),
    )
    .sort((a, b) => b.date.localeCompare(a.date));
  return {
    alerts: alerting.filter(({ assessed }) => assessed === undefined),
    answered: alerting.filter(({ assessed }) => assessed !== undefined),
    reviews: lines
      .flatMap(({ patient, name, reviewDue: due }) =>
        due === undefined || due > near ? [] : [{ patient, name, due, isOverdue: due < today }],
      )
      .sort((a, b) => a.due.localeCompare(b.due)),
  };
}

function nextDays(bookings: readonly Booking[], today: string): Today["nextDays"] {
  const coming = bookings.filter(
    (booking) =>
      takesTime(booking) && booking.patients.length > 0 && booking.start.slice(0, 10) > today,
  );
  return [...Map.groupBy(coming, ({ start }) => start.slice(0, 10))].map(([date, list]) => ({
    date,
    count: list.length,
    first: list[0]?.start ?? date,
  }));
}

/** A site's day as the office sees it: everybody's appointments by their short names, and no list of patients. */
export async function siteDay(
  client: Client,
  place: CalendarPlace,
  { day }: { day?: string } = {},
): Promise<SiteDay> {
  const now = client.context.world.clock.now() * 1000;
  const on = day ?? instantToLocalTime(now, place.zone).slice(0, 10);
  const { site, today, closed, bookings } = await openCalendar(client, place, { from: on, to: on });
  return { site, today, closed, day: on, bookings };
}
