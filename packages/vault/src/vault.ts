import type { SignPublicKey } from "@sinetti/core";
import type { Logger } from "pino";

import type { AccessStates } from "./accessStates.ts";
import type { AppendQueue } from "./appendQueue.ts";
import type { BodyBudget, BodyLimits } from "./bodyBudget.ts";
import type { Clock } from "./clock.ts";
import type { FileMeter } from "./fileMeter.ts";
import type { FileRows } from "./fileRows.ts";
import type { HintLimits, HintStreams } from "./hintStreams.ts";
import type { LookupMeter } from "./lookupMeter.ts";
import type { Metrics } from "./metrics.ts";
import type { Trust } from "./policy/practiceRun.ts";
import type { PostureFile } from "./postureFile.ts";
import type { PracticeStates } from "./practiceStates.ts";
import type { Rate, RateLimit } from "./rateLimit.ts";
import type { Sql } from "./store/transaction.ts";

/** How much may be asked; generous for people at work. */
export interface Limits {
  readonly device: Rate;
  readonly address: Rate;
  /** Bytes of bodies held at once for a device, and for all. */
  readonly signedBodies: BodyLimits;
  /** The same for an address, of bodies that are read before their signature can be checked. */
  readonly strangeBodies: BodyLimits;
  /** Distinct files whose boxes one member may fetch in a day under grants that need no approval. */
  readonly filesPerDay: number;
  /** Tokens that one member may ask cells for in a day. */
  readonly lookupTokensPerDay: number;
  readonly hints: HintLimits;
}

/** What a vault is made of. */
export interface VaultDeps {
  /** As the application role. */
  readonly sql: Sql;
  readonly keys: {
    /** This vault's own public key. */
    readonly service: SignPublicKey;
    readonly gate: SignPublicKey;
  };
  readonly clock: Clock;
  readonly service: "who" | "what";
  /** The exact origins of clients in browsers. */
  readonly origins: readonly string[];
  readonly log: Logger;
  readonly limits?: Partial<Limits>;
  /** What opens `/metrics`; none: being on this machine. */
  readonly metricsToken?: string | null;
  /** Where the launcher says what it found of the database; none: it does not. */
  readonly postureFile?: string | null;
  /** Ends the answers that go on, so that a server can close. */
  readonly stopping?: AbortSignal;
}

/** A running vault: what it was made of, and what it holds in memory. */
export interface Vault extends VaultDeps {
  readonly keyId: string;
  readonly trust: Trust;
  readonly practices: PracticeStates;
  readonly accessStates: AccessStates;
  readonly fileRows: FileRows;
  readonly appends: AppendQueue;
  readonly hints: HintStreams;
  readonly byDevice: RateLimit;
  readonly byAddress: RateLimit;
  readonly signedBodies: BodyBudget;
  readonly strangeBodies: BodyBudget;
  readonly fileMeter: FileMeter;
  readonly lookupMeter: LookupMeter;
  readonly metrics: Metrics;
  readonly posture: PostureFile;
}
