import { expect, test } from "vitest";

import { drillApart } from "../../src/faults/drillApart.ts";

const SECONDS = 14;
/** Has a full disk and both kinds of jumps among its first faults. */
const SEED = "short 106492";

test("killed, paused, cut off, without room and on wrong clocks, services, databases and devices lose, double and reorder nothing", async () => {
  const outcome = await drillApart({
    seconds: SECONDS,
    seed: SEED,
    clients: 2,
    onProgress: () => undefined,
    isStopped: () => false,
  });
  const { faults, notFilled, acknowledged } = outcome;
  expect(outcome).toMatchObject({ anomalies: [], broken: [], wrongBudgets: [] });
  expect(outcome).toMatchObject({ stillWaiting: 0, unknownReleases: 0 });
  expect(acknowledged).toBeGreaterThan(20);
  expect(faults["jump clock of all"]).toBeGreaterThan(0);
  // A machine that lets nobody mount a disk fills none, and says so.
  expect((faults["fill disk"] ?? 0) > 0).toBe(notFilled === null);
}, 120_000);
