import { expect, test } from "vitest";

import { drillApart } from "../../src/faults/drillApart.ts";

const SECONDS = 5;
/** Every kind comes in every run; with this seed all disks are full at once, and the gate starts on a wrong clock. */
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
  expect(acknowledged).toBeGreaterThan(0);
  expect(faults["jump clock of all"]).toBeGreaterThan(0);
  // A machine that lets nobody mount a disk fills none, and says so.
  expect((faults["fill disk"] ?? 0) > 0).toBe(notFilled === null);
}, 300_000);
