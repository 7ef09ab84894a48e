import { describe, expect, it } from "vitest";

import { groupsOf } from "../src/features/invoices/groups.ts";
import { centsOf, centsText, monthsBack } from "../src/features/invoices/period.ts";

describe("a sum that somebody types", () => {
  it.each([
    ["95", 9500],
    ["95,5", 9550],
    ["95.05", 9505],
    [" 1 200,00 € ", 120_000],
    ["0", 0],
  ])("is read in cents: %s", (text, cents) => {
    expect(centsOf(text)).toBe(cents);
  });

  it.each(["", "€", "-5", "95,555", "1e3", "12.345,00", "yhdeksän"])("is none: %s", (text) => {
    expect(centsOf(text)).toBeNull();
  });

  it("is typed again as it was read", () => {
    for (const cents of [0, 5, 50, 9505, 123_456]) expect(centsOf(centsText(cents))).toBe(cents);
  });
});

describe("the months that are looked back", () => {
  it.each([
    ["2026-11-21", 2, "2026-09-01"],
    ["2026-01-31", 1, "2025-12-01"],
    ["2024-03-31", 1, "2024-02-01"],
    ["2026-02-01", 12, "2025-02-01"],
  ])("begin on the first of a month: %s less %i", (day, months, from) => {
    expect(monthsBack(day, months)).toBe(from);
  });
});

describe("a number on a bill", () => {
  it("stands in groups: a reference from the right, an account from the left", () => {
    expect(groupsOf("2026000174", { size: 5, from: "right" })).toEqual(["20260", "00174"]);
    expect(groupsOf("123 4561", { size: 5, from: "right" })).toEqual(["12", "34561"]);
    expect(groupsOf("FI2112345600000785", { size: 4, from: "left" })).toEqual([
      "FI21",
      "1234",
      "5600",
      "0007",
      "85",
    ]);
  });
});
