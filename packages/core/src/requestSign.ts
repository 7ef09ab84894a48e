import { Secret } from "./secretValue.ts";
import type { SignKey } from "./sign.ts";
import { signDetached } from "./suite.ts";

/** Signs the signature base of a request (RFC 9421 §3.1) with a request key that is held as a seed; 64 bytes. */
export function signRequest(key: SignKey, base: Uint8Array): Uint8Array {
  return signDetached(base, Secret.reveal(key.secret));
}
