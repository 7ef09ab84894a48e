import type { Hash } from "./brand.ts";
import { bytesToHash } from "./brand.ts";
import { LABELS } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { encodeShape, hash, list } from "./shape.ts";
import { hashLabelled } from "./sign.ts";
import { sha256 } from "./suite.ts";

const hashesShape = list(hash, { max: LIMITS.chunksPerAttachment });

/** SHA-256 of one sealed chunk of an attachment. */
export function hashChunk(box: Uint8Array): Hash {
  return bytesToHash(sha256(box));
}

/** Hash over the hashes of all sealed chunks of an attachment, in order: what the header of its carrier states. */
export function hashChunks(hashes: readonly Hash[]): Hash {
  return hashLabelled(LABELS.attachmentChunks, encodeShape(hashesShape, [...hashes]));
}
