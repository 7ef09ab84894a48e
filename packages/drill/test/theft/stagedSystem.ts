import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

import postgres from "postgres";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { startTestSystem } from "../../../../tools/testSystem.ts";
import { openFounder } from "../../src/synthetic/admitStaff.ts";
import { inventStaff, type PracticeWish } from "../../src/synthetic/caseload.ts";
import { withStage, type LiveSystem, type Stage } from "../../src/theft/live/stage.ts";
import { memoryDevices } from "../memoryWorld.ts";

const WISH: PracticeWish = {
  seed: "live",
  patients: 1,
  meanEntries: 5,
  until: "2026-10-30",
  patientsEach: 1,
  plant: [],
};

function migrationsOf(name: "vault" | "gate"): Map<string, string> {
  const folder = new URL(`../../../${name}/src/migrations/`, import.meta.url);
  const hashOf = (file: string): string =>
    createHash("sha256")
      .update(readFileSync(new URL(file, folder)))
      .digest("hex");
  return new Map(readdirSync(folder).map((file) => [file, hashOf(file)]));
}

/** A practice of its own with the people of a live theft; fsck runs in this thread. */
async function onStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  const system = await startTestSystem();
  const address = (name: "who" | "what" | "gate") =>
    databaseUrlToOptions(system.databases[name].superUrl);
  const open = (name: "who" | "what" | "gate"): postgres.Sql =>
    postgres({ ...address(name), max: 2, onnotice: () => undefined });
  const live: LiveSystem = {
    endpoints: system.endpoints,
    databases: { who: open("who"), what: open("what"), gate: open("gate") },
    addresses: { who: address("who"), what: address("what"), gate: address("gate") },
    migrations: {
      who: migrationsOf("vault"),
      what: migrationsOf("vault"),
      gate: migrationsOf("gate"),
    },
    checkThreads: 0,
    gateKeys: () => system.gateSeeds,
  };
  const openDevice = memoryDevices(system);
  try {
    const { founder } = inventStaff(WISH);
    const place = { endpoints: system.endpoints, installationCode: system.code() };
    await openFounder(openDevice(founder.device), place, { wish: WISH, founder });
    return await withStage(live, openDevice, work);
  } finally {
    await Promise.all(Object.values(live.databases).map((sql) => sql.end()));
    await system.stop();
  }
}

/** The same for a whole file of tests. */
export async function openStage(): Promise<{ stage: Stage; close: () => Promise<void> }> {
  const { promise: closing, resolve: close } = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<Stage>();
  const ended = onStage(async (stage) => {
    opened.resolve(stage);
    await closing;
  });
  ended.catch(opened.reject);
  return {
    stage: await opened.promise,
    close: () => {
      close();
      return ended;
    },
  };
}
