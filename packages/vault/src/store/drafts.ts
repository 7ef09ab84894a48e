import type { DraftId, FileId, PracticeId } from "@sinetti/core";

import { fromColumn, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

export interface Draft {
  readonly draft: DraftId;
  readonly epoch: number;
  readonly revision: number;
  readonly box: Uint8Array;
}

/** Replaces the revision that the writer knows; false when another one stands. */
export async function putDraft(
  tx: Tx,
  practice: PracticeId,
  { file, draft, epoch, revision, box }: Draft & { file: FileId },
): Promise<boolean> {
  const done =
    revision === 0
      ? await tx`
          insert into drafts (practice, file, draft, epoch, revision, box)
          values (${toColumn(practice)}, ${toColumn(file)}, ${toColumn(draft)}, ${epoch}, 1, ${box})
          on conflict do nothing`
      : await tx`
          update drafts set epoch = ${epoch}, revision = ${revision + 1}, box = ${box}
          where practice = ${toColumn(practice)} and file = ${toColumn(file)}
            and draft = ${toColumn(draft)} and revision = ${revision}`;
  return done.count === 1;
}

/** Number and bytes of the drafts of a file, but for one. */
export async function measureDrafts(
  tx: Tx,
  practice: PracticeId,
  { file, but }: { file: FileId; but: DraftId },
): Promise<{ count: number; bytes: number }> {
  const [row] = await tx<{ count: number; bytes: number }[]>`
    select count(*)::float8 as count, coalesce(sum(octet_length(box)), 0)::float8 as bytes
    from drafts where practice = ${toColumn(practice)} and file = ${toColumn(file)}
      and draft <> ${toColumn(but)}`;
  return row ?? { count: 0, bytes: 0 };
}

export async function readDrafts(tx: Tx, practice: PracticeId, file: FileId): Promise<Draft[]> {
  const rows = await tx<{ draft: Uint8Array; epoch: number; revision: number; box: Uint8Array }[]>`
    select draft, epoch::float8, revision::float8, box from drafts
    where practice = ${toColumn(practice)} and file = ${toColumn(file)}
    order by draft`;
  return rows.map((row) => ({ ...row, draft: fromColumn<DraftId>(row.draft) }));
}

export async function dropDraft(
  tx: Tx,
  practice: PracticeId,
  { file, draft }: { file: FileId; draft: DraftId },
): Promise<void> {
  await tx`delete from drafts where practice = ${toColumn(practice)} and file = ${toColumn(file)}
    and draft = ${toColumn(draft)}`;
}
