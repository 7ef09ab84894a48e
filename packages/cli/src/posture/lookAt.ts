import { hash, randomBytes } from "node:crypto";

import { initSuite, type PracticeId, type PracticeState } from "@sinetti/core";
import {
  checkPosture,
  inTransaction,
  type PolicyInUse,
  type PostureReport,
} from "@sinetti/posture";
import type postgres from "postgres";

import { borneFaults, type BorneFault } from "./borneFaults.ts";
import { inTime } from "./inTime.ts";
import { withTarget, type PostureTarget } from "./postureTarget.ts";
import { readPracticeStates } from "./practiceStates.ts";
import { practiceWords } from "./practiceWords.ts";
import type { SignedException } from "./signedExceptions.ts";

/** One look at a database of ours, with what is borne there now. */
export interface Look {
  readonly target: PostureTarget;
  readonly report: PostureReport;
  readonly borne: readonly BorneFault[];
}

export interface LookOptions {
  /** As the file holds them; each is verified against the practice chains of the database that it names. */
  readonly exceptions: readonly SignedException[];
  readonly now: Date;
  /** Longest that it may take; ten minutes when left out. */
  readonly mostMs?: number | undefined;
  /** Ends it before. */
  readonly signal?: AbortSignal | undefined;
}

/** Every statement ends after two minutes; what does not is the connection. */
const MOST_MS = 600_000;

type Practices = ReadonlyMap<PracticeId, PracticeState | null>;

/** No such function or schema, no right to it, or something else in the place of the chain. */
const UNREADABLE = new Set(["42883", "3F000", "42501"]);

/** The practices in a database; null where they cannot be read and nobody is borne by them. */
async function readPractices(
  sql: postgres.Sql,
  { isNeeded }: { isNeeded: boolean },
): Promise<Practices | null> {
  await initSuite((count) => new Uint8Array(randomBytes(count)), {
    sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
  });
  try {
    return await inTransaction(sql, "read only", async (tx) => {
      await tx.unsafe("set local statement_timeout = '120s'");
      return readPracticeStates(tx);
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (isNeeded || !UNREADABLE.has(code)) throw error;
    return null;
  }
}

/** What the chains of a database say: which of its faults are borne, and by which policy it is judged. */
async function readChains(
  sql: postgres.Sql,
  { name: database, declared }: PostureTarget,
  { exceptions, now }: LookOptions,
): Promise<{ borne: BorneFault[]; inUse: PolicyInUse | undefined }> {
  const own = exceptions.filter((one) => one.database === database);
  const isNeeded = own.length > 0;
  if (!isNeeded && declared === undefined) return { borne: [], inUse: undefined };
  const practices = await readPractices(sql, { isNeeded });
  const borne = practices === null ? [] : borneFaults(own, { practices, database, now });
  if (declared === undefined) return { borne, inUse: undefined };
  const { sha256, service } = declared;
  const words = practices && practiceWords(practices, { database: service, now });
  return { borne, inUse: { sha256, words } };
}

async function look(sql: postgres.Sql, target: PostureTarget, options: LookOptions): Promise<Look> {
  const { borne, inUse } = await readChains(sql, target, options);
  const policy = (await target.declare?.(sql)) ?? target.policy;
  const exceptions = borne.map(({ fingerprint, reason, until }) => ({
    fingerprint,
    reason,
    until,
  }));
  const asBorne =
    policy === null ? null : { ...policy, exceptions: [...policy.exceptions, ...exceptions] };
  const report = await checkPosture(sql, asBorne, { now: options.now, inUse });
  return { target, report, borne };
}

/** Looks at a database against its policy, who approved that, and the exceptions that are signed for it. Errors: those of `withTarget`. */
export async function lookAt(target: PostureTarget, options: LookOptions): Promise<Look> {
  const { mostMs = MOST_MS, signal } = options;
  return withTarget(target, (sql) => {
    const onLate = (): void => void sql.end({ timeout: 0 });
    return inTime(look(sql, target, options), target.name, { mostMs, signal, onLate });
  });
}
