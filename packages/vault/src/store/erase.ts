import type { FileId, PracticeId } from "@sinetti/core";

import { idList, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

/** Takes away everything that could be opened of these files; the statements with their hashes stay. */
export async function eraseFiles(
  tx: Tx,
  practice: PracticeId,
  files: readonly FileId[],
): Promise<void> {
  if (files.length === 0) return;
  const owner = toColumn(practice);
  const erased = idList(tx, files);
  await Promise.all([
    tx`delete from wraps where practice = ${owner} and file = any(${erased}::bytea[])`,
    tx`delete from shares where practice = ${owner} and file = any(${erased}::bytea[])`,
    tx`delete from entries where practice = ${owner} and file = any(${erased}::bytea[])`,
    tx`delete from drafts where practice = ${owner} and file = any(${erased}::bytea[])`,
    tx`delete from attachments where practice = ${owner} and file = any(${erased}::bytea[])`,
  ]);
}
