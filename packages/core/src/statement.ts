import type { AnyId, DeviceId, FileId, Hash, PracticeId, SignPublicKey } from "./brand.ts";
import { ZERO_HASH } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import type { Place } from "./order.ts";
import {
  type Shape,
  type Shaped,
  anyWire,
  code,
  hash,
  id,
  record,
  text,
  uint,
  version,
} from "./shape.ts";
import { hashLabelled, readSigned, signShape, verifySigned, type Signed } from "./sign.ts";
import type { Secret } from "./secretValue.ts";

/** The chains; `patient` is reserved. */
export const CHAINS = ["practice", "access", "record"] as const;
/** One kind of chain. */
export type ChainType = (typeof CHAINS)[number];

const statementShape = record({
  v: version,
  practice: id<PracticeId>(),
  chain: code(CHAINS),
  /** The practice, or the file. */
  id: id<AnyId>(),
  seq: uint(LIMITS.chainLength),
  prev: hash,
  /** The device that signs; zeros in a genesis, which the root signs. */
  device: id<DeviceId>(),
  kind: text(),
  body: anyWire,
});
/** One link of a chain, its body not yet given a shape. */
export type Statement = Shaped<typeof statementShape>;
/** A statement with its signed bytes and their hash. */
export interface Link {
  readonly statement: Statement;
  readonly signed: Signed;
  readonly hash: Hash;
}

/** Signs a statement; `body` is shaped by its kind. */
export function signStatement<T>(
  head: Omit<Statement, "v" | "body">,
  body: { shape: Shape<T>; value: T },
  key: Secret<"sign">,
): Signed {
  const value: Statement = { v: 1, ...head, body: body.shape.encode(body.value) };
  return signShape(LABELS.statement, key, { shape: statementShape, value });
}

/** The statement inside, before its signature is checked, with its hash. */
export function readStatement(signed: Signed): Link {
  return { statement: readSigned(statementShape, signed), signed, hash: hashStatement(signed) };
}

/** SHA-256 of a signed statement: the next one's `prev`. */
export function hashStatement(signed: Signed): Hash {
  return hashLabelled(LABELS.statementHash, signed);
}

/** Checks the signature of a statement. Error: `bad-signature`. */
export function verifyStatement(signed: Signed, key: SignPublicKey): void {
  verifySigned(LABELS.statement, key, signed);
}

/**
 * Checks that a statement stands where it says: right practice, chain and file, right after `head` (null: it is the first).
 * Errors: `wrong-practice`, `broken-chain`.
 */
export function checkPlace(
  statement: Statement,
  {
    practice,
    chain,
    id: chainId,
    head,
  }: { practice: PracticeId; chain: ChainType; id: FileId | PracticeId; head: Place | null },
): void {
  ensure(statement.practice === practice, "wrong-practice");
  ensure(statement.chain === chain && statement.id === chainId, "broken-chain");
  ensure(statement.seq === (head === null ? 0 : head.seq + 1), "broken-chain");
  ensure(statement.prev === (head === null ? ZERO_HASH : head.hash), "broken-chain");
}
