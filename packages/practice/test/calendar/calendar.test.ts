import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  NOBODY,
  addDays,
  agendaOf,
  expandSeries,
  findConflicts,
  instantToLocalTime,
  isZone,
  localTimeToInstant,
} from "../../src/index.ts";
import type { ScheduleValue, Series, SeriesException } from "../../src/index.ts";
import { ID, OTHER_ID } from "../records/bodies.ts";

const HELSINKI = "Europe/Helsinki";
const iso = (local: string, zone = HELSINKI) =>
  new Date(localTimeToInstant(local, zone)).toISOString();

describe("localTimeToInstant", () => {
  it("throws on an unknown zone and on what is no time", () => {
    expect(() => localTimeToInstant("2026-03-02T14:00", "Europe/Atlantis")).toThrow(RangeError);
    expect(() => localTimeToInstant("2026-13-02T14:00", HELSINKI)).toThrow(RangeError);
  });
  it("follows summer and winter time", () => {
    expect(iso("2026-03-02T14:00")).toBe("2026-03-02T12:00:00.000Z");
    expect(iso("2026-07-02T14:00")).toBe("2026-07-02T11:00:00.000Z");
  });
  it("moves a skipped time forward and takes the first of a repeated one", () => {
    expect(iso("2026-03-29T03:30")).toBe("2026-03-29T01:30:00.000Z");
    expect(instantToLocalTime(localTimeToInstant("2026-03-29T03:30", HELSINKI), HELSINKI)).toBe(
      "2026-03-29T04:30",
    );
    expect(iso("2026-10-25T03:30")).toBe("2026-10-25T00:30:00.000Z");
  });
  it("comes back to the same wall clock in any zone, but for skipped hours", () => {
    const minute = fc.date({
      min: new Date("2000-01-01"),
      max: new Date("2050-01-01"),
      noInvalidDate: true,
    });
    const zones = fc.constantFrom(
      HELSINKI,
      "America/St_Johns",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
      "Pacific/Kiritimati",
      "UTC",
    );
    fc.assert(
      fc.property(minute, zones, (date, zone) => {
        const local = instantToLocalTime(date.getTime(), zone);
        expect(instantToLocalTime(localTimeToInstant(local, zone), zone)).toBe(local);
      }),
    );
  });
});

describe("isZone", () => {
  it("knows real zones only", () => {
    expect([isZone(HELSINKI), isZone("Europe/Atlantis")]).toEqual([true, false]);
  });
});

const weekly: Series = {
  kind: "series",
  start: "2026-03-02T14:00",
  zone: HELSINKI,
  minutes: 45,
  therapist: ID,
  patients: [OTHER_ID],
  every: "week",
  room: "1",
};
const window = { key: "s", from: "2026-03-01", to: "2026-04-30" };
const datesOf = (series: Series, exceptions: SeriesException[] = [], options = window) =>
  expandSeries(series, exceptions, options).map(({ start }) => start);

describe("expandSeries", () => {
  it("keeps the wall clock over the change to summer time", () => {
    const all = expandSeries(weekly, [], window);
    expect(all.every(({ start }) => start.endsWith("T14:00"))).toBe(true);
    expect(all.map(({ startsAt }) => startsAt.slice(11, 16))).toEqual([
      "12:00",
      "12:00",
      "12:00",
      "12:00",
      "11:00",
      "11:00",
      "11:00",
      "11:00",
      "11:00",
    ]);
  });
  it("ends with until, both dates included, and with count", () => {
    expect(datesOf({ ...weekly, until: "2026-03-16" })).toEqual([
      "2026-03-02T14:00",
      "2026-03-09T14:00",
      "2026-03-16T14:00",
    ]);
    expect(datesOf({ ...weekly, count: 2 })).toHaveLength(2);
  });
  it("counts from the beginning of the series, not of the window", () => {
    expect(datesOf({ ...weekly, count: 2 }, [], { ...window, from: "2026-03-09" })).toEqual([
      "2026-03-09T14:00",
    ]);
  });
  it("skips every other week", () => {
    expect(datesOf({ ...weekly, every: "two-weeks", until: "2026-03-31" })).toEqual([
      "2026-03-02T14:00",
      "2026-03-16T14:00",
      "2026-03-30T14:00",
    ]);
  });
  it("keeps the weekday of the month, the last where there is no fifth", () => {
    const fifth: Series = { ...weekly, start: "2026-03-31T14:00", every: "month" };
    expect(datesOf(fifth, [], { key: "s", from: "2026-03-01", to: "2026-06-30" })).toEqual([
      "2026-03-31T14:00",
      "2026-04-28T14:00",
      "2026-05-26T14:00",
      "2026-06-30T14:00",
    ]);
  });
  it("leaves out a cancelled date and moves a moved one, also out of and into the window", () => {
    const cancelled: SeriesException = {
      kind: "exception",
      series: "s",
      on: "2026-03-09",
      change: { is: "cancelled", late: true },
    };
    const moved: SeriesException = {
      kind: "exception",
      series: "s",
      on: "2026-03-16",
      change: { is: "moved", start: "2026-03-18T10:00", minutes: 60, room: "2" },
    };
    const march = { ...window, to: "2026-03-20" };
    expect(datesOf(weekly, [cancelled, moved], march)).toEqual([
      "2026-03-02T14:00",
      "2026-03-18T10:00",
    ]);
    expect(expandSeries(weekly, [moved], march).at(-1)).toMatchObject({
      date: "2026-03-16",
      minutes: 60,
      room: "2",
    });
    expect(datesOf(weekly, [moved], { ...window, to: "2026-03-17" })).toEqual([
      "2026-03-02T14:00",
      "2026-03-09T14:00",
    ]);
    const early: SeriesException = {
      ...moved,
      on: "2026-04-06",
      change: { is: "moved", start: "2026-03-03T10:00" },
    };
    expect(datesOf(weekly, [early], { ...window, to: "2026-03-08" })).toEqual([
      "2026-03-02T14:00",
      "2026-03-03T10:00",
    ]);
  });
  it("ignores exceptions of another series", () => {
    const other: SeriesException = {
      kind: "exception",
      series: "t",
      on: "2026-03-02",
      change: { is: "cancelled", late: false },
    };
    expect(datesOf(weekly, [other])).toHaveLength(9);
  });
});

describe("agendaOf and findConflicts", () => {
  const single = (start: string, fields: object = {}): ScheduleValue => ({
    kind: "appointment",
    start,
    zone: HELSINKI,
    minutes: 45,
    therapist: ID,
    patients: [],
    status: "booked",
    ...fields,
  });
  const agenda = (values: [string, ScheduleValue][]) =>
    agendaOf(new Map(values), { from: "2026-03-01", to: "2026-03-31" });

  it("leaves out cancelled appointments and those outside the dates", () => {
    const found = agenda([
      ["a", single("2026-03-02T09:00")],
      ["b", single("2026-03-02T10:00", { status: "cancelled" })],
      ["c", single("2026-04-02T10:00")],
    ]);
    expect(found.map(({ key }) => key)).toEqual(["a"]);
  });
  it("finds a therapist, a room and a patient taken twice, in a series too", () => {
    const found = agenda([
      ["s", weekly],
      ["a", single("2026-03-09T14:30", { room: "1", patients: [OTHER_ID] })],
    ]);
    expect(findConflicts(found)).toMatchObject([
      { first: { key: "s" }, second: { key: "a" }, over: ["therapist", "room", "patient"] },
    ]);
  });
  it("lets one begin as the other ends, and strangers overlap", () => {
    const found = agenda([
      ["a", single("2026-03-02T09:00")],
      ["b", single("2026-03-02T09:45")],
      ["c", single("2026-03-02T09:15", { therapist: OTHER_ID })],
    ]);
    expect(findConflicts(found)).toEqual([]);
  });
  it("takes two therapists whom another system named for no one person", () => {
    const found = agenda([
      ["a", single("2026-03-02T09:00", { therapist: NOBODY, therapistName: "A" })],
      ["b", single("2026-03-02T09:15", { therapist: NOBODY, therapistName: "B" })],
    ]);
    expect(findConflicts(found)).toEqual([]);
  });
});

describe("addDays", () => {
  it("crosses months, years and leap days", () => {
    expect([addDays("2024-02-28", 1), addDays("2026-01-01", -1)]).toEqual([
      "2024-02-29",
      "2025-12-31",
    ]);
  });
});
