import type { AttachmentId, FileId, PracticeId } from "@sinetti/core";

import { toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

export interface ChunkPlace {
  readonly file: FileId;
  readonly attachment: AttachmentId;
  readonly index: number;
}

/** Keeps a chunk; what stands at its place already stays. */
export async function keepChunk(
  tx: Tx,
  practice: PracticeId,
  { file, attachment, index, box }: ChunkPlace & { box: Uint8Array },
): Promise<boolean> {
  const kept = await tx`
    insert into attachments (practice, file, attachment, chunk, box)
    values (${toColumn(practice)}, ${toColumn(file)}, ${toColumn(attachment)}, ${index}, ${box})
    on conflict do nothing`;
  return kept.count === 1;
}

export async function readChunk(
  tx: Tx,
  practice: PracticeId,
  { file, attachment, index }: ChunkPlace,
): Promise<Uint8Array | null> {
  const [row] = await tx<{ box: Uint8Array }[]>`
    select box from attachments
    where practice = ${toColumn(practice)} and file = ${toColumn(file)}
      and attachment = ${toColumn(attachment)} and chunk = ${index}`;
  return row?.box ?? null;
}
