import { Gauge, Registry } from "prom-client";

import type { BackupAges } from "../backup/backupAges.ts";

const SECOND_MS = 1000;

/** Seconds since 1970; 0 for what never was, which is old enough for every alert. */
function timeOf(iso: string | null): number {
  return iso === null ? 0 : Date.parse(iso) / SECOND_MS;
}

interface Reading {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

function registryOf(readings: readonly Reading[]): Registry {
  const registry = new Registry();
  for (const { name, help, value } of readings)
    new Gauge({ name, help, registers: [registry] }).set(value);
  return registry;
}

/** What a data folder remembers of its backups, as numbers. */
export function backupMetrics({ last, everySeconds, failed, gateKeys }: BackupAges): Registry {
  return registryOf([
    {
      name: "sinetti_backup_made_timestamp_seconds",
      help: "When the newest backup was made; 0: never",
      value: timeOf(last),
    },
    {
      name: "sinetti_backup_every_seconds",
      help: "How often a schedule makes one; 0: there is no schedule",
      value: everySeconds ?? 0,
    },
    {
      name: "sinetti_backup_failed",
      help: "1 when the last attempt failed",
      value: failed === null ? 0 : 1,
    },
    {
      name: "sinetti_gate_keys_written_timestamp_seconds",
      help: "When the gate's keys were last written out; 0: never",
      value: timeOf(gateKeys),
    },
  ]);
}

/** What a verification found, as numbers of the machine that did it. */
export function verifiedMetrics({ made, isSound }: { made: string; isSound: boolean }): Registry {
  return registryOf([
    {
      name: "sinetti_backup_verified_timestamp_seconds",
      help: "When the backup was made that was last restored and verified",
      value: timeOf(made),
    },
    {
      name: "sinetti_backup_broken",
      help: "1 when the last verification found something broken",
      value: isSound ? 0 : 1,
    },
  ]);
}
