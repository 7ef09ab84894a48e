import { describe, expect, it } from "vitest";

import { READ_WORD_MS, SCAN_WORD_MS, paceTable, readingMs, type Step } from "../pace.ts";

const step = (name: string, change: Partial<Step> = {}): Step => ({
  name,
  typing: 0,
  reading: 0,
  pointing: 0,
  whole: 0,
  ...change,
});

describe("the pace of a newcomer", () => {
  it("reads every line once, and an empty one never", () => {
    const seen = new Set<string>();
    expect(readingMs(["Found a practice", "", "  "], seen)).toBe(3 * SCAN_WORD_MS);
    expect(readingMs(["Found a practice", " Your   name "], seen)).toBe(2 * SCAN_WORD_MS);
    expect(readingMs(["Your   name"], seen)).toBe(0);
  });

  it("reads a sentence word by word, and looks through names", () => {
    const sentence = "A whole sentence is best. It never leaves this device.";
    expect(readingMs([sentence, "Retention"], new Set())).toBeCloseTo(
      10 * READ_WORD_MS + SCAN_WORD_MS,
    );
  });

  it("gives the machine what nobody did, and sums every column", () => {
    const steps = [
      step("found", { typing: 3_000, reading: 1_000, pointing: 500, whole: 6_000 }),
      step("sign", { pointing: 2_000, whole: 1_900 }),
    ];
    const rows = paceTable(steps)
      .split("\n")
      .map((line) => line.split(/\s{2,}/));
    expect(rows).toEqual([
      ["seconds", "typing", "reading", "pointing", "machine", "all"],
      ["found", "3.0", "1.0", "0.5", "1.5", "6.0"],
      ["sign", "0.0", "0.0", "2.0", "0.0", "1.9"],
      ["all of it", "3.0", "1.0", "2.5", "1.4", "7.9"],
    ]);
  });
});
