import { hash, randomBytes } from "node:crypto";

import { initSuite } from "@sinetti/core";
import { checkPosture, type PostureReport } from "@sinetti/posture";
import type postgres from "postgres";

import { borneFaults, type BorneFault } from "./borneFaults.ts";
import { withTarget, type PostureTarget } from "./postureTarget.ts";
import { readPracticeStates } from "./practiceStates.ts";
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
}

async function readBorne(
  sql: postgres.Sql,
  database: string,
  { exceptions, now }: LookOptions,
): Promise<BorneFault[]> {
  if (!exceptions.some((one) => one.database === database)) return [];
  await initSuite((count) => new Uint8Array(randomBytes(count)), {
    sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
  });
  const practices = await sql.begin("read only", (tx) => readPracticeStates(tx));
  return borneFaults(exceptions, { practices, database, now });
}

/** Looks at a database against its policy and the exceptions that are signed for it. Errors: those of `withTarget`. */
export async function lookAt(target: PostureTarget, options: LookOptions): Promise<Look> {
  return withTarget(target, async (sql) => {
    const borne = await readBorne(sql, target.name, options);
    const policy = (await target.declare?.(sql)) ?? target.policy;
    const exceptions = borne.map(({ fingerprint, reason, until }) => ({
      fingerprint,
      reason,
      until,
    }));
    const asBorne =
      policy === null ? null : { ...policy, exceptions: [...policy.exceptions, ...exceptions] };
    return { target, report: await checkPosture(sql, asBorne, { now: options.now }), borne };
  });
}
