import { join } from "node:path";

import type { RobbedSystem } from "@sinetti/drill";
import postgres from "postgres";

import { clusterAccount } from "../start/clusterAccount.ts";
import { openServiceFolder } from "../start/dataFolder.ts";
import type { RunningSystem } from "../start/startSystem.ts";
import { findStores } from "../start/storeAddresses.ts";

const SERVICES = ["who", "what", "gate"] as const;
const CONTROL = "control";

type Store = ReturnType<typeof findStores>[(typeof SERVICES)[number]];

function connect(store: Store, database: string): postgres.Sql {
  return postgres({ ...store, database, max: 2, onnotice: () => undefined });
}

/** Everything of a running system that a thief may take, as its superuser and from its disks. */
export async function withRobbedSystem<T>(
  { vaultWho, vaultWhat, gate, data }: RunningSystem,
  { logs, devices }: { logs: string; devices: string },
  work: (robbed: RobbedSystem) => Promise<T>,
): Promise<T> {
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
    databases,
    clusters,
    // A cluster may lie in the data folder too; what is searched twice is found twice.
    folders: [...SERVICES.map((name) => join(data, name, "secrets")), logs],
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
