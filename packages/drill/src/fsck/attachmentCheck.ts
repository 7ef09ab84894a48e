import { hashChunks, phaseAt, type AccessState, type AttachmentId, type Hash } from "@sinetti/core";

import type { Report } from "./broken.ts";
import type { FoldedRecord } from "./recordCheck.ts";
import type { ChunkRow } from "./tables.ts";

/** Compares the chunks of each attachment with the hashes beside them, and those with the hash that its carrier states. */
export async function checkAttachments(
  rows: AsyncIterable<ChunkRow>,
  { access, record }: { access: AccessState; record: FoldedRecord },
  report: Report,
): Promise<void> {
  const isErased = phaseAt(access) === "erased";
  const held = new Map<AttachmentId, { hashes: Hash[]; isInOrder: boolean }>();
  for await (const row of rows) {
    const attachment = row.attachment.toString("hex") as AttachmentId;
    const where = `attachment ${attachment} chunk ${row.chunk}`;
    if (isErased) {
      report("left-behind", "attachments", where);
      continue;
    }
    const stated = row.hash.toString("hex");
    if (row.found.toString("hex") !== stated) report("chunk", "attachments", where);
    const chunks = held.get(attachment) ?? { hashes: [], isInOrder: true };
    held.set(attachment, chunks);
    chunks.isInOrder &&= row.chunk === chunks.hashes.length;
    chunks.hashes.push(stated as Hash);
  }
  if (isErased) return;
  // What no entry carries was sent and never named: an upload on its way, or one that was cut off.
  for (const [attachment, stated] of record.carried) {
    const chunks = held.get(attachment);
    if (chunks === undefined || !chunks.isInOrder || hashChunks(chunks.hashes) !== stated)
      report("chunks", "attachments", `attachment ${attachment}`);
  }
}
