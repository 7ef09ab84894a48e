import type { BatchId, FileId, Hash, KemPublicKey, PracticeId } from "./brand.ts";
import { bytesToId } from "./brand.ts";
import type { Compartment } from "./authority.ts";
import { COMPARTMENTS } from "./authority.ts";
import { LABELS, labelled } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { subjectShape, type Subject } from "./order.ts";
import {
  type Shaped,
  code,
  encodeShape,
  hash,
  id,
  list,
  maxBytes,
  nullable,
  record,
  uint,
} from "./shape.ts";
import { hashLabelled } from "./sign.ts";
import { sha256 } from "./suite.ts";

/** The member half of one epoch, sealed to one subject; `batch` null: straight to its key, else under a batch key. */
export const wrapShape = record({
  subject: subjectShape,
  keyVersion: uint(LIMITS.chainLength),
  batch: nullable(id<BatchId>()),
  sealed: maxBytes(LIMITS.cellBytes),
});
/** One wrap. */
export type Wrap = Shaped<typeof wrapShape>;

/** A key, sealed once to a subject, that many wraps are sealed under. */
export const batchKeyShape = record({
  batch: id<BatchId>(),
  subject: subjectShape,
  keyVersion: uint(LIMITS.chainLength),
  sealed: maxBytes(LIMITS.cellBytes),
});
/** One sealed batch key. */
export type BatchKey = Shaped<typeof batchKeyShape>;

const wrapHashesShape = list(hash, { max: LIMITS.wrapsPerStatement });

/** SHA-256 over one wrap. */
export function hashWrap(wrap: Wrap): Hash {
  return hashLabelled(LABELS.wrapHash, encodeShape(wrapShape, wrap));
}

/** Hash over the hashes of the wraps of one statement, so that each wrap can be checked when others are gone. */
export function hashWrapHashes(hashes: readonly Hash[]): Hash {
  return hashLabelled(LABELS.wraps, encodeShape(wrapHashesShape, [...hashes]));
}

/** Hash over the wraps of one statement, which the statement carries. */
export function hashWraps(wraps: readonly Wrap[]): Hash {
  return hashWrapHashes(wraps.map(hashWrap));
}

/** The id of a batch: a hash of its sealed key, so that the signed hash of a wrap names the batch key too. */
export function batchIdOf(
  practice: PracticeId,
  { subject, keyVersion, sealed }: Omit<BatchKey, "batch">,
): BatchId {
  const content = encodeShape(batchContentShape, { practice, subject, keyVersion, sealed });
  return bytesToId<BatchId>(sha256(labelled(LABELS.batchId, content)).subarray(0, 16));
}

/** Where a wrap belongs; every field is bound into its seal. */
export interface WrapContext {
  readonly practice: PracticeId;
  readonly file: FileId;
  readonly epoch: number;
  readonly compartment: Compartment;
  readonly subject: Subject;
  readonly keyVersion: number;
}

const wrapContextShape = record({
  practice: id<PracticeId>(),
  file: id<FileId>(),
  epoch: uint(),
  compartment: code(COMPARTMENTS),
  subject: subjectShape,
  keyVersion: uint(),
});
const batchContextShape = record({
  practice: id<PracticeId>(),
  subject: subjectShape,
  keyVersion: uint(),
});
const batchContentShape = record({
  practice: id<PracticeId>(),
  subject: subjectShape,
  keyVersion: uint(),
  sealed: maxBytes(LIMITS.cellBytes),
});

/** HPKE info of a wrap. */
export function wrapInfo(context: WrapContext): Uint8Array {
  return labelled(LABELS.wrap, encodeShape(wrapContextShape, context));
}

/** Associated data and derivation context of a wrap under a batch key. */
export function batchWrapInfo(context: WrapContext): Uint8Array {
  return labelled(LABELS.batchWrap, encodeShape(wrapContextShape, context));
}

/** HPKE info of a batch key. */
export function batchKeyInfo(context: {
  practice: PracticeId;
  subject: Subject;
  keyVersion: number;
}): Uint8Array {
  return labelled(LABELS.batchKey, encodeShape(batchContextShape, context));
}

/** Who something is sealed to. */
export interface Recipient {
  readonly subject: Subject;
  readonly keyVersion: number;
  readonly key: KemPublicKey;
}
