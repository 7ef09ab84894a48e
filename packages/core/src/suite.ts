import sodium from "libsodium-wrappers-sumo";
import { concatBytes, equalBytes } from "./bytes.ts";
import { CoreError } from "./errors.ts";

/** Gives `count` random bytes from the platform's cryptographic generator. */
export type RandomSource = (count: number) => Uint8Array;

/** SHA-256 (FIPS 180-4) as the platform computes it. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

let randomSource: RandomSource | null = null;
let platformSha256: Sha256 | null = null;

/** How many costly operations this process has done since it started; for metrics and cost tests. */
export const operationCounts = {
  signatures: 0,
  verifications: 0,
  encapsulations: 0,
  decapsulations: 0,
};

/**
 * Loads the primitives once and takes the random source; everything else in core is synchronous after it. A platform with
 * a faster SHA-256 may hand it in; one that gives another answer than libsodium's is a TypeError.
 */
export async function initSuite(
  random: RandomSource,
  { sha256: faster = null }: { sha256?: Sha256 | null } = {},
): Promise<void> {
  await sodium.ready;
  const probe = Uint8Array.of(1, 2, 3);
  if (faster !== null && !equalBytes(faster(probe), sodium.crypto_hash_sha256(probe)))
    throw new TypeError("the platform's SHA-256 is another function");
  randomSource = random;
  platformSha256 = faster;
}

/** Random bytes from the injected source. */
export function randomBytes(count: number): Uint8Array {
  if (randomSource === null) throw new TypeError("initSuite was not called");
  const bytes = randomSource(count);
  if (bytes.length !== count) throw new TypeError("the random source gave a wrong length");
  return bytes;
}

/** SHA-256 (FIPS 180-4), 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return platformSha256 === null ? sodium.crypto_hash_sha256(bytes) : platformSha256(bytes);
}

/** HMAC-SHA256 (RFC 2104) with a key of any length, 32 bytes. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const state = sodium.crypto_auth_hmacsha256_init(key);
  sodium.crypto_auth_hmacsha256_update(state, message);
  return sodium.crypto_auth_hmacsha256_final(state);
}

/** HKDF-Extract with SHA-256 (RFC 5869 §2.2). */
export function hkdfExtract(salt: Uint8Array, ikm: Uint8Array): Uint8Array {
  return hmacSha256(salt.length === 0 ? new Uint8Array(32) : salt, ikm);
}

/** HKDF-Expand with SHA-256 (RFC 5869 §2.3), at most 255 × 32 bytes. */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * 32) throw new RangeError("HKDF output too long");
  const blocks: Uint8Array[] = [];
  let previous = new Uint8Array(0);
  for (let i = 1; blocks.length * 32 < length; i++) {
    previous = new Uint8Array(hmacSha256(prk, concatBytes(previous, info, Uint8Array.of(i))));
    blocks.push(previous);
  }
  return concatBytes(...blocks).subarray(0, length);
}

/** HKDF-SHA256 (RFC 5869 §2) without salt, for key material that is already uniform. */
export function hkdf(ikm: Uint8Array, info: Uint8Array, length = 32): Uint8Array {
  return hkdfExpand(hkdfExtract(new Uint8Array(0), ikm), info, length);
}

/** Ed25519 key pair of a 32-byte seed (RFC 8032 §5.1.5). */
export function signKeyPair(seed: Uint8Array): { publicKey: Uint8Array; privateKey: Uint8Array } {
  return sodium.crypto_sign_seed_keypair(seed);
}

/** Ed25519 signature (RFC 8032 §5.1.6), 64 bytes. */
export function signDetached(message: Uint8Array, privateKey: Uint8Array): Uint8Array {
  operationCounts.signatures++;
  return sodium.crypto_sign_detached(message, privateKey);
}

/** Strict Ed25519 verification (RFC 8032 §5.1.7; canonical S, no small-order keys). */
export function verifyDetached(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  operationCounts.verifications++;
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

/** X-Wing key pair of a 32-byte seed (draft-connolly-cfrg-xwing-kem §5.2). */
export function kemKeyPair(seed: Uint8Array): { publicKey: Uint8Array; privateKey: Uint8Array } {
  return sodium.crypto_kem_xwing_seed_keypair(seed);
}

/** X-Wing encapsulation (draft-connolly-cfrg-xwing-kem §5.4) with 64 bytes of the injected randomness. */
export function kemEncapsulate(publicKey: Uint8Array): {
  ciphertext: Uint8Array;
  sharedSecret: Uint8Array;
} {
  return kemEncapsulateFrom(publicKey, randomBytes(64));
}

/** X-Wing encapsulation from given randomness (§5.4.1); for the published vectors, never for sealing. */
export function kemEncapsulateFrom(
  publicKey: Uint8Array,
  seed: Uint8Array,
): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
  operationCounts.encapsulations++;
  try {
    return sodium.crypto_kem_xwing_enc_deterministic(publicKey, seed);
  } catch (cause) {
    throw new CoreError("malformed", { cause });
  }
}

/** X-Wing decapsulation (draft-connolly-cfrg-xwing-kem §5.5). Error: `open-failed` for a point of low order. */
export function kemDecapsulate(ciphertext: Uint8Array, privateKey: Uint8Array): Uint8Array {
  operationCounts.decapsulations++;
  try {
    return sodium.crypto_kem_xwing_dec(ciphertext, privateKey);
  } catch (cause) {
    throw new CoreError("open-failed", { cause });
  }
}

/** ChaCha20-Poly1305 (RFC 8439 §2.8) under a key that is used once. */
export function chachaSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  { aad, plaintext }: { aad: Uint8Array; plaintext: Uint8Array },
): Uint8Array {
  return sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key);
}

/** Opens ChaCha20-Poly1305; any failure is `open-failed`. */
export function chachaOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  { aad, ciphertext }: { aad: Uint8Array; ciphertext: Uint8Array },
): Uint8Array {
  try {
    return sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, ciphertext, aad, nonce, key);
  } catch (cause) {
    throw new CoreError("open-failed", { cause });
  }
}

/** Bytes that a box is longer than its plaintext: 24 of nonce, 16 of tag. */
export const BOX_OVERHEAD_BYTES = 40;

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha §2) with a fresh random 192-bit nonce: nonce ‖ ciphertext. */
export function boxSeal(key: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const nonce = randomBytes(24);
  return concatBytes(
    nonce,
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key),
  );
}

/** Opens nonce ‖ ciphertext; any failure is `open-failed`. */
export function boxOpen(key: Uint8Array, aad: Uint8Array, box: Uint8Array): Uint8Array {
  if (box.length < BOX_OVERHEAD_BYTES) throw new CoreError("open-failed");
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      box.subarray(24),
      aad,
      box.subarray(0, 24),
      key,
    );
  } catch (cause) {
    throw new CoreError("open-failed", { cause });
  }
}

/** Argon2id (RFC 9106 §4, second recommended option: 64 MiB, 3 passes, 1 lane), 32 bytes; salt of 16 bytes. */
export function argon2id(password: Uint8Array, salt: Uint8Array): Uint8Array {
  return sodium.crypto_pwhash(
    32,
    password,
    salt,
    3,
    64 * 1024 * 1024,
    sodium.crypto_pwhash_ALG_ARGON2ID13,
  );
}

/** Whether two byte strings are equal, in time that depends on their length alone. */
export function equalSecret(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && sodium.memcmp(a, b);
}

/** UTF-8 bytes of a text. */
export function utf8ToBytes(text: string): Uint8Array {
  return sodium.from_string(text);
}

/** Standard Base64 with padding (RFC 4648 §4). */
export function bytesToBase64(bytes: Uint8Array): string {
  return sodium.to_base64(bytes, sodium.base64_variants.ORIGINAL);
}

/** Bytes of standard Base64; anything else is `malformed`. */
export function base64ToBytes(text: string): Uint8Array {
  try {
    return sodium.from_base64(text, sodium.base64_variants.ORIGINAL);
  } catch (cause) {
    throw new CoreError("malformed", { cause });
  }
}
