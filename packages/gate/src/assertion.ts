import { hash } from "node:crypto";

import { equalBytes, type Assertion, type PasskeyAlgorithm } from "@sinetti/core";
import { z } from "zod";

import { holdsSignature, readPasskeyKey } from "./passkeyKey.ts";

/** What is known of a passkey before it answers. */
export interface KnownPasskey {
  readonly credential: Uint8Array;
  readonly algorithm: PasskeyAlgorithm;
  /** SubjectPublicKeyInfo. */
  readonly key: Uint8Array;
  readonly signCount: number;
  /** Null: it never answered. */
  readonly backupEligible: boolean | null;
}

/** What an answer is held against. */
export interface ExpectedAssertion {
  readonly challenge: Uint8Array;
  /** Origins of the web clients, exactly. */
  readonly origins: readonly string[];
  readonly passkey: KnownPasskey;
}

/** What is to be remembered of a passkey that answered. */
export interface HeldAssertion {
  readonly signCount: number;
  readonly backupEligible: boolean;
}

/** The check that an answer of an authenticator did not pass; for tests and for nobody outside. */
export class AssertionFault extends Error {
  override readonly name = "AssertionFault";
  readonly step: AssertionStep;
  constructor(step: AssertionStep) {
    super(step);
    this.step = step;
  }
}
type AssertionStep =
  | "credential"
  | "client-data"
  | "type"
  | "challenge"
  | "origin"
  | "cross-origin"
  | "authenticator-data"
  | "rp-id"
  | "user-present"
  | "user-verified"
  | "backup"
  | "signature"
  | "sign-count";

function hold(condition: boolean, step: AssertionStep): asserts condition {
  if (!condition) throw new AssertionFault(step);
}

const sha256 = (bytes: Uint8Array | string): Buffer => hash("sha256", bytes, "buffer");

/** Members that are not read may be there: WebAuthn Level 3 §5.8.1 lets them grow. */
const clientDataShape = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.unknown().optional(),
});

function readClientData(bytes: Uint8Array): z.infer<typeof clientDataShape> {
  try {
    return clientDataShape.parse(
      JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
    );
  } catch {
    throw new AssertionFault("client-data");
  }
}

/** Flags of WebAuthn Level 3 §6.1. */
const FLAGS = { present: 1, verified: 4, backupEligible: 8, backedUp: 16, more: 64 + 128 };
const HEAD_BYTES = 37;

function readAuthenticatorData(bytes: Uint8Array): {
  rpIdHash: Uint8Array;
  has: (flag: keyof typeof FLAGS) => boolean;
  signCount: number;
} {
  hold(bytes.length >= HEAD_BYTES, "authenticator-data");
  const flags = bytes[32] ?? 0;
  const has = (flag: keyof typeof FLAGS): boolean => (flags & FLAGS[flag]) !== 0;
  hold(bytes.length === HEAD_BYTES || has("more"), "authenticator-data");
  const signCount = new DataView(bytes.buffer, bytes.byteOffset).getUint32(33);
  return { rpIdHash: bytes.subarray(0, 32), has, signCount };
}

/**
 * Checks a user-verified answer, step by step as WebAuthn Level 3 §7.2 lists them; what the list leaves to policy is
 * refused. Who asks is known by the signature of their request, so no user handle is needed. Error: AssertionFault.
 */
export function checkAssertion(
  { credential, clientData, authenticatorData, signature }: Assertion,
  { challenge, origins, passkey }: ExpectedAssertion,
): HeldAssertion {
  // "verify that credential.id identifies one of the public key credentials listed in allowCredentials"
  hold(equalBytes(credential, passkey.credential), "credential");
  // "Let JSONtext be the result of running UTF-8 decode"; "Let C … be the result of running an implementation-specific JSON parser"
  const client = readClientData(clientData);
  // "Verify that the value of C.type is the string webauthn.get"
  hold(client.type === "webauthn.get", "type");
  // "Verify that the value of C.challenge equals the base64url encoding of pkOptions.challenge"
  hold(client.challenge === Buffer.from(challenge).toString("base64url"), "challenge");
  // "Verify that the value of C.origin is an origin expected by the Relying Party"
  hold(origins.includes(client.origin), "origin");
  // "If C.crossOrigin is present and set to true …", "If C.topOrigin is present …": no page of ours stands in another's frame.
  hold(client.crossOrigin !== true && client.topOrigin === undefined, "cross-origin");
  const answered = readAuthenticatorData(authenticatorData);
  // "Verify that the rpIdHash in authData is the SHA-256 hash of the RP ID": clients name none, so it is the host of their origin.
  const rpId = sha256(new URL(client.origin).hostname);
  hold(equalBytes(answered.rpIdHash, rpId), "rp-id");
  // "Verify that the UP bit of the flags in authData is set"; "… verify that the UV bit of the flags in authData is set"
  hold(answered.has("present"), "user-present");
  hold(answered.has("verified"), "user-verified");
  // "If the BE bit … is not set, verify that the BS bit is not set"; "Compare credentialRecord.backupEligible and currentBe"
  const backupEligible = answered.has("backupEligible");
  hold(backupEligible || !answered.has("backedUp"), "backup");
  hold(passkey.backupEligible === null || passkey.backupEligible === backupEligible, "backup");
  // "Using credentialRecord.publicKey, verify that sig is a valid signature over the binary concatenation of authData and hash"
  const key = readPasskeyKey(passkey.key, passkey.algorithm);
  const data = Buffer.concat([authenticatorData, sha256(clientData)]);
  hold(key !== null && holdsSignature(key, passkey.algorithm, { data, signature }), "signature");
  // "If authData.signCount is nonzero or credentialRecord.signCount is nonzero": not greater means that there are two of it.
  const { signCount } = answered;
  const counts = signCount !== 0 || passkey.signCount !== 0;
  hold(!counts || signCount > passkey.signCount, "sign-count");
  return { signCount, backupEligible };
}
