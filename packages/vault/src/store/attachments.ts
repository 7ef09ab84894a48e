import {
  hashChunk,
  hashChunks,
  type AttachmentId,
  type FileId,
  type Hash,
  type PracticeId,
} from "@sinetti/core";

import { fromColumn, ids, toColumn } from "./columns.ts";
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
    insert into attachments (practice, file, attachment, chunk, box, hash)
    values (${toColumn(practice)}, ${toColumn(file)}, ${toColumn(attachment)}, ${index}, ${box},
      ${toColumn(hashChunk(box))})
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

/** Names an attachment among those of all files. */
export function attachmentKey(file: FileId, attachment: AttachmentId): string {
  return `${file}:${attachment}`;
}

/** The hash over the chunks of each of these attachments that has any, by `attachmentKey`. */
export async function readChunkHashes(
  tx: Tx,
  practice: PracticeId,
  named: readonly { file: FileId; attachment: AttachmentId }[],
): Promise<Map<string, Hash>> {
  if (named.length === 0) return new Map();
  const rows = await tx<{ file: Uint8Array; attachment: Uint8Array; hash: Uint8Array }[]>`
    select a.file, a.attachment, c.hash from unnest(
      ${ids(tx, named, ({ file }) => file)}::bytea[],
      ${ids(tx, named, ({ attachment }) => attachment)}::bytea[]) as a(file, attachment)
    join attachments c on c.practice = ${toColumn(practice)} and c.file = a.file
      and c.attachment = a.attachment
    order by c.chunk`;
  const hashes = Map.groupBy(rows, ({ file, attachment }) =>
    attachmentKey(fromColumn(file), fromColumn(attachment)),
  );
  return new Map(
    [...hashes].map(([key, chunks]) => [
      key,
      hashChunks(chunks.map(({ hash }) => fromColumn(hash))),
    ]),
  );
}
