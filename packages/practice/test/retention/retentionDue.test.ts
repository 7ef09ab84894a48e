import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  RETENTION_CLASSES,
  addYears,
  findRetentionClass,
  retentionOf,
  type RetentionClass,
  type RetentionFacts,
} from "@sinetti/practice";

function classOf(id: string): RetentionClass {
  const found = findRetentionClass(id);
  if (found === undefined) throw new TypeError("no such class");
  return found;
}
const FI = classOf("fi-703-2023");
const DE = classOf("de-bgb-630f");
const GB = classOf("gb-advice");

function dueOf(facts: RetentionFacts, retentionClass: RetentionClass, today = "2026-11-21") {
  const told = retentionOf(facts, { retentionClass, holds: [], today });
  return told.ok ? told.value.due : told.reason;
}

const day = fc
  .date({ min: new Date("1905-01-01"), max: new Date("2025-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe("a class", () => {
  it("names its source and the day on which it was in force", () => {
    expect(new Set(RETENTION_CLASSES.map(({ id }) => id)).size).toBe(RETENTION_CLASSES.length);
    for (const { source, periods, basis } of RETENTION_CLASSES) {
      expect(source.title.length).toBeGreaterThan(10);
      expect(source.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(periods.length).toBeGreaterThan(0);
      expect(["law", "advice"]).toContain(basis);
    }
    expect(findRetentionClass("fi")).toBeUndefined();
  });
});

describe("in Finland", () => {
  it("is kept twelve years after death, else 120 after birth", () => {
    expect(dueOf({ born: "1980-05-04", died: "2010-03-01" }, FI)).toBe("2022-03-01");
    expect(dueOf({ born: "1980-05-04", careEnded: "2001-01-01" }, FI)).toBe("2100-05-04");
    expect(dueOf({ careEnded: "2001-01-01" }, FI)).toBe("birth-unknown");
  });
});

describe("in Germany", () => {
  it("is kept ten years after the end of treatment, and as long as it goes on", () => {
    expect(dueOf({ careEnded: "2016-11-21" }, DE)).toBe("2026-11-21");
    expect(dueOf({ born: "1980-05-04" }, DE)).toBe("care-goes-on");
    expect(dueOf({ died: "2015-01-31" }, DE)).toBe("2025-01-31");
  });
});

describe("by the advice in the United Kingdom", () => {
  it("is kept seven years, of a minor until seven years after the eighteenth birthday", () => {
    expect(dueOf({ born: "1980-05-04", careEnded: "2016-01-01" }, GB)).toBe("2023-01-01");
    expect(dueOf({ born: "2000-05-04", careEnded: "2016-01-01" }, GB)).toBe("2025-05-04");
    expect(dueOf({ born: "2000-05-04", careEnded: "2018-05-03" }, GB)).toBe("2025-05-04");
    expect(dueOf({ born: "2000-05-04", careEnded: "2018-05-04" }, GB)).toBe("2025-05-04");
    expect(dueOf({ born: "2000-05-04", careEnded: "2018-05-05" }, GB)).toBe("2025-05-05");
    expect(dueOf({ careEnded: "2016-01-01" }, GB)).toBe("birth-unknown");
  });

  it("never ends earlier for somebody who was younger", () => {
    fc.assert(
      fc.property(day, day, day, (a, b, careEnded) => {
        const [older, younger] = a < b ? [a, b] : [b, a];
        const first = dueOf({ born: older, careEnded }, GB);
        expect(dueOf({ born: younger, careEnded }, GB) >= first).toBe(true);
      }),
    );
  });
});

describe("years", () => {
  it("end on 1 March for who was born on 29 February, in a year without one", () => {
    expect(addYears("2000-02-29", 18)).toBe("2018-03-01");
    expect(addYears("2000-02-29", 12)).toBe("2012-02-29");
    expect(addYears("1980-02-29", 120)).toBe("2100-03-01");
  });

  it("are counted from the last day that a partial date can mean", () => {
    expect(addYears("2016", 10)).toBe("2026-12-31");
    expect(addYears("2016-02", 10)).toBe("2026-03-01");
    expect(addYears("2015-02", 10)).toBe("2025-02-28");
  });

  it("are never fewer than the days of as many years, and at most one day more than an anniversary", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 120 }), (from, years) => {
        const due = addYears(from, years);
        const anniversary = `${Number(from.slice(0, 4)) + years}${from.slice(4)}`;
        expect(due >= anniversary).toBe(true);
        const apart = Date.parse(due) - Date.parse(`${anniversary.slice(0, 8)}01`);
        expect(apart).toBeLessThanOrEqual(31 * 86_400_000);
      }),
    );
  });
});

describe("what a record is today", () => {
  it("is kept until the day, due from it on, and on hold while anything holds it", () => {
    fc.assert(
      fc.property(day, day, (careEnded, today) => {
        const holds = [{ until: "1900-01-01" }];
        const told = retentionOf({ careEnded }, { retentionClass: DE, holds, today });
        if (!told.ok) throw new TypeError("no day");
        expect(told.value.state).toBe(today < told.value.due ? "kept" : "due");
        const held = [{ until: null }];
        const again = retentionOf({ careEnded }, { retentionClass: DE, holds: held, today });
        if (!again.ok) throw new TypeError("no day");
        expect(again.value.state).toBe(today < again.value.due ? "kept" : "on-hold");
      }),
    );
  });

  it("is on hold until the day on which the hold ends, and not on it", () => {
    const state = (today: string) => {
      const holds = [{ until: "2026-11-23" }];
      const told = retentionOf({ careEnded: "2001" }, { retentionClass: DE, holds, today });
      return told.ok ? told.value.state : told.reason;
    };
    expect(state("2026-11-22")).toBe("on-hold");
    expect(state("2026-11-23")).toBe("due");
  });

  it("says what the day was counted from", () => {
    const told = retentionOf(
      { born: "2000-05-04", careEnded: "2016-01" },
      { retentionClass: GB, holds: [], today: "2026-11-21" },
    );
    expect(told).toEqual({
      ok: true,
      value: {
        due: "2025-05-04",
        state: "due",
        reason: { after: "care-end", from: "2016-01", years: 7, forMinor: true },
      },
    });
  });
});
