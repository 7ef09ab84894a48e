import { describe, expect, it } from "vitest";
import { DateColumn, readDate, readTime } from "../../src/index.ts";
import type { DateOrder, DateReading } from "../../src/index.ts";

const reading = (order: DateOrder | null, pivot: number | null = null): DateReading => ({
  order,
  pivot,
  zone: "Europe/Helsinki",
});
const column = (...texts: string[]): DateColumn => {
  const dates = new DateColumn();
  for (const text of texts) dates.add(text);
  return dates;
};
const told = { order: null, pivot: null, zone: "Europe/Helsinki" };

describe("readDate", () => {
  it.each([
    ["2024-02-01", { date: "2024-02-01" }],
    ["20240201", { date: "2024-02-01" }],
    ["2024/2/1", { date: "2024-02-01" }],
    ["1.2.2024", { date: "2024-02-01" }],
    ["to 1.2.2024", { date: "2024-02-01" }],
    ["1.2.2024 klo 14.30", { date: "2024-02-01", time: "14:30" }],
    ["01.02.2024 14:30:59", { date: "2024-02-01", time: "14:30" }],
    ["2024-02-01T14:30", { date: "2024-02-01", time: "14:30" }],
    ["2024-01-31T23:30:00.000Z", { date: "2024-02-01", time: "01:30" }],
    ["2024-02-01 14:30+01:00", { date: "2024-02-01", time: "15:30" }],
    ["0099-02-01 14:30+01:40", { date: "0099-02-01", time: "14:29" }],
    ["1.2.2024 2:30 PM", { date: "2024-02-01", time: "14:30" }],
  ])("reads %s", (text, expected) => {
    expect(readDate(text, reading(null))).toEqual(expected);
  });
  it.each([
    "30.2.2024",
    "1.2.",
    "yesterday",
    "1.2.2024 25:00",
    "2024-13-01",
    "45292",
    "",
    "1-2.2024",
    "2024-02-01 14:30+99:99",
    "2024-02-01 14:30 +24:00",
    "9999-12-31 23:00-23:00",
  ])("takes %j for no date", (text) => {
    expect(readDate(text, reading("dmy", 30))).toBeUndefined();
  });
  it("reads slashes in the order of their column, and not without one", () => {
    expect(readDate("1/2/2024", reading("dmy"))?.date).toBe("2024-02-01");
    expect(readDate("1/2/2024", reading("mdy"))?.date).toBe("2024-01-02");
    expect(readDate("1/2/2024", reading(null))).toBeUndefined();
    expect(readDate("3/3/2024", reading(null))?.date).toBe("2024-03-03");
  });
  it("reads years of two digits by the pivot, and not without one", () => {
    expect(readDate("1.2.30", reading(null, 30))?.date).toBe("2030-02-01");
    expect(readDate("1.2.31", reading(null, 30))?.date).toBe("1931-02-01");
    expect(readDate("1.2.30", reading(null))).toBeUndefined();
  });
  it("reads a time by itself", () => {
    expect(["14.30", "klo 9.05", "12:00 AM", "12 pm", "24:00"].map(readTime)).toEqual([
      "14:30",
      "09:05",
      "00:00",
      undefined,
      undefined,
    ]);
  });
});

describe("a column of dates", () => {
  it("is decided by the values that can be read in one way only", () => {
    expect(column("1/2/2024", "13/2/2024").decide("Date", told).order).toBe("dmy");
    expect(column("1/2/2024", "2/13/2024").decide("Date", told).order).toBe("mdy");
    expect(column("1.2.2024", "2024-02-01", "3/3/2024").decide("Date", told).order).toBeNull();
  });
  it("is refused by name when nothing decides, or both ways are needed, unless the order is told", () => {
    const refusal = { code: "date-order-unknown", field: "Date" };
    for (const dates of [column("1/2/2024", "3/4/2024"), column("13/2/2024", "2/13/2024")]) {
      expect(() => dates.decide("Date", told)).toThrow(expect.objectContaining(refusal));
      expect(dates.decide("Date", { ...told, order: "mdy" }).order).toBe("mdy");
    }
  });
  it("wants a pivot for years of two digits", () => {
    expect(() => column("1.2.24").decide("Date", told)).toThrow(
      expect.objectContaining({ code: "pivot-missing" }),
    );
    expect(column("1.2.24").decide("Date", { ...told, pivot: 30 }).pivot).toBe(30);
  });
});
