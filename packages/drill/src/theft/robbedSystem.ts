import type { Endpoints } from "@sinetti/client";
import type { Sql } from "postgres";

import type { PidsByName } from "../measure/peaks.ts";
import type { ServiceName } from "./dump.ts";

/** A system that is robbed: its own, and nobody else's. */
export interface RobbedSystem {
  readonly endpoints: Endpoints;
  /** Its processes, and this one, by the names under which their memory is told. */
  readonly pids: () => PidsByName;
  /** A superuser in the database of a service. */
  readonly databases: Readonly<Record<ServiceName, Sql>>;
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
