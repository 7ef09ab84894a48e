import type { MemberId } from "@sinetti/core";
import type { Anomaly } from "@sinetti/drill";

/** What was done to a system, and what came of it. */
export interface FaultReport {
  readonly seed: string;
  readonly seconds: number;
  readonly clients: number;
  /** Pieces of work that a client was told are done, and those that were cut off. */
  readonly acknowledged: number;
  readonly unacknowledged: number;
  /** Notes that were cut off, of which the device said that it kept them. */
  readonly kept: number;
  /** Kills and pauses by what was hit, and faults of the network by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Why no disk was filled; null: they were. */
  readonly notFilled: string | null;
  /** How often a database said that its disk is full, and how often it ended for it. */
  readonly noRoom: number;
  readonly panics: number;
  /** How often an administrator had to confirm the gate's clock; everything else stood up without a person. */
  readonly confirmations: number;
  /** What work ended with that was not done, by code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly anomalies: readonly Anomaly[];
  /** Work that a device still keeps, and releases in the gate's log that no device asked for: both must be 0. */
  readonly stillWaiting: number;
  readonly unknownReleases: number;
  /** Members whose budget, counted anew from the log, is another than the gate says. */
  readonly wrongBudgets: readonly MemberId[];
}
