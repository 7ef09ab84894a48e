import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseId, type SiteId } from "@sinetti/core";
import {
  addPatient,
  bookAppointment,
  changeBooking,
  changeSeries,
  createSeries,
  openCalendar,
  openDirectory,
  openRoster,
  openTeam,
  removeBooking,
  sites,
  stopSeries,
  todayOf,
  type Booked,
  type Calendar,
  type Client,
} from "@sinetti/client";
import type { Booking } from "@sinetti/practice";
import { changeFolded } from "../src/records/folded.ts";
import { TestClock, startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

/** A Tuesday; noon in Helsinki. */
const NOW = Date.parse("2026-11-10T10:00:00Z") / 1000;
const DAY = 86_400;
const PLACE = { site: null, zone: "Europe/Helsinki" };

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;
let second: Awaited<ReturnType<typeof addMember>>;
let office: Awaited<ReturnType<typeof addMember>>;
let patient: string;

beforeAll(async () => {
  system = await startTestSystem(new TestClock(NOW));
  ({ client, world } = await foundPractice(system));
  second = await addMember(system, client, ["therapist"]);
  office = await addMember(system, client, ["office"]);
  const [site] = sites(await openDirectory(client.context));
  await openTeam(client.context, {
    kind: "office",
    site: parseId<SiteId>(site?.id ?? ""),
    members: [office.member],
  });
  ({ patient } = await addPatient(client, PERSON));
});
afterAll(() => system.stop());
beforeEach(() => {
  for (const each of [world, second.world, office.world]) each.requests.length = 0;
});

const slot = (
  start: string,
  fields: { therapist?: string; room?: string; patients?: string[] } = {},
) => ({
  start,
  zone: "Europe/Helsinki",
  minutes: 45,
  therapist: client.member as string,
  patients: [patient],
  ...fields,
});

function value<T>(booked: Booked<T>): T {
  if (!booked.ok) throw new TypeError(`conflict with ${booked.conflicts[0]?.first.start}`);
  return booked.value;
}

const startsOf = ({ bookings }: Calendar, key?: string): string[] =>
  bookings
    .filter((each) => key === undefined || each.key === key || each.series === key)
    .map(({ start, status }) => (status === "booked" ? start : `${start} ${status}`));

async function bookingOf(of: Client, start: string, key?: string): Promise<Booking> {
  const day = start.slice(0, 10);
  const { bookings } = await openCalendar(of, PLACE, { from: day, to: day });
  const found = bookings.find(
    (each) => each.start === start && (key === undefined || each.series === key),
  );
  if (found === undefined) throw new TypeError(`nothing at ${start}`);
  return found;
}

const releases = (of: TestDeviceWorld): number =>
  of.requests.filter((request) => request === "gate /v1/release").length;

describe("a calendar", () => {
  test("makes this month and the next, and every therapist and the office hold them", async () => {
    const calendar = await openCalendar(client, PLACE);
    expect(calendar).toMatchObject({
      today: "2026-11-10",
      from: "2026-11-01",
      to: "2026-12-31",
      bookings: [],
      closed: [],
    });
    value(await bookAppointment(client, PLACE, { appointment: slot("2026-11-10T15:00") }));
    for (const { client: other } of [second, office]) {
      await other.context.practice.sync(other.context.services);
      expect(startsOf(await openCalendar(other, PLACE))).toEqual(["2026-11-10T15:00"]);
    }
  });

  test("opens with one release for both months, and asks no gate again inside the lease", async () => {
    const cold = await restart(system, world);
    await openRoster(cold.context, true);
    await openDirectory(cold.context);
    world.requests.length = 0;
    await openCalendar(cold, PLACE);
    expect(releases(world)).toBe(1);
    world.requests.length = 0;
    await openCalendar(cold, PLACE);
    expect(releases(world)).toBe(0);
  });

  test("books with two appends, its own and the caseload’s, and says when therapist, room or patient is taken", async () => {
    const first = value(
      await bookAppointment(client, PLACE, {
        appointment: slot("2026-11-11T10:00", { room: "1" }),
      }),
    );
    const appends = world.requests.filter((request) => request === "who /v1/record/append");
    expect(appends.length).toBeLessThanOrEqual(2);
    const other = { therapist: second.member, patients: [], room: "1" };
    const clash = await bookAppointment(second.client, PLACE, {
      appointment: slot("2026-11-11T10:30", other),
    });
    expect(clash).toMatchObject({
      ok: false,
      conflicts: [{ first: { start: "2026-11-11T10:00" }, over: ["room"] }],
    });
    const earlier = await bookAppointment(second.client, PLACE, {
      appointment: slot("2026-11-11T09:30", other),
    });
    expect(earlier).toMatchObject({
      ok: false,
      conflicts: [{ first: { start: "2026-11-11T10:00" }, second: { start: "2026-11-11T09:30" } }],
    });
    const forced = await bookAppointment(second.client, PLACE, {
      appointment: slot("2026-11-11T10:30", other),
      isForced: true,
    });
    expect(forced.ok).toBe(true);
    expect(
      await changeBooking(client, PLACE, { booking: first, change: { start: "2026-11-10T15:15" } }),
    ).toMatchObject({
      ok: false,
      conflicts: [{ over: ["therapist", "patient"] }],
    });
    const { bookings } = await openCalendar(client, PLACE, { therapist: second.member });
    expect(bookings.map(({ start, patients }) => [start, patients])).toEqual([
      ["2026-11-11T10:30", []],
    ]);
  });

  test("moves into another month and back, and a cancelled one frees its place", async () => {
    const booked = value(
      await bookAppointment(client, PLACE, { appointment: slot("2026-11-12T10:00") }),
    );
    const moved = value(
      await changeBooking(client, PLACE, {
        booking: booked,
        change: { start: "2027-01-14T10:00", room: "2" },
      }),
    );
    const far = { from: "2026-11-12", to: "2027-01-31" };
    expect(startsOf(await openCalendar(client, PLACE, far), booked.key)).toEqual([
      "2027-01-14T10:00",
    ]);
    const back = value(
      await changeBooking(client, PLACE, {
        booking: moved,
        change: { start: "2026-11-12T10:00", room: null },
      }),
    );
    expect(back.room).toBeUndefined();
    await changeBooking(client, PLACE, { booking: back, change: { status: "cancelled-late" } });
    expect(startsOf(await openCalendar(client, PLACE, far), booked.key)).toEqual([
      "2026-11-12T10:00 cancelled-late",
    ]);
    value(await bookAppointment(client, PLACE, { appointment: slot("2026-11-12T10:00") }));
    await removeBooking(client, PLACE, back);
    expect(startsOf(await openCalendar(client, PLACE, far), booked.key)).toEqual([]);
    const again = changeBooking(client, PLACE, { booking: back, change: { status: "booked" } });
    await expect(again).rejects.toMatchObject({ code: "unknown-record" });
  });

  test("keeps what two devices write at once, and gives one place to one of them", async () => {
    await openCalendar(second.client, PLACE);
    const wishes = [
      bookAppointment(client, PLACE, { appointment: slot("2026-11-13T10:00", { room: "9" }) }),
      bookAppointment(second.client, PLACE, {
        appointment: slot("2026-11-13T10:00", {
          room: "9",
          therapist: second.member,
          patients: [],
        }),
      }),
      bookAppointment(second.client, PLACE, {
        appointment: slot("2026-11-13T12:00", { therapist: second.member, patients: [] }),
      }),
    ];
    const booked = await Promise.all(wishes);
    expect(booked.filter(({ ok }) => ok)).toHaveLength(2);
    expect(booked[2]?.ok).toBe(true);
    const { bookings } = await openCalendar(client, PLACE, {
      from: "2026-11-13",
      to: "2026-11-13",
    });
    expect(bookings.map(({ start }) => start)).toEqual(["2026-11-13T10:00", "2026-11-13T12:00"]);
  });

  test("gives one place to one of two bookings that this device makes at once", async () => {
    const wish = { appointment: slot("2026-11-14T10:00") };
    const booked = await Promise.all([
      bookAppointment(client, PLACE, wish),
      bookAppointment(client, PLACE, wish),
    ]);
    expect(booked.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("refuses to be written more than a year ahead, and to be read over more than fourteen months", async () => {
    const appointment = slot("2027-12-01T10:00");
    await expect(bookAppointment(client, PLACE, { appointment })).rejects.toMatchObject({
      code: "input-rejected",
    });
    const range = { from: "2026-01-01", to: "2027-12-31" };
    await expect(openCalendar(client, PLACE, range)).rejects.toMatchObject({
      code: "input-rejected",
    });
  });

  test("writes into the therapist's caseload when each patient comes next", async () => {
    const { values } = await openRoster(client.context, true);
    expect(values.get(patient)?.nextAppointment).toBe("2026-11-10T13:00:00.000Z");
  });

  test("of a second site is that site's alone, and its office team holds it", async () => {
    const directory = await openDirectory(client.context);
    const site = parseId<SiteId>("5e".repeat(16));
    const secondSite = {
      kind: "site" as const,
      id: site,
      name: "Second",
      lookupKey: "00".repeat(32),
    };
    const changes = [{ key: `site/${site}`, value: secondSite }];
    await changeFolded(client.context, directory, { compartment: "directory", changes });
    await openTeam(client.context, { kind: "office", site, members: [office.member] });
    const place = { ...PLACE, site };
    expect(await openCalendar(client, place)).toMatchObject({ site, bookings: [], closed: [] });
    await office.client.context.practice.sync(office.client.context.services);
    expect((await openCalendar(office.client, place)).closed).toEqual([]);
  });

  /** A site with a name of its own, and no office yet. */
  async function addSite(id: string): Promise<{ site: SiteId; zone: string }> {
    const directory = await openDirectory(client.context);
    const site = parseId<SiteId>(id.repeat(16));
    const named = { kind: "site" as const, id: site, name: id, lookupKey: "00".repeat(32) };
    const changes = [{ key: `site/${site}`, value: named }];
    await changeFolded(client.context, directory, { compartment: "directory", changes });
    return { ...PLACE, site };
  }

  async function openOffice(site: SiteId): Promise<void> {
    await openTeam(client.context, { kind: "office", site, members: [office.member] });
    for (const each of [office, second])
      await each.client.context.practice.sync(each.client.context.services);
  }

  test("that was made before the practice had an office is granted to it, by whoever may and looks at their day or the calendar", async () => {
    const place = await addSite("7a");
    await openCalendar(client, place);
    await openOffice(place.site);
    expect((await openCalendar(office.client, place)).closed).toEqual(["2026-11", "2026-12"]);
    await todayOf(client, place);
    expect((await openCalendar(office.client, place)).closed).toEqual(["2026-12"]);
    await openCalendar(client, place);
    expect((await openCalendar(office.client, place)).closed).toEqual([]);
  });

  test("that a therapist without any other role made before there was an office is granted to it by them", async () => {
    const place = await addSite("7b");
    await openCalendar(second.client, place);
    await openOffice(place.site);
    expect((await openCalendar(office.client, place)).closed).toEqual(["2026-11", "2026-12"]);
    await openCalendar(second.client, place);
    expect((await openCalendar(office.client, place)).closed).toEqual([]);
  });

  test("is granted to a therapist who comes later, by whoever may and opens it", async () => {
    const late = await addMember(system, client, ["therapist"]);
    expect((await openCalendar(late.client, PLACE)).closed).toEqual(["2026-11", "2026-12"]);
    await openCalendar(client, PLACE);
    const { closed, bookings } = await openCalendar(late.client, PLACE);
    expect([closed, bookings.length > 3]).toEqual([[], true]);
  });
});

describe("a series", () => {
  const weekly = (start: string, fields: object = {}) => ({
    ...slot(start, { patients: [] }),
    every: "week" as const,
    ...fields,
  });
  const all = { from: "2026-11-01", to: "2027-02-28" };

  test("stands in each month that it touches, is seen further ahead, and goes on into months that are made later", async () => {
    const { key } = value(
      await createSeries(client, PLACE, {
        series: weekly("2026-11-16T08:00", { until: "2027-02-08" }),
      }),
    );
    const dates = startsOf(await openCalendar(client, PLACE, all), key);
    expect(dates).toHaveLength(13);
    expect([dates[0], dates.at(-1)]).toEqual(["2026-11-16T08:00", "2027-02-08T08:00"]);
    // Marked far ahead: the months until there are made, and hold the series.
    const far = await bookingOf(client, "2027-02-01T08:00", key);
    value(await changeBooking(client, PLACE, { booking: far, change: { status: "cancelled" } }));
    expect(startsOf(await openCalendar(office.client, PLACE, all), key)).toEqual(
      dates.map((date) => (date === "2027-02-01T08:00" ? `${date} cancelled` : date)),
    );
    await stopSeries(client, PLACE, { key, scope: "all" });
    expect(startsOf(await openCalendar(client, PLACE, all), key)).toEqual([]);
  });

  test("has one date marked, one moved into the next month, and the others as they were", async () => {
    const { key } = value(
      await createSeries(client, PLACE, { series: weekly("2026-11-17T08:00", { count: 5 }) }),
    );
    const marked = await bookingOf(client, "2026-11-17T08:00", key);
    value(await changeBooking(client, PLACE, { booking: marked, change: { status: "missed" } }));
    const moved = await bookingOf(client, "2026-11-24T08:00", key);
    const there = value(
      await changeBooking(client, PLACE, { booking: moved, change: { start: "2026-12-03T09:00" } }),
    );
    const expected = [
      "2026-11-17T08:00 missed",
      "2026-12-01T08:00",
      "2026-12-03T09:00",
      "2026-12-08T08:00",
      "2026-12-15T08:00",
    ];
    expect(startsOf(await openCalendar(second.client, PLACE, all), key)).toEqual(expected);
    value(
      await changeBooking(client, PLACE, { booking: there, change: { start: "2026-11-25T09:00" } }),
    );
    expect(startsOf(await openCalendar(second.client, PLACE, all), key)).toContain(
      "2026-11-25T09:00",
    );
    await stopSeries(client, PLACE, { key, scope: "all" });
    // What became of a date stays told; what was only booked gives way.
    expect(
      startsOf(await openCalendar(client, PLACE, { from: "2026-11-17", to: "2026-12-31" })).filter(
        (start) => start.includes("T08:00"),
      ),
    ).toEqual(["2026-11-17T08:00 missed"]);
  });

  test("is split at a date: before it as it was, from it on changed, in every month", async () => {
    const { key } = value(
      await createSeries(client, PLACE, { series: weekly("2026-11-18T08:00") }),
    );
    const later = await bookingOf(client, "2026-12-16T08:00", key);
    value(
      await changeBooking(client, PLACE, { booking: later, change: { start: "2026-12-17T08:00" } }),
    );
    const changed = value(
      await changeSeries(client, PLACE, {
        key,
        scope: { from: "2026-11-25" },
        change: { start: "2026-11-26T09:00", minutes: 60 },
      }),
    );
    expect(changed.dropped.map(({ start }) => start)).toEqual(["2026-12-17T08:00"]);
    expect(changed.key).not.toBe(key);
    const calendar = await openCalendar(office.client, PLACE, {
      from: "2026-11-01",
      to: "2027-01-31",
    });
    expect(startsOf(calendar, key)).toEqual(["2026-11-18T08:00"]);
    expect(startsOf(calendar, changed.key).slice(0, 2)).toEqual([
      "2026-11-26T09:00",
      "2026-12-03T09:00",
    ]);
    expect(startsOf(calendar, changed.key).at(-1)).toBe("2027-01-28T09:00");
    const whole = value(
      await changeSeries(client, PLACE, { key: changed.key, scope: "all", change: { room: "5" } }),
    );
    expect(whole.key).toBe(changed.key);
    expect((await bookingOf(office.client, "2027-01-28T09:00")).room).toBe("5");
    await stopSeries(client, PLACE, { key: changed.key, scope: { from: "2026-12-10" } });
    expect(startsOf(await openCalendar(office.client, PLACE, all), changed.key)).toEqual([
      "2026-11-26T09:00",
      "2026-12-03T09:00",
    ]);
    const past = stopSeries(client, PLACE, { key: changed.key, scope: { from: "2026-11-05" } });
    await expect(past).rejects.toMatchObject({ code: "input-rejected" });
  });

  test("is refused where a date of it is taken", async () => {
    const clash = await createSeries(client, PLACE, {
      series: { ...weekly("2026-11-12T10:15"), every: "two-weeks", count: 2 },
    });
    expect(clash).toMatchObject({ ok: false, reason: "conflict" });
  });

  test("is carried by two devices at once when the month turns, with what one of them changes meanwhile", async () => {
    const { key } = value(
      await createSeries(client, PLACE, { series: weekly("2026-11-20T07:00") }),
    );
    system.clock.advance(85 * DAY);
    const fresh = await restart(system, world);
    await fresh.context.practice.sync(fresh.context.services);
    await Promise.all([
      openCalendar(fresh, PLACE),
      openCalendar(office.client, PLACE),
      changeSeries(fresh, PLACE, { key, scope: { from: "2027-02-12" }, change: { minutes: 30 } }),
    ]);
    const march = await openCalendar(office.client, PLACE, {
      from: "2027-03-01",
      to: "2027-03-31",
    });
    const inMarch = march.bookings.filter(({ start }) => start.endsWith("T07:00"));
    expect(inMarch.map(({ start, minutes }) => `${start} ${minutes}`)).toEqual([
      "2027-03-05T07:00 30",
      "2027-03-12T07:00 30",
      "2027-03-19T07:00 30",
      "2027-03-26T07:00 30",
    ]);
  });
});
