import type { BatchId, FileId, Hash, KemPublicKey, PracticeId } from "./brand.ts";
import type { Compartment } from "./authority.ts";
import { COMPARTMENTS } from "./authority.ts";
import { LABELS, labelled } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { subjectShape, type Subject } from "./order.ts";
import {
  type Shaped,
  code,
  encodeShape,
  id,
  list,
  maxBytes,
  nullable,
  record,
  uint,
} from "./shape.ts";
import { hashLabelled } from "./sign.ts";

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

const wrapsShape = list(wrapShape, { max: LIMITS.wrapsPerStatement });

/** Hash over the wraps of one statement, which the statement carries. */
export function hashWraps(wraps: readonly Wrap[]): Hash {
  return hashLabelled(LABELS.wraps, encodeShape(wrapsShape, [...wraps]));
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
  batch: id<BatchId>(),
  subject: subjectShape,
  keyVersion: uint(),
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
  batch: BatchId;
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
