import { describe, expect, it } from "vitest";

import { isDue, runSchedule } from "../../src/backup/backupSchedule.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2026-11-21T08:00:00Z");

/** A world whose time passes only while the schedule sleeps. */
class TestWorld {
  /** How far the clock on the wall is from the time that passed. */
  skewMs = 0;
  passedMs = 0;
  readonly made: number[] = [];
  readonly failures: unknown[] = [];
  newest: Date | null = null;
  fault: Error | null = null;

  now(): Date {
    return new Date(START + this.passedMs + this.skewMs);
  }

  async run(everyMs: number, forMs: number): Promise<void> {
    const until = this.passedMs + forMs;
    await runSchedule(
      {
        everyMs,
        newest: () => this.newest,
        backUp: async () => {
          if (this.fault !== null) throw this.fault;
          this.made.push(this.passedMs);
          this.newest = this.now();
        },
        failed: async (error) => {
          this.failures.push(error);
        },
      },
      {
        now: () => this.now(),
        monotonic: () => this.passedMs,
        isOver: () => this.passedMs >= until,
        sleep: async (ms) => {
          this.passedMs += ms;
        },
      },
    );
  }
}

describe("a schedule of backups", () => {
  it("makes one at the start when none is there, and then one in each interval", async () => {
    const world = new TestWorld();
    await world.run(DAY, 3 * DAY + HOUR);
    expect(world.made).toEqual([0, DAY, 2 * DAY, 3 * DAY]);
  });

  it("that is started again waits for the rest of the interval", async () => {
    const world = new TestWorld();
    world.newest = new Date(START - 20 * HOUR);
    await world.run(DAY, 5 * HOUR);
    expect(world.made).toEqual([4 * HOUR]);
  });

  it("is kept from nothing by a clock that is put back a year", async () => {
    const world = new TestWorld();
    await world.run(DAY, HOUR);
    world.skewMs = -365 * DAY;
    await world.run(DAY, 2 * DAY);
    // The second run is a new process: one at its start, since a newest one from the future says nothing.
    expect(world.made).toHaveLength(3);
    const running = new TestWorld();
    running.newest = new Date(START - DAY);
    const late = running.run(DAY, 3 * DAY);
    running.skewMs = -365 * DAY;
    await late;
    expect(running.made).toHaveLength(3);
  });

  it("makes one too many, and no more, when the clock leaps ahead", () => {
    const now = new Date(START + 365 * DAY);
    expect(isDue(DAY, { sinceOwnMs: HOUR, newest: new Date(START), now })).toBe(true);
    expect(isDue(DAY, { sinceOwnMs: HOUR, newest: now, now })).toBe(false);
    // Put right again.
    expect(isDue(DAY, { sinceOwnMs: 2 * HOUR, newest: now, now: new Date(START) })).toBe(false);
    expect(isDue(DAY, { sinceOwnMs: DAY, newest: now, now: new Date(START) })).toBe(true);
  });

  it("tries again a quarter of an hour after a failure, and goes on", async () => {
    const world = new TestWorld();
    world.fault = new Error("no room");
    await world.run(DAY, HOUR / 2);
    expect(world.failures).toHaveLength(2);
    expect(world.made).toEqual([]);
    world.fault = null;
    await world.run(DAY, HOUR);
    expect(world.made).toHaveLength(1);
  });
});
