import type { AttachmentId, FileId, PracticeId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { bool, encodeShape, id, record, uint, version } from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, randomBytes } from "./suite.ts";

/** Plaintext bytes of every chunk but the last; the last is padded to this, so only the number of chunks shows. */
export const CHUNK_BYTES = 256 * 1024;

const aadShape = record({
  v: version,
  practice: id<PracticeId>(),
  file: id<FileId>(),
  attachment: id<AttachmentId>(),
  index: uint(LIMITS.chunksPerAttachment),
  final: bool,
});
/** Which chunk of which attachment. */
export interface ChunkContext {
  readonly practice: PracticeId;
  readonly file: FileId;
  readonly attachment: AttachmentId;
  readonly index: number;
  /** Whether it is the last chunk, so that a cut stream does not open. */
  readonly final: boolean;
}

/** A fresh attachment key, 32 bytes, kept inside the entry that carries the attachment. */
export function generateAttachmentKey(): Secret<"attachment-key"> {
  return Secret.own("attachment-key", randomBytes(32));
}

/** The key's bytes, to be sealed inside an entry. */
export function attachmentKeyBytes(key: Secret<"attachment-key">): Uint8Array {
  return Uint8Array.from(Secret.reveal(key));
}

/** The key as an opened entry brings it. Error: `open-failed`. */
export function attachmentKeyFromBytes(bytes: Uint8Array): Secret<"attachment-key"> {
  ensure(bytes.length === 32, "open-failed");
  return Secret.own("attachment-key", Uint8Array.from(bytes));
}

function aadOf(context: ChunkContext): Uint8Array {
  return labelled(LABELS.attachmentChunk, encodeShape(aadShape, { v: 1, ...context }));
}

/** Seals one chunk of at most CHUNK_BYTES; the last is filled up with zeros (its size is inside the entry). */
export function sealChunk(
  key: Secret<"attachment-key">,
  context: ChunkContext,
  chunk: Uint8Array,
): Uint8Array {
  ensure(chunk.length <= CHUNK_BYTES && context.index < LIMITS.chunksPerAttachment, "too-large");
  if (!context.final && chunk.length !== CHUNK_BYTES)
    throw new RangeError("only the last chunk may be short");
  const filled = new Uint8Array(CHUNK_BYTES);
  filled.set(chunk);
  return boxSeal(Secret.reveal(key), aadOf(context), filled);
}

/** Opens one chunk to CHUNK_BYTES bytes. Error: `open-failed`. */
export function openChunk(
  key: Secret<"attachment-key">,
  context: ChunkContext,
  box: Uint8Array,
): Uint8Array {
  return boxOpen(Secret.reveal(key), aadOf(context), box);
}
