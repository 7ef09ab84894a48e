import type { DeviceId, FileId, Hash, MemberId, PracticeId, SignPublicKey } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { seenShape } from "./order.ts";
import {
  type Shape,
  type Shaped,
  code,
  encodeShape,
  fixedBytes,
  hash,
  id,
  kemKey,
  list,
  maxBytes,
  nullable,
  record,
  uint,
  version,
} from "./shape.ts";
import { hashLabelled, readSigned, signShape, verifySigned, type Signed } from "./sign.ts";
import type { Secret } from "./secretValue.ts";

/** Why files are opened; closed codes, for the log that the patient reads. */
export const PURPOSES = [
  "session",
  "preparation",
  "documentation",
  "contact",
  "billing",
  "supervision",
  "handover",
  "registration",
  "scheduling",
  "directory",
  "import",
  "export",
  "patient-request",
  "review",
  "crisis",
  "response",
  "machine",
] as const;
/** One purpose. */
export type Purpose = (typeof PURPOSES)[number];
/** What the gate said of one file. */
export const OUTCOMES = [
  "released",
  "not-granted",
  "lapsed",
  "approval-needed",
  "over-budget",
  "cold",
  "frozen",
  "erased",
  "unknown-file",
  "stale-epoch",
  "canary",
] as const;
/** One outcome. */
export type Outcome = (typeof OUTCOMES)[number];

/** Body of a release request. */
export const releaseRequestShape = record({
  purpose: code(PURPOSES),
  items: list(
    record({ file: id<FileId>(), epoch: uint(LIMITS.chainLength), record: nullable(seenShape) }),
    { min: 1, max: LIMITS.itemsPerBatch },
  ),
  ephemeral: kemKey,
  seen: seenShape,
});
/** A release request. */
export type ReleaseRequest = Shaped<typeof releaseRequestShape>;

/** One file in the sealed answer: the gate half and the heads that the gate knows, or why not. */
export const releasedItemShape = record({
  file: id<FileId>(),
  outcome: code(OUTCOMES),
  /** The epoch that the share is for: the newest, whatever was asked. */
  epoch: uint(LIMITS.chainLength),
  share: nullable(fixedBytes(32)),
  access: nullable(seenShape),
  record: nullable(seenShape),
});
/** One file of an answer. */
export type ReleasedItem = Shaped<typeof releasedItemShape>;
const answerShape = record({
  v: version,
  items: list(releasedItemShape, { min: 1, max: LIMITS.itemsPerBatch }),
  warn: list(code(["care", "identity"]), { max: 2 }),
});
/** The plaintext of an answer. */
export type ReleaseAnswer = Shaped<typeof answerShape>;

/** HPKE info of the answer to the request whose signature base has this hash. */
export function releaseInfo(requestHash: Hash): Uint8Array {
  return labelled(LABELS.releaseAnswer, encodeShape(hash, requestHash));
}

/** The bytes of an answer, to be sealed. */
export function encodeReleaseAnswer(answer: Omit<ReleaseAnswer, "v">): Uint8Array {
  return encodeShape(answerShape, { v: 1, ...answer });
}

/** Shape of an opened answer. */
export const releaseAnswerShape = answerShape;

const receiptShape = record({
  v: version,
  practice: id<PracticeId>(),
  request: hash,
  /** Place and hash of the log entry that this release wrote. */
  index: uint(),
  head: hash,
  /** Head of the practice chain at the gate. */
  seen: seenShape,
  time: uint(),
});
/** The gate's signed word that a release stands in its log. */
export type Receipt = Shaped<typeof receiptShape>;

/** Signs a receipt. */
export function signReceipt(content: Omit<Receipt, "v">, key: Secret<"sign">): Signed {
  return signShape(LABELS.receipt, key, { shape: receiptShape, value: { v: 1, ...content } });
}

/** Checks a receipt for one request. Errors: `bad-signature`, `wrong-practice`. */
export function verifyReceipt(
  signed: Signed,
  gateKey: SignPublicKey,
  expected: { practice: PracticeId; request: Hash },
): Receipt {
  const receipt = readSigned(receiptShape, signed);
  ensure(receipt.practice === expected.practice, "wrong-practice");
  ensure(receipt.request === expected.request, "bad-signature");
  verifySigned(LABELS.receipt, gateKey, signed);
  return receipt;
}

/** Kinds of line in the gate's log. */
export const LOG_KINDS = [
  "release",
  "machine",
  "lookup",
  "approval",
  "top-up",
  "freeze",
  "thaw",
  "revoke",
  "canary",
  "clock",
  "restored",
  "kit",
  "passkey",
] as const;
/** One line of the gate's hash-chained log. */
export const logEntryShape = record({
  v: version,
  practice: id<PracticeId>(),
  index: uint(),
  prev: hash,
  /** Gate time, unix seconds: never goes backwards. */
  time: uint(),
  kind: code(LOG_KINDS),
  member: nullable(id<MemberId>()),
  device: nullable(id<DeviceId>()),
  /** Nonce of the request, unique per device; empty for the gate's own lines. */
  nonce: maxBytes(32),
  purpose: nullable(code(PURPOSES)),
  items: list(
    record({ file: id<FileId>(), epoch: uint(LIMITS.chainLength), outcome: code(OUTCOMES) }),
    { max: LIMITS.itemsPerBatch },
  ),
  /** Tokens asked in a lookup, cases added by a top-up or approval; 1 a passkey added, 0 one removed. */
  count: uint(),
  /** Of an approval, a canary, a passkey or a top-up: `hashLogDetail` of the whole request, which lies beside the log. */
  detail: nullable(hash),
});
/** One line of the log. */
export type LogEntry = Shaped<typeof logEntryShape>;

/** SHA-256 over the body of a request that a line of the log stands for, so that the chain binds all of it. */
export function hashLogDetail<T>(shape: Shape<T>, body: T): Hash {
  return hashLabelled(LABELS.logDetail, encodeShape(shape, body));
}

/** Hash of a log line: the next one's `prev`. */
export function hashLogEntry(entry: LogEntry): Hash {
  return hashLabelled(LABELS.releaseLog, encodeShape(logEntryShape, entry));
}
