import { describe, expect, it } from "vitest";
import {
  agendaOf,
  bookingsOf,
  continueSeries,
  endSeries,
  hasDate,
  reaches,
} from "../../src/index.ts";
import type { Appointment, ScheduleValue, Series } from "../../src/index.ts";
import { ID, OTHER_ID } from "../records/bodies.ts";

const slot = { zone: "Europe/Helsinki", minutes: 45, therapist: ID, patients: [OTHER_ID] };
const weekly: Series = { kind: "series", ...slot, start: "2026-11-03T14:00", every: "week" };
const one = (fields: Partial<Appointment>): Appointment => ({
  kind: "appointment",
  ...slot,
  start: "2026-11-10T14:00",
  status: "booked",
  ...fields,
});
const month = { from: "2026-11-01", to: "2026-11-30" };
const held = (values: [string, ScheduleValue][], range = month) =>
  bookingsOf(new Map(values), range).map(({ start, status }) => `${start} ${status}`);

describe("bookingsOf", () => {
  it("puts an appointment in the place of the regular date that it names", () => {
    const missed = one({ status: "missed", of: { series: "s", on: "2026-11-10" } });
    expect(
      held([
        ["s", weekly],
        ["s/2026-11-10", missed],
      ]),
    ).toEqual([
      "2026-11-03T14:00 booked",
      "2026-11-10T14:00 missed",
      "2026-11-17T14:00 booked",
      "2026-11-24T14:00 booked",
    ]);
  });
  it("shows what was cancelled, and leaves it out of the agenda", () => {
    const values = new Map<string, ScheduleValue>([["a", one({ status: "cancelled-late" })]]);
    expect(bookingsOf(values, month)).toHaveLength(1);
    expect(agendaOf(values, month)).toEqual([]);
  });
  it("leaves a regular date out of its month when it was moved into another", () => {
    const moved: ScheduleValue = {
      kind: "exception",
      series: "s",
      on: "2026-11-24",
      change: { is: "moved", start: "2026-12-02T09:00" },
    };
    expect(
      held([
        ["s", weekly],
        ["x", moved],
      ]),
    ).toHaveLength(3);
  });
  it("says which series and which regular date a moved one belongs to", () => {
    const moved = one({ start: "2026-11-12T09:00", of: { series: "s", on: "2026-11-10" } });
    const [, second] = bookingsOf(
      new Map<string, ScheduleValue>([
        ["s", weekly],
        ["s/2", moved],
      ]),
      month,
    );
    expect(second).toMatchObject({ series: "s", date: "2026-11-10", start: "2026-11-12T09:00" });
  });
  it("ignores the mark of a carried month", () => {
    expect(held([["carried", { kind: "carried", from: "2026-10" }]])).toEqual([]);
  });
});

describe("a series that ends and goes on changed", () => {
  it("gives every date to one of the two and none to both", () => {
    for (const series of [weekly, { ...weekly, count: 6 }, { ...weekly, until: "2026-12-15" }]) {
      const all = held([["s", series]], { from: "2026-11-01", to: "2027-01-31" });
      const ended = endSeries(series, "2026-11-17");
      const rest = continueSeries(series, "2026-11-17", {});
      if (ended === null) throw new TypeError("nothing is left");
      const parts = held(
        [
          ["s", ended],
          ["t", rest],
        ],
        { from: "2026-11-01", to: "2027-01-31" },
      );
      expect(parts).toEqual(all);
    }
  });
  it("leaves nothing of a series that ends before it began", () => {
    expect(endSeries(weekly, "2026-11-03")).toBeNull();
  });
  it("knows whether a series reaches a month, by its end or its count", () => {
    expect(reaches(weekly, "2030-01-01")).toBe(true);
    expect(reaches({ ...weekly, until: "2026-11-24" }, "2026-11-25")).toBe(false);
    expect(reaches({ ...weekly, count: 4 }, "2026-11-24")).toBe(true);
    expect(reaches({ ...weekly, count: 4 }, "2026-11-25")).toBe(false);
    expect([hasDate(weekly, "2026-11-10"), hasDate(weekly, "2026-11-11")]).toEqual([true, false]);
  });
});
