import type { AnyId, Hash, PracticeId, SignPublicKey } from "./brand.ts";
import { CoreError, ensure } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { CHAINS, type Link } from "./statement.ts";
import { type Shaped, code, hash, id, list, nullable, record, uint, version } from "./shape.ts";
import { hashLabelled, readSigned, signShape, verifySigned, type Signed } from "./sign.ts";
import type { Secret } from "./secretValue.ts";

const itemShape = record({
  chain: code(CHAINS),
  id: id<AnyId>(),
  seq: uint(LIMITS.chainLength),
  hash,
  /** Hash of the gate's half at rest that a create or rekey has brought; null for everything else. */
  share: nullable(hash),
});
/** One statement that the gate has accepted. */
export type AcceptedItem = Shaped<typeof itemShape>;

const acceptanceShape = record({
  v: version,
  practice: id<PracticeId>(),
  /** The week of gate time in which the statements were ordered; nothing finer. */
  week: uint(LIMITS.chainLength),
  items: list(itemShape, { min: 1, max: LIMITS.itemsPerBatch }),
});
/** The gate's word that these statements stand at these places. */
export type Acceptance = Shaped<typeof acceptanceShape>;

/** SHA-256 of a gate half as it lies at rest, so that the gate's word binds the copy that a vault keeps. */
export function hashSealedShare(sealed: Uint8Array): Hash {
  return hashLabelled(LABELS.sealedShare, sealed);
}

/** Signs an acceptance of up to 256 statements: one signature for a batch. */
export function signAcceptance(content: Omit<Acceptance, "v">, key: Secret<"sign">): Signed {
  return signShape(LABELS.acceptance, key, { shape: acceptanceShape, value: { v: 1, ...content } });
}

/** The acceptance inside, before its signature is checked. */
export function readAcceptance(signed: Signed): Acceptance {
  return readSigned(acceptanceShape, signed);
}

/** Checks the gate's signature and the practice. Errors: `bad-signature`, `wrong-practice`. */
export function verifyAcceptance(
  signed: Signed,
  gateKey: SignPublicKey,
  practice: PracticeId,
): Acceptance {
  const acceptance = readAcceptance(signed);
  ensure(acceptance.practice === practice, "wrong-practice");
  verifySigned(LABELS.acceptance, gateKey, signed);
  return acceptance;
}

/** Whether an acceptance names exactly this link. Error: `forked-chain` when it names another statement at that place. */
export function acceptsLink(acceptance: Acceptance, link: Link): boolean {
  const { chain, id: chainId, seq } = link.statement;
  const here = acceptance.items.filter(
    (place) => place.chain === chain && place.id === chainId && place.seq === seq,
  );
  if (here.some((place) => place.hash !== link.hash)) throw new CoreError("forked-chain");
  return here.length > 0;
}
