import { ClientError, recoverPractice, splitHeldSecret } from "@sinetti/client";
import { randomBytes, type Secret } from "@sinetti/core";
import {
  deriveRecoveryKeys,
  joinRecoveryShares,
  parseRecoveryShare,
  printRecoveryShare,
  recoverySecretFromBytes,
  type RecoveryShare,
} from "@sinetti/core/secret";
import { gateEncryptionKey } from "@sinetti/core/service";

import { INVENTED_PASSWORD } from "../../synthetic/admitStaff.ts";
import { countOpened, tryKey, unsealHalves, type DumpedFile } from "./dumpedFile.ts";
import { dumpAll } from "./formerMember.ts";
import { writeRecords, type Stage } from "./stage.ts";

/** What one share gives, with every dump beside it and the gate's own key. */
export interface ShareYields {
  readonly entries: number;
  /** Entries that open with what the share holds. */
  readonly opened: number;
  /** Ways into the practice that were tried with it, and how many were refused. */
  readonly ways: number;
  readonly refused: number;
  /** False second shares, and what was said of each. */
  readonly forged: Readonly<Record<"ofAnotherSplit" | "ofOwnMaking" | "damaged", string>>;
  /** Two true shares by the same path. */
  readonly control: { readonly opened: number; readonly of: number };
}

const RECORDS = 3;

/** Entries that a recovery secret opens in dumps, with the gate's halves beside them. */
async function countBySecret(
  { system }: Stage,
  dumped: readonly DumpedFile[],
  secret: Secret<"recovery">,
): Promise<number> {
  const key = gateEncryptionKey(system.gateKeys().encryption);
  const { kem } = deriveRecoveryKeys(secret);
  let opened = 0;
  for (const each of dumped) {
    const halves = await unsealHalves(system.databases.gate, key, each);
    opened += countOpened(each, tryKey(each, kem, halves));
  }
  return opened;
}

/** Asks the practice in with a secret that is none. */
async function isRefusedEntry(stage: Stage, secret: Secret<"recovery">): Promise<boolean> {
  const { admin, system, openDevice } = stage;
  const device = openDevice("theft-trustee");
  try {
    await recoverPractice(device.world, {
      endpoints: system.endpoints,
      password: INVENTED_PASSWORD,
      secret,
      practice: admin.client.practice.practice,
      roles: ["admin"],
      name: "Trustee Invented",
    });
    return false;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    // An order that waits for its time would have been taken.
    return error.code === "input-rejected" || error.code === "refused";
  } finally {
    device.close();
  }
}

async function faultOf(shares: readonly RecoveryShare[]): Promise<string> {
  const joined = await joinRecoveryShares(shares);
  if (joined.ok) return "joined";
  const { fault } = joined;
  return "number" in fault ? `${fault.code} ${fault.number}` : fault.code;
}

/** The share as it is printed, one character of a group wrong. */
function damagedFault(share: RecoveryShare): string {
  const [line = "", ...rest] = printRecoveryShare(share);
  const wrong = line.startsWith("7") ? "8" : "7";
  const parsed = parseRecoveryShare([wrong + line.slice(1), ...rest].join("\n"));
  if (parsed.ok) return "read";
  const { fault } = parsed;
  return fault.code === "share-damaged" ? `${fault.code} group ${fault.groups.join()}` : fault.code;
}

/** T11: one trustee's share of a real split. */
export async function robWithOneShare(stage: Stage): Promise<ShareYields> {
  const { context } = stage.admin.client;
  await context.practice.sync(context.services);
  const dumped = await dumpAll(stage, await writeRecords(stage.owner, RECORDS));
  const split = { threshold: 2, count: 3 };
  const [one, two] = await splitHeldSecret(context, split);
  const [, foreign] = await splitHeldSecret(context, split);
  if (one === undefined || two === undefined || foreign === undefined)
    throw new RangeError("a split gives its shares");
  const guessed = recoverySecretFromBytes(one.value);
  const alone = await joinRecoveryShares([one]);
  const refusals = [!alone.ok, await isRefusedEntry(stage, guessed)];
  const forged: RecoveryShare = { ...two, value: randomBytes(one.value.length) };
  const joined = await joinRecoveryShares([one, two]);
  return {
    entries: dumped.reduce((sum, { entries }) => sum + entries.length, 0),
    opened: await countBySecret(stage, dumped, guessed),
    ways: refusals.length,
    refused: refusals.filter(Boolean).length,
    forged: {
      ofAnotherSplit: await faultOf([one, foreign]),
      ofOwnMaking: await faultOf([one, forged]),
      damaged: damagedFault(two),
    },
    control: {
      opened: joined.ok ? await countBySecret(stage, dumped, joined.secret) : 0,
      of: dumped.reduce((sum, { entries }) => sum + entries.length, 0),
    },
  };
}
