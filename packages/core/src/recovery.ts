import type { Hash } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { hashLabelled, signKeyFromSeed, type SignKey } from "./sign.ts";
import { kemKeyFromSeed, type KemKey } from "./hpkeOpen.ts";
import { Secret } from "./secretValue.ts";
import { hkdf, randomBytes } from "./suite.ts";

/** The keys that the practice recovery secret gives. */
export interface RecoveryKeys {
  /** Signs the genesis; used once. */
  readonly root: SignKey;
  /** Every file's member half is wrapped to it. */
  readonly kem: KemKey;
  /** Signs `recover` and `recovery.rotate`. */
  readonly sign: SignKey;
}

/** A fresh practice recovery secret R, 32 bytes. */
export function generateRecoverySecret(): Secret<"recovery"> {
  return Secret.own("recovery", randomBytes(32));
}

/** The recovery secret, 32 bytes, as an opened device or joined shares bring it. Error: `malformed`. */
export function recoverySecretFromBytes(bytes: Uint8Array): Secret<"recovery"> {
  ensure(bytes.length === 32, "malformed");
  return Secret.own("recovery", Uint8Array.from(bytes));
}

/** The bytes of R, to be sealed on the first device until it is split. */
export function recoverySecretBytes(secret: Secret<"recovery">): Uint8Array {
  return Uint8Array.from(Secret.reveal(secret));
}

/** Derives the root, X-Wing and Ed25519 keys of R; one label each. */
export function deriveRecoveryKeys(secret: Secret<"recovery">): RecoveryKeys {
  const bytes = Secret.reveal(secret);
  return {
    root: signKeyFromSeed(hkdf(bytes, labelled(LABELS.root))),
    kem: kemKeyFromSeed(hkdf(bytes, labelled(LABELS.recoveryKem))),
    sign: signKeyFromSeed(hkdf(bytes, labelled(LABELS.recoverySign))),
  };
}

/** The commitment that tells a right secret from a wrong one when shares are joined. */
export function commitRecoverySecret(secret: Secret<"recovery">): Hash {
  return hashLabelled(LABELS.recoveryCommit, Secret.reveal(secret));
}
