import type { RunningSystem } from "../start/startSystem.ts";
import type { SmallDisk } from "./smallDisk.ts";

/** What a run of faults is done to, and how. */
export interface FaultOptions {
  readonly system: RunningSystem;
  /** Where the clients live. */
  readonly folder: string;
  readonly seconds: number;
  readonly seed: string;
  readonly clients: number;
  /** Those that may be filled, by name. */
  readonly disks: ReadonlyMap<string, SmallDisk>;
  /** Why there are none. */
  readonly notFilled: string | null;
  /** What the launcher, the services and the databases said so far. */
  readonly lines: readonly string[];
  readonly onProgress: (done: number, total: number) => void;
  readonly isStopped: () => boolean;
}
