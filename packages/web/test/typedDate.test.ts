import { describe, expect, it } from "vitest";

import { readDate, showDate } from "../src/app/typedDate.ts";

describe("a typed date", () => {
  it.each([
    ["7.11.2026", "2026-11-07"],
    ["07.11.2026", "2026-11-07"],
    [" 7. 11. 2026 ", "2026-11-07"],
    ["7/11/2026", "2026-11-07"],
    ["2026-11-07", "2026-11-07"],
    ["29.2.2028", "2028-02-29"],
  ])("%j is read day first, or as ISO has it", (typed, date) => {
    expect(readDate(typed)).toBe(date);
  });

  it.each([
    "",
    "7.11.",
    "7.11.26",
    "31.2.2026",
    "2026-13-01",
    "11.13.2026",
    "tomorrow",
    "0.1.2026",
  ])("%j is none", (typed) => {
    expect(readDate(typed)).toBeNull();
  });

  it("is shown as it is typed, and read again the same", () => {
    expect(showDate("2026-11-07")).toBe("7.11.2026");
    expect(readDate(showDate("2026-11-07"))).toBe("2026-11-07");
    expect(showDate("")).toBe("");
  });
});
