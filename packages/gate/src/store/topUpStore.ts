import {
  bytesToId,
  idToBytes,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type TopUpReason,
} from "@sinetti/core";

import type { Tx } from "./database.ts";

/** A challenge that waits for the answer of an authenticator. */
export interface TopUpChallenge {
  readonly challenge: Uint8Array;
  readonly member: MemberId;
  readonly reason: TopUpReason;
  readonly until: number;
}

/** Keeps a device's challenge in the place of the one before. */
export async function putChallenge(
  tx: Tx,
  practice: PracticeId,
  { device, challenge, member, reason, until }: TopUpChallenge & { device: DeviceId },
): Promise<void> {
  await tx`
    insert into top_up_challenges (practice, device, challenge, member, reason, until)
    values (${idToBytes(practice)}, ${idToBytes(device)}, ${challenge}, ${idToBytes(member)}, ${reason}, ${until})
    on conflict (practice, device) do update set challenge = excluded.challenge,
      member = excluded.member, reason = excluded.reason, until = excluded.until`;
}

/** Takes a device's challenge: whatever comes of it, it is no more. */
export async function takeChallenge(
  tx: Tx,
  practice: PracticeId,
  device: DeviceId,
): Promise<TopUpChallenge | undefined> {
  const rows = await tx<
    { challenge: Uint8Array; member: Uint8Array; reason: TopUpReason; until: string }[]
  >`
    delete from top_up_challenges
    where practice = ${idToBytes(practice)} and device = ${idToBytes(device)}
    returning challenge, member, reason, until`;
  return rows.map(({ challenge, member, reason, until }) => ({
    challenge,
    member: bytesToId<MemberId>(member),
    reason,
    until: Number(until),
  }))[0];
}

/** The end of the top-up that a member has now; null: none. */
export async function readTopUpEnd(
  tx: Tx,
  practice: PracticeId,
  { member, time }: { member: MemberId; time: number },
): Promise<number | null> {
  const [row] = await tx<{ until: string | null }[]>`
    select max(until) as until from top_ups
    where practice = ${idToBytes(practice)} and member = ${idToBytes(member)} and until > ${time}`;
  return row === undefined || row.until === null ? null : Number(row.until);
}

/** Keeps a top-up beside its line of the log. */
export async function insertTopUp(
  tx: Tx,
  practice: PracticeId,
  topUp: { index: number; member: MemberId; cases: number; until: number; request: Uint8Array },
): Promise<void> {
  const { index, member, cases, until, request } = topUp;
  await tx`
    insert into top_ups (practice, idx, member, cases, until, request)
    values (${idToBytes(practice)}, ${index}, ${idToBytes(member)}, ${cases}, ${until}, ${request})`;
}
