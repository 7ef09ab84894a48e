import { describe, expect, it } from "vitest";
import { dueOn } from "../../src/index.ts";

describe("the day on which a copy is due", () => {
  it.each([
    ["2026-01-15", "2026-02-15"],
    ["2026-01-31", "2026-02-28"],
    ["2028-01-31", "2028-02-29"],
    ["2026-12-31", "2027-01-31"],
    ["2026-11-30", "2026-12-30"],
  ])("of %s is %s: a month later, or the month's last", (asked, due) => {
    expect(dueOn(asked)).toBe(due);
  });
});
