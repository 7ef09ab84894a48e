import { describe, expect, it } from "vitest";
import { bookingsOf, unfinishedSessions } from "../../src/index.ts";
import type { Appointment, ScheduleValue } from "../../src/index.ts";
import { ID, OTHER_ID } from "../records/bodies.ts";

const at = (start: string, status: Appointment["status"] = "booked"): ScheduleValue => ({
  kind: "appointment",
  start,
  zone: "Europe/Helsinki",
  minutes: 45,
  therapist: ID,
  patients: [OTHER_ID],
  status,
});
const bookings = (...values: ScheduleValue[]) =>
  bookingsOf(new Map(values.map((value, index) => [`a/${index}`, value])), {
    from: "2026-11-01",
    to: "2026-11-30",
  });
const options = { therapist: ID, now: "2026-11-20T13:00:00Z", today: "2026-11-20" };
const line = (noted: string[] = [], missing: string[] = []) => [
  { patient: OTHER_ID, noted, missing },
];

describe("unfinishedSessions", () => {
  it("names what is over and has no note, and when its five days have passed", () => {
    const found = unfinishedSessions(
      bookings(
        at("2026-11-14T10:00", "done"),
        at("2026-11-15T10:00"),
        at("2026-11-20T14:14"),
        at("2026-11-20T14:16"),
      ),
      line(),
      options,
    );
    expect(found.map(({ date, isOverdue }) => [date, isOverdue])).toEqual([
      ["2026-11-14", true],
      ["2026-11-15", false],
      ["2026-11-20", false],
    ]);
  });
  it("leaves out what has a note, was missed or cancelled, or is another's", () => {
    const values = [
      at("2026-11-10T10:00"),
      at("2026-11-11T10:00", "missed"),
      at("2026-11-12T10:00", "cancelled-late"),
    ];
    expect(unfinishedSessions(bookings(...values), line(["2026-11-10"]), options)).toEqual([]);
    expect(
      unfinishedSessions(bookings(at("2026-11-11T10:00")), line(), {
        ...options,
        therapist: OTHER_ID,
      }),
    ).toEqual([]);
  });
  it("keeps days that the caseload knows from a month that is not open", () => {
    const found = unfinishedSessions([], line([], ["2026-10-30"]), options);
    expect(found).toMatchObject([{ date: "2026-10-30", isOverdue: true }]);
    expect(unfinishedSessions([], line(["2026-10-30"], ["2026-10-30"]), options)).toEqual([]);
  });
});
