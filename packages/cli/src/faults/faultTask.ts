import type { Broken } from "@sinetti/drill";

import type { FaultReport } from "./faultReport.ts";

/** What the program of the drill is started with, as its one argument, in JSON. */
export interface FaultTask {
  /** The data folder, empty but for its disks. */
  readonly data: string;
  /** Why its disks are none that may be filled; null: they are. */
  readonly missing: string | null;
  readonly seconds: number;
  readonly seed: string;
  readonly clients: number;
}

/** What came of a run: what the clients and the databases say. */
export interface FaultOutcome extends FaultReport {
  readonly broken: readonly Broken[];
}

/** What the program says, one JSON object a line. */
export type FaultSaid =
  | { readonly say: "progress"; readonly done: number; readonly total: number }
  | { readonly say: "outcome"; readonly outcome: FaultOutcome };
