import { createPublicKey, verify, type KeyObject } from "node:crypto";

import type { PasskeyAlgorithm } from "@sinetti/core";

const RSA_BITS = { min: 2048, max: 4096 };

function fits(key: KeyObject, algorithm: PasskeyAlgorithm): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (algorithm === "EdDSA") return type === "ed25519";
  if (algorithm === "ES256") return type === "ec" && details?.namedCurve === "prime256v1";
  const bits = details?.modulusLength ?? 0;
  return type === "rsa" && bits >= RSA_BITS.min && bits <= RSA_BITS.max;
}

/** A passkey's public key from its SubjectPublicKeyInfo; null: it is none, or none of this algorithm. */
export function readPasskeyKey(spki: Uint8Array, algorithm: PasskeyAlgorithm): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return fits(key, algorithm) ? key : null;
  } catch {
    return null;
  }
}

/** Whether a signature in the form of WebAuthn Level 3 §6.5.5 holds: DER for ES256, PKCS #1 v1.5 for RS256. */
export function holdsSignature(
  key: KeyObject,
  algorithm: PasskeyAlgorithm,
  { data, signature }: { data: Uint8Array; signature: Uint8Array },
): boolean {
  return verify(algorithm === "EdDSA" ? null : "sha256", data, key, signature);
}
