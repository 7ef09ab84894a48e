import {
  VAULT_ROUTES,
  bytesToHex,
  bytesToId,
  hashChunk,
  hashChunks,
  hexToBytes,
  randomBytes,
  type AttachmentId,
  type EntryHeader,
  type Hash,
} from "@sinetti/core";
import {
  CHUNK_BYTES,
  attachmentKeyBytes,
  attachmentKeyFromBytes,
  generateAttachmentKey,
  openChunk,
  sealChunk,
} from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import type { KnownFile } from "./fileCache.ts";

/** What an entry keeps of an attachment: where it lies, its key, and its true size. */
export interface AttachmentLink {
  readonly attachment: AttachmentId;
  /** 32 bytes as hexadecimal digits; sealed inside the entry. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly chunks: number;
}
/** What was sent, and what the header of the entry that names it must state. */
export interface SentAttachment {
  readonly link: AttachmentLink;
  readonly carried: NonNullable<EntryHeader["attachment"]>;
}

/** How to send. */
export interface SendOptions {
  /** Ends the sending between two chunks, with the signal's reason. What was sent stays at the vault, sealed, and is named by nothing. */
  readonly signal?: AbortSignal;
  /** Told of the bytes that the vault holds. */
  readonly onProgress?: (sentBytes: number) => void;
}

/** Seals and sends a stream chunk by chunk, never holding more than two; the entry of class `attachment` that names it comes afterwards. */
export async function putAttachment(
  context: Context,
  file: KnownFile,
  source: AsyncIterable<Uint8Array>,
  { signal, onProgress }: SendOptions = {},
): Promise<SentAttachment> {
  const key = generateAttachmentKey();
  const hashes: Hash[] = [];
  const attachment = bytesToId<AttachmentId>(randomBytes(16));
  let index = 0;
  let sizeBytes = 0;
  const send = async (chunk: Uint8Array, final: boolean): Promise<void> => {
    signal?.throwIfAborted();
    const box = sealChunk(
      key,
      { practice: file.access.practice, file: file.file, attachment, index, final },
      chunk,
    );
    await context.services.call(file.vault, VAULT_ROUTES.attachmentPut, {
      file: file.file,
      attachment,
      index,
      box,
    });
    hashes.push(hashChunk(box));
    index++;
    sizeBytes += chunk.length;
    onProgress?.(sizeBytes);
  };
  let waiting: Uint8Array | null = null;
  for await (const chunk of rechunk(source)) {
    if (waiting !== null) await send(waiting, false);
    waiting = chunk;
  }
  await send(waiting ?? new Uint8Array(0), true);
  signal?.throwIfAborted();
  return {
    link: { attachment, key: bytesToHex(attachmentKeyBytes(key)), sizeBytes, chunks: index },
    carried: { id: attachment, chunks: hashChunks(hashes) },
  };
}

async function* rechunk(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let filled = new Uint8Array(CHUNK_BYTES);
  let length = 0;
  for await (const part of source) {
    for (let offset = 0; offset < part.length;) {
      const taken = Math.min(CHUNK_BYTES - length, part.length - offset);
      filled.set(part.subarray(offset, offset + taken), length);
      length += taken;
      offset += taken;
      if (length < CHUNK_BYTES) continue;
      yield filled;
      filled = new Uint8Array(CHUNK_BYTES);
      length = 0;
    }
  }
  if (length > 0) yield filled.subarray(0, length);
}

/** Opens an attachment chunk by chunk. Error of core: `open-failed` for a chunk that is cut, moved or swapped. */
export async function* readAttachment(
  context: Context,
  file: KnownFile,
  link: AttachmentLink,
): AsyncGenerator<Uint8Array> {
  const key = attachmentKeyFromBytes(hexToBytes(link.key));
  let left = link.sizeBytes;
  for (let index = 0; index < link.chunks; index++) {
    const { answer } = await context.services.call(file.vault, VAULT_ROUTES.attachmentGet, {
      file: file.file,
      attachment: link.attachment,
      index,
    });
    const chunk = openChunk(
      key,
      {
        practice: file.access.practice,
        file: file.file,
        attachment: link.attachment,
        index,
        final: index === link.chunks - 1,
      },
      answer.box,
    );
    yield chunk.subarray(0, Math.min(left, CHUNK_BYTES));
    left -= CHUNK_BYTES;
  }
}
