import type { Endpoints } from "@sinetti/client";
import type { Sql } from "postgres";

import type { Migrations } from "../fsck/migrationCheck.ts";
import type { StoreAddresses } from "../fsck/store.ts";
import type { PidsByName } from "../measure/peaks.ts";
import type { StolenBackup } from "./backups.ts";
import type { ServiceName } from "./dump.ts";

/** A system that is robbed: its own, and nobody else's. */
export interface RobbedSystem {
  readonly endpoints: Endpoints;
  /** This process (`client`), each service (`who service`), and each database with what it started (`who database`). */
  readonly pids: () => PidsByName;
  /** A superuser in the database of a service. */
  readonly databases: Readonly<Record<ServiceName, Sql>>;
  /** The same for fsck. */
  readonly addresses: StoreAddresses;
  readonly migrations: Migrations;
  readonly checkThreads: number;
  /** The gate's keys as root reads them: its key-encryption key, and the seed of its service key; 32 bytes each. */
  readonly gateKeys: () => { readonly encryption: Uint8Array; readonly service: Uint8Array };
  /** Makes a backup as the practice does, the gate's keys in a file of their own. */
  readonly backUp: () => Promise<StolenBackup>;
  /** Makes an empty database in the cluster of a vault; its files lie in `folder` of the answer once `settle` is done. */
  readonly openControl: (service: "who" | "what") => Promise<{ sql: Sql; folder: string }>;
  /** The clusters' own folders. */
  readonly clusters: Readonly<Record<ServiceName, string>>;
  /** Everything on the servers' disks beside them: configuration, keys, logs. */
  readonly folders: readonly string[];
  /** The folders of the staff's devices. */
  readonly devices: string;
  /** Writes to disk what the databases hold in memory. */
  readonly settle: () => Promise<void>;
}
