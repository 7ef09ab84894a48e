import { availableParallelism } from "node:os";
import { join } from "node:path";

import { descendantsOf, type PidsByName, type RobbedSystem } from "@sinetti/drill";
import postgres from "postgres";

import { readGateKeys } from "../backup/gateKeys.ts";
import { clusterAccount } from "../start/clusterAccount.ts";
import { LOG_FOLDER, openServiceFolder } from "../start/dataFolder.ts";
import type { RunningSystem } from "../start/startSystem.ts";
import { findStores, ownMigrations } from "../start/storeAddresses.ts";
import { backUp } from "./stolenBackup.ts";

const SERVICES = ["who", "what", "gate"] as const;
const CONTROL = "control";
const MAX_THREADS = 8;

type Store = ReturnType<typeof findStores>[(typeof SERVICES)[number]];

function connect(store: Store, database: string): postgres.Sql {
  return postgres({ ...store, database, max: 2, onnotice: () => undefined });
}

/** This process with its threads, each service, and each database's postmaster and what it started. */
function namePids(pids: ReturnType<RunningSystem["pids"]>): PidsByName {
  const named = new Map<string, readonly number[]>([["client", [process.pid]]]);
  for (const name of SERVICES) {
    const { service, cluster } = pids[name];
    if (service !== undefined) named.set(`${name} service`, [service]);
    if (cluster !== undefined)
      named.set(`${name} database`, [cluster, ...descendantsOf([cluster])]);
  }
  return named;
}

/** Everything of a running system that a thief may take, as its superuser and from its disks. */
export async function withRobbedSystem<T>(
  system: RunningSystem,
  { logs, devices, shelf }: { logs: string; devices: string; shelf: string },
  work: (robbed: RobbedSystem) => Promise<T>,
): Promise<T> {
  const { vaultWho, vaultWhat, gate, data } = system;
  const stores = findStores(data);
  const databases = {
    who: connect(stores.who, stores.who.database),
    what: connect(stores.what, stores.what.database),
    gate: connect(stores.gate, stores.gate.database),
  };
  const clusterOf = (name: (typeof SERVICES)[number]): string =>
    openServiceFolder(join(data, name), clusterAccount(), { onLog: () => undefined }).cluster;
  const clusters = { who: clusterOf("who"), what: clusterOf("what"), gate: clusterOf("gate") };
  const robbed: RobbedSystem = {
    endpoints: { who: vaultWho, what: vaultWhat, gate },
    pids: () => namePids(system.pids()),
    databases,
    addresses: stores,
    migrations: ownMigrations(),
    checkThreads: Math.min(availableParallelism(), MAX_THREADS),
    gateKeys: () => {
      const { encryptionKey, serviceKey } = readGateKeys(join(data, "gate", "secrets"));
      return {
        encryption: Buffer.from(encryptionKey, "hex"),
        service: Buffer.from(serviceKey, "hex"),
      };
    },
    backUp: () => backUp(data, shelf),
    clusters,
    // A cluster may lie in the data folder too; what is searched twice is found twice.
    folders: [
      ...SERVICES.flatMap((name) => [join(data, name, "secrets"), join(data, name, LOG_FOLDER)]),
      logs,
    ],
    devices,
    openControl: async (service) => {
      await databases[service]`create database ${databases[service](CONTROL)}`;
      const [row] = await databases[service]<{ oid: number }[]>`
        select oid from pg_database where datname = ${CONTROL}`;
      const folder = join(clusters[service], "base", String(row?.oid ?? 0));
      return { sql: connect(stores[service], CONTROL), folder };
    },
    settle: async () => {
      for (const name of SERVICES) await databases[name]`checkpoint`;
    },
  };
  try {
    return await work(robbed);
  } finally {
    await Promise.all(Object.values(databases).map((sql) => sql.end()));
  }
}
