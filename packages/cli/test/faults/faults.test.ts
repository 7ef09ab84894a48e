import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initSuite } from "@sinetti/core";
import { runFsck } from "@sinetti/drill";
import { FaultRun } from "../../src/faults/runFaults.ts";
import { findStores, ownMigrations } from "../../src/start/storeAddresses.ts";
import { withTemporarySystem } from "../../src/start/temporarySystem.ts";

test("services, databases and devices that are killed, paused and cut off at work lose, double and reorder nothing", async () => {
  await initSuite((length) => randomBytes(length));
  await withTemporarySystem("faults", async (system) => {
    const report = await new FaultRun({
      system,
      folder: join(system.data, "clients"),
      seconds: 10,
      seed: "short",
      clients: 2,
      onProgress: () => undefined,
      isStopped: () => false,
    }).run();
    expect(report.anomalies).toEqual([]);
    expect([report.stillWaiting, report.unknownReleases]).toEqual([0, 0]);
    expect(report.acknowledged).toBeGreaterThan(20);
    const { broken } = await runFsck({
      addresses: findStores(system.data),
      migrations: ownMigrations(),
      practice: null,
      threads: 0,
      secondLookSeconds: 5,
      onProgress: () => undefined,
    });
    expect(broken).toEqual([]);
  });
}, 120_000);
