import type { DraftId, FileId, PracticeId } from "@sinetti/core";

import { fromColumn, ids, toColumn } from "./columns.ts";
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

/** The drafts of files by file, as long as all of a file's and of those before it stay within `maxBytes`. */
export async function readDraftsOf(
  tx: Tx,
  practice: PracticeId,
  { files, maxBytes }: { files: readonly FileId[]; maxBytes: number },
): Promise<Map<FileId, Draft[]>> {
  const rows = await tx<
    {
      file: Uint8Array;
      draft: Uint8Array | null;
      epoch: number;
      revision: number;
      box: Uint8Array;
    }[]
  >`
    select a.file, d.draft, d.epoch::float8, d.revision::float8, d.box from (
      select a.file, sum(coalesce(s.bytes, 0)) over (order by a.place) as bytes
      from unnest(${ids(tx, files, (file) => file)}::bytea[]) with ordinality as a(file, place)
      left join lateral (
        select sum(octet_length(box)) as bytes from drafts
        where practice = ${toColumn(practice)} and file = a.file) s on true) a
    left join drafts d on d.practice = ${toColumn(practice)} and d.file = a.file
    where a.bytes <= ${maxBytes}
    order by d.draft`;
  const found = new Map<FileId, Draft[]>();
  for (const { file, draft, epoch, revision, box } of rows) {
    const held = found.get(fromColumn<FileId>(file)) ?? [];
    if (draft !== null) held.push({ draft: fromColumn<DraftId>(draft), epoch, revision, box });
    found.set(fromColumn<FileId>(file), held);
  }
  return found;
}

/** Drops a draft, of any revision or of one; false when another one stands. */
export async function dropDraft(
  tx: Tx,
  practice: PracticeId,
  { file, draft, revision }: { file: FileId; draft: DraftId; revision: number | null },
): Promise<boolean> {
  const mine = tx`practice = ${toColumn(practice)} and file = ${toColumn(file)}
    and draft = ${toColumn(draft)}`;
  await tx`delete from drafts where ${mine} and ${revision}::bigint is null
    or ${mine} and revision = ${revision}`;
  if (revision === null) return true;
  return (await tx`select 1 from drafts where ${mine}`).count === 0;
}
