import {
  bytesToId,
  idToBytes,
  type DeviceId,
  type MemberId,
  type Passkey,
  type PasskeyAlgorithm,
  type PracticeId,
} from "@sinetti/core";

import type { HeldAssertion, KnownPasskey } from "../assertion.ts";
import type { Tx } from "./database.ts";

/** A passkey as it is kept. */
export interface StoredPasskey extends KnownPasskey {
  readonly member: MemberId;
  /** The device that registered it. */
  readonly device: DeviceId;
  readonly addedAt: number;
}

interface Row {
  credential: Uint8Array;
  member: Uint8Array;
  device: Uint8Array;
  algorithm: PasskeyAlgorithm;
  key: Uint8Array;
  added_at: string;
  sign_count: string;
  backup_eligible: boolean | null;
}

const toPasskey = (row: Row): StoredPasskey => ({
  credential: row.credential,
  member: bytesToId<MemberId>(row.member),
  device: bytesToId<DeviceId>(row.device),
  algorithm: row.algorithm,
  key: row.key,
  addedAt: Number(row.added_at),
  signCount: Number(row.sign_count),
  backupEligible: row.backup_eligible,
});

/** The passkeys of a member, the oldest first. */
export async function readPasskeys(
  tx: Tx,
  practice: PracticeId,
  member: MemberId,
): Promise<StoredPasskey[]> {
  const rows = await tx<Row[]>`
    select credential, member, device, algorithm, key, added_at, sign_count, backup_eligible
    from passkeys where practice = ${idToBytes(practice)} and member = ${idToBytes(member)}
    order by added_at, credential`;
  return rows.map(toPasskey);
}

/** Whose passkey has this id; of a practice, one at most. */
export async function findPasskey(
  tx: Tx,
  practice: PracticeId,
  credential: Uint8Array,
): Promise<StoredPasskey | undefined> {
  const rows = await tx<Row[]>`
    select credential, member, device, algorithm, key, added_at, sign_count, backup_eligible
    from passkeys where practice = ${idToBytes(practice)} and credential = ${credential}`;
  return rows.map(toPasskey)[0];
}

/** Keeps a passkey. */
export async function insertPasskey(
  tx: Tx,
  practice: PracticeId,
  {
    member,
    device,
    passkey,
    time,
  }: { member: MemberId; device: DeviceId; passkey: Passkey; time: number },
): Promise<void> {
  const { credential, algorithm, key } = passkey;
  await tx`
    insert into passkeys (practice, member, credential, device, algorithm, key, added_at)
    values (${idToBytes(practice)}, ${idToBytes(member)}, ${credential}, ${idToBytes(device)},
      ${algorithm}, ${key}, ${time})`;
}

/** Takes a passkey of a member away. */
export async function deletePasskey(
  tx: Tx,
  practice: PracticeId,
  { member, credential }: { member: MemberId; credential: Uint8Array },
): Promise<void> {
  await tx`
    delete from passkeys where practice = ${idToBytes(practice)} and member = ${idToBytes(member)}
      and credential = ${credential}`;
}

/** Remembers what an answer said. */
export async function touchPasskey(
  tx: Tx,
  practice: PracticeId,
  { credential, held }: { credential: Uint8Array; held: HeldAssertion },
): Promise<void> {
  await tx`
    update passkeys set sign_count = ${held.signCount}, backup_eligible = ${held.backupEligible}
    where practice = ${idToBytes(practice)} and credential = ${credential}`;
}
