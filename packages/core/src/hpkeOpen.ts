import type { KemPublicKey } from "./brand.ts";
import { toKemPublicKey } from "./brand.ts";
import { CoreError } from "./errors.ts";
import { ENCAPSULATED_BYTES, HPKE_OVERHEAD_BYTES, keySchedule } from "./hpke.ts";
import { Secret } from "./secretValue.ts";
import { chachaOpen, kemDecapsulate, kemKeyPair, randomBytes } from "./suite.ts";

/** An X-Wing key with its public half. */
export interface KemKey {
  readonly publicKey: KemPublicKey;
  readonly secret: Secret<"kem-seed">;
}

/** The X-Wing key of a 32-byte seed (draft-connolly-cfrg-xwing-kem §5.2: the private key is the seed). */
export function kemKeyFromSeed(seed: Uint8Array): KemKey {
  const pair = kemKeyPair(seed);
  return {
    publicKey: toKemPublicKey(pair.publicKey),
    secret: Secret.own("kem-seed", pair.privateKey),
  };
}

/** A fresh X-Wing key. */
export function generateKemKey(): KemKey {
  return kemKeyFromSeed(randomBytes(32));
}

/** HPKE single-shot open in base mode (RFC 9180 §6.1). Error: `open-failed`. */
export function hpkeOpen(key: KemKey, info: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (sealed.length < HPKE_OVERHEAD_BYTES) throw new CoreError("open-failed");
  const sharedSecret = kemDecapsulate(
    sealed.subarray(0, ENCAPSULATED_BYTES),
    Secret.reveal(key.secret),
  );
  const schedule = keySchedule(sharedSecret, info);
  return chachaOpen(schedule.key, schedule.nonce, {
    aad: new Uint8Array(0),
    ciphertext: sealed.subarray(ENCAPSULATED_BYTES),
  });
}
