import type { MemberId, PracticeId } from "@sinetti/core";

import { toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

export async function writeKit(
  tx: Tx,
  practice: PracticeId,
  { member, blob }: { member: MemberId; blob: Uint8Array },
): Promise<void> {
  await tx`
    insert into kits (practice, member, blob)
    values (${toColumn(practice)}, ${toColumn(member)}, ${blob})
    on conflict (practice, member) do update set blob = excluded.blob`;
}

export async function readKit(
  tx: Tx,
  practice: PracticeId,
  member: MemberId,
): Promise<Uint8Array | null> {
  const [row] = await tx<{ blob: Uint8Array }[]>`
    select blob from kits
    where practice = ${toColumn(practice)} and member = ${toColumn(member)}`;
  return row?.blob ?? null;
}
