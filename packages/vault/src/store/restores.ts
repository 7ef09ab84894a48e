import type { PracticeId, RestoreId, Signed } from "@sinetti/core";

import { fromColumn, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

/** The run that restored the practice here and that nobody has resumed yet. */
export async function readRestore(tx: Tx, practice: PracticeId): Promise<RestoreId | null> {
  const [row] = await tx<{ restore: Uint8Array }[]>`
    select restore from restores where practice = ${toColumn(practice)} and resume is null`;
  return row === undefined ? null : fromColumn(row.restore);
}

/** Marks a practice as brought back by a run; an earlier one counts no more. */
export async function keepRestore(tx: Tx, practice: PracticeId, restore: RestoreId): Promise<void> {
  await tx`
    insert into restores (practice, restore) values (${toColumn(practice)}, ${toColumn(restore)})
    on conflict (practice) do update set restore = excluded.restore, resume = null`;
}

/** Keeps the order that ended the stillness; false when another run is waited for, or none. */
export async function endRestore(
  tx: Tx,
  practice: PracticeId,
  { restore, order }: { restore: RestoreId; order: Signed },
): Promise<boolean> {
  const ended = await tx`
    update restores set resume = ${order}
    where practice = ${toColumn(practice)} and restore = ${toColumn(restore)} and resume is null`;
  return ended.count === 1;
}
