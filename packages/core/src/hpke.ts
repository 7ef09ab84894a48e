import type { KemPublicKey } from "./brand.ts";
import { asciiToBytes, concatBytes } from "./bytes.ts";
import { chachaSeal, hkdfExpand, hkdfExtract, kemEncapsulate } from "./suite.ts";

/** RFC 9180 §7: KEM X-Wing 0x647a (draft-connolly-cfrg-xwing-kem §6), KDF HKDF-SHA256 0x0001, AEAD ChaCha20-Poly1305 0x0003. */
const SUITE_ID = concatBytes(
  asciiToBytes("HPKE"),
  Uint8Array.of(0x64, 0x7a, 0x00, 0x01, 0x00, 0x03),
);
const VERSION = asciiToBytes("HPKE-v1");
const EMPTY = new Uint8Array(0);
/** RFC 9180 §5: mode_base. */
const MODE_BASE = 0x00;
/** Bytes of an X-Wing ciphertext (draft-connolly-cfrg-xwing-kem §5.1). */
export const ENCAPSULATED_BYTES = 1120;
/** Bytes that an HPKE ciphertext is longer than its plaintext: the encapsulated key and the tag. */
export const HPKE_OVERHEAD_BYTES = ENCAPSULATED_BYTES + 16;

/** RFC 9180 §4: LabeledExtract. */
function labeledExtract(
  suiteId: Uint8Array,
  label: string,
  { salt, ikm }: { salt: Uint8Array; ikm: Uint8Array },
): Uint8Array {
  return hkdfExtract(salt, concatBytes(VERSION, suiteId, asciiToBytes(label), ikm));
}

/** RFC 9180 §4: LabeledExpand. */
function labeledExpand(
  suiteId: Uint8Array,
  label: string,
  { prk, info, length }: { prk: Uint8Array; info: Uint8Array; length: number },
): Uint8Array {
  const lengthBytes = Uint8Array.of(length >> 8, length & 255);
  return hkdfExpand(
    prk,
    concatBytes(lengthBytes, VERSION, suiteId, asciiToBytes(label), info),
    length,
  );
}

/**
 * RFC 9180 §5.1: KeySchedule in base mode; the nonce of the first and only message is the base nonce. `suiteId` is another
 * than ours in the published vectors alone, which know no X-Wing.
 */
export function keySchedule(
  sharedSecret: Uint8Array,
  info: Uint8Array,
  suiteId: Uint8Array = SUITE_ID,
): { key: Uint8Array; nonce: Uint8Array } {
  const pskIdHash = labeledExtract(suiteId, "psk_id_hash", { salt: EMPTY, ikm: EMPTY });
  const infoHash = labeledExtract(suiteId, "info_hash", { salt: EMPTY, ikm: info });
  const context = concatBytes(Uint8Array.of(MODE_BASE), pskIdHash, infoHash);
  const secret = labeledExtract(suiteId, "secret", { salt: sharedSecret, ikm: EMPTY });
  return {
    key: labeledExpand(suiteId, "key", { prk: secret, info: context, length: 32 }),
    nonce: labeledExpand(suiteId, "base_nonce", { prk: secret, info: context, length: 12 }),
  };
}

/** HPKE single-shot seal in base mode (RFC 9180 §6.1): 1120 bytes of encapsulated key, then the ciphertext. */
export function hpkeSeal(
  recipient: KemPublicKey,
  info: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const { ciphertext, sharedSecret } = kemEncapsulate(recipient);
  const { key, nonce } = keySchedule(sharedSecret, info);
  return concatBytes(ciphertext, chachaSeal(key, nonce, { aad: EMPTY, plaintext }));
}
