import { describe, expect, it } from "vitest";

import { IdleWatch } from "../src/app/idleWatch.ts";

const MINUTE = 60_000;
const LIMIT = { limitMs: 10 * MINUTE };
const TICK = 5_000;

/** Ticks as a page does, for so long; the time of the first lock, or null. */
function pass(watch: IdleWatch, from: number, ms: number, isRunning: boolean): number | null {
  for (let now = from; now <= from + ms; now += TICK)
    if (watch.tick(now, { ...LIMIT, isRunning })) return now;
  return null;
}

describe("the watch for signs of life", () => {
  it("locks after the time that was chosen, counted from the last sign", () => {
    const watch = new IdleWatch(0);
    expect(pass(watch, TICK, 9 * MINUTE, false)).toBeNull();
    watch.live(9 * MINUTE);
    expect(pass(watch, 9 * MINUTE, 30 * MINUTE, false)).toBe(19 * MINUTE);
  });

  it("holds off while something runs, and counts anew from its end", () => {
    const watch = new IdleWatch(0);
    expect(pass(watch, TICK, 60 * MINUTE, true)).toBeNull();
    expect(pass(watch, 60 * MINUTE + TICK, 30 * MINUTE, false)).toBe(70 * MINUTE + TICK);
  });

  it("locks a machine that slept, whatever was running on it", () => {
    const watch = new IdleWatch(0);
    expect(pass(watch, TICK, MINUTE, true)).toBeNull();
    expect(watch.tick(30 * MINUTE, { ...LIMIT, isRunning: true })).toBe(true);
  });

  it("does not take the slow ticks of a tab in the background for a sleep", () => {
    const watch = new IdleWatch(0);
    const short = { limitMs: MINUTE, isRunning: true };
    for (let now = 61_000; now < 10 * MINUTE; now += 61_000)
      expect(watch.tick(now, short)).toBe(false);
  });

  it("locks in the end though what runs never does", () => {
    const watch = new IdleWatch(0);
    const locked = pass(watch, TICK, 24 * 60 * MINUTE, true);
    expect(locked).toBe(8 * 60 * MINUTE + 10 * MINUTE - TICK);
  });
});
