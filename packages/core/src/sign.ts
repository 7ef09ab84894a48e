import type { Hash, SignPublicKey } from "./brand.ts";
import { bytesToHash, toSignPublicKey } from "./brand.ts";
import { concatBytes } from "./bytes.ts";
import { CoreError, ensure } from "./errors.ts";
import { labelled, type Label } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { decodeShape, encodeShape, type Shape } from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { randomBytes, sha256, signDetached, signKeyPair, verifyDetached } from "./suite.ts";

/** An Ed25519 key with its public half (RFC 8032 §5.1.5). */
export interface SignKey {
  readonly publicKey: SignPublicKey;
  readonly secret: Secret<"sign">;
}

/** A signed object on the wire: 64 bytes of signature, then the deterministic CBOR that it covers. */
export type Signed = Uint8Array;

const SIGNATURE_BYTES = 64;

/** The signing key of a 32-byte seed. */
export function signKeyFromSeed(seed: Uint8Array): SignKey {
  const pair = signKeyPair(seed);
  return {
    publicKey: toSignPublicKey(pair.publicKey),
    secret: Secret.own("sign", pair.privateKey),
  };
}

/** A fresh signing key and its 32-byte seed. */
export function generateSignKey(): SignKey & { seed: Uint8Array } {
  const seed = randomBytes(32);
  return { seed, ...signKeyFromSeed(seed) };
}

/** Signs the label and the deterministic CBOR of `value`. */
export function signShape<T>(
  label: Label,
  key: Secret<"sign">,
  { shape, value }: { shape: Shape<T>; value: T },
): Signed {
  const bytes = encodeShape(shape, value);
  return concatBytes(signDetached(labelled(label, bytes), Secret.reveal(key)), bytes);
}

/** The value inside a signed object, before its signature is checked. Errors: `malformed`, `too-large`, `not-canonical`, `unknown-version`. */
export function readSigned<T>(shape: Shape<T>, signed: Signed): T {
  if (signed.length > LIMITS.statementBytes) throw new CoreError("too-large");
  ensure(signed.length > SIGNATURE_BYTES, "malformed");
  return decodeShape(shape, signed.subarray(SIGNATURE_BYTES));
}

/** Checks the signature of a signed object. Error: `bad-signature`. */
export function verifySigned(label: Label, publicKey: SignPublicKey, signed: Signed): void {
  ensure(signed.length > SIGNATURE_BYTES, "malformed");
  const message = labelled(label, signed.subarray(SIGNATURE_BYTES));
  ensure(verifyDetached(message, signed.subarray(0, SIGNATURE_BYTES), publicKey), "bad-signature");
}

/** SHA-256 over a label and bytes. */
export function hashLabelled(label: Label, bytes: Uint8Array): Hash {
  return bytesToHash(sha256(labelled(label, bytes)));
}
