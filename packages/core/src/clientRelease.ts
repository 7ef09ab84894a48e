import { bytesToHash, type Hash, type SignPublicKey } from "./brand.ts";
import { CoreError } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { hash, record, version, type Shaped } from "./shape.ts";
import { readSigned, signShape, verifySigned, type Signed, type SignKey } from "./sign.ts";
import { sha256 } from "./suite.ts";

const clientReleaseShape = record({
  v: version,
  /** SHA-256 of the manifest, which names every file of a web client by its SHA-256. */
  manifest: hash,
});

function hashManifest(manifest: Uint8Array): Hash {
  return bytesToHash(sha256(manifest));
}

/** Signs the manifest of a web client's release. */
export function signClientRelease(manifest: Uint8Array, key: SignKey): Signed {
  const value: Shaped<typeof clientReleaseShape> = { v: 1, manifest: hashManifest(manifest) };
  return signShape(LABELS.clientRelease, key.secret, { shape: clientReleaseShape, value });
}

/**
 * Checks that `key` signed this very manifest. Errors: `bad-signature` (another key, or another manifest), `malformed`,
 * `too-large`, `not-canonical`, `unknown-version`.
 */
export function verifyClientRelease(
  signed: Signed,
  { manifest, key }: { manifest: Uint8Array; key: SignPublicKey },
): void {
  verifySigned(LABELS.clientRelease, key, signed);
  const { manifest: named } = readSigned(clientReleaseShape, signed);
  if (named !== hashManifest(manifest)) throw new CoreError("bad-signature");
}
