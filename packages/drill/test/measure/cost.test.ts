import { describe, expect, it } from "vitest";

import { compareCost, costOfFill, costRows, type PlainCost } from "../../src/measure/cost.ts";
import type { Sizes } from "../../src/measure/sizes.ts";

const PHASES = { staffSeconds: 10, recordsSeconds: 100, booksSeconds: 20 };
const PEAKS = [{ process: "who service", peakBytes: 300e6, ownBytes: 250e6 }];
const CPU = [
  { process: "client", seconds: 90 },
  { process: "who service", seconds: 20 },
];
const PLAIN: PlainCost = { rows: 5000, bytes: 7e6, seconds: 5, cpuSeconds: 4 };
const SIZES: Sizes = {
  sealed: { who: 30e6, what: 50e6, gate: 20e6 },
  plain: { who: 15e6, what: 25e6 },
};
const REST = { sizes: SIZES, drillPeakBytes: 700e6 };

/** Two writers who worked side by side through 100 seconds, a quarter of the time inventing. */
const fill = costOfFill(
  {
    phases: PHASES,
    entries: 2600,
    effort: { seconds: 200, inventSeconds: 50, inventCpuSeconds: 30, heapBytes: 90e6 },
  },
  { peaks: PEAKS, cpu: CPU },
);

describe("what a fill takes", () => {
  it("counts as invented the share of the seconds that its writers spent so, however many they were", () => {
    expect(fill.inventSeconds).toBe(25);
    expect(fill.seconds).toBe(130);
    expect(fill.entriesPerSecond).toBe(20);
  });

  it("is set against plain inserts whole, and without staff and inventing", () => {
    const { timesPlain, timesPlainWriting } = compareCost(fill, PLAIN, REST);
    expect(timesPlain).toBe(26);
    expect(timesPlainWriting).toBe(19);
  });

  it("is set against them by processor time of all processes, without inventing", () => {
    expect(compareCost(fill, PLAIN, REST).timesPlainCpu).toBe(20);
  });

  it("is told with every process and every database", () => {
    const rows = new Map(
      costRows(compareCost(fill, PLAIN, REST)).map(([what = "", measured = ""]) => [
        what,
        measured,
      ]),
    );
    expect(rows.get("peak memory, who service")).toBe("300 MB, own 250 MB");
    expect(rows.get("peak memory, the drill itself until its end")).toBe("700 MB");
    expect(rows.get("peak memory, heaviest writing thread")).toBe("90 MB");
    expect(rows.get("processor time, client")).toBe("90 s, of it inventing 30 s");
    expect(rows.get("database, vault what")).toBe("50 MB, plain 25 MB");
    expect(rows.get("all three against plain")).toBe("2.5 times; the vaults alone 2.0");
  });

  it("is nothing where an earlier run has written everything", () => {
    const effort = { seconds: 0, inventSeconds: 0, inventCpuSeconds: 0, heapBytes: 0 };
    const again = costOfFill({ phases: PHASES, entries: 0, effort }, { peaks: [], cpu: [] });
    expect(again.inventSeconds).toBe(0);
    expect(again.entriesPerSecond).toBe(0);
  });
});
