import i18next from "i18next";
import { describe, expect, it } from "vitest";

import {
  sayBirthDate,
  sayClock,
  sayDate,
  sayDay,
  sayInstant,
  sayWholeDate,
} from "../src/app/dates.ts";

const today = new Date("2026-11-21T10:00:00Z");

describe("dates", () => {
  it("are said as people say them, with the year only where it is another one", () => {
    expect(sayDate("2026-11-17", today)).toBe("Tue 17 Nov");
    expect(sayDate("2027-02-15", today)).toBe("Mon 15 Feb 2027");
    expect(sayWholeDate("2026-11-17")).toBe("Tuesday 17 November");
  });

  it("beside today have a name", () => {
    expect(["2026-11-20", "2026-11-21", "2026-11-22"].map((day) => sayDay(day, today))).toEqual([
      "yesterday",
      "today",
      "tomorrow",
    ]);
    expect(sayDay("2026-11-19", today)).toBe("Thu 19 Nov");
    expect(sayDay("2026-11-23", today)).toBe("Mon 23 Nov");
  });

  it("count by the clock of the practice: late in the evening elsewhere it is tomorrow there", () => {
    expect(sayInstant("2026-11-21T22:30:00Z", today)).toBe("tomorrow 00:30");
    expect(sayInstant("2026-11-21T12:00:00Z", today)).toBe("today 14:00");
  });

  it("have a time of day as the reader's language writes it", async () => {
    expect(sayClock("2026-11-21T09:05")).toBe("09:05");
    await i18next.init({ lng: "fi", resources: {} });
    expect(sayClock("14:00")).toBe("14.00");
    await i18next.changeLanguage("en");
  });

  it("of birth have no day of the week, and stay as they are where only a part is known", () => {
    expect(sayBirthDate("1943-09-15")).toBe("15 Sept 1943");
    expect(sayBirthDate("1943-09")).toBe("1943-09");
  });
});
