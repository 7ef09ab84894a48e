import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

import type { Assertion, Passkey, PasskeyAlgorithm } from "@sinetti/core";

/** Flags of authenticator data (WebAuthn Level 3 §6.1). */
export const FLAGS = { present: 1, verified: 4, backupEligible: 8, backedUp: 16 };

/** What an answer says beside its challenge. */
export interface AnswerOptions {
  readonly origin: string;
  readonly type?: string;
  readonly rpId?: string;
  readonly flags?: number;
  readonly signCount?: number;
  /** Members of the client data beside the usual ones. */
  readonly more?: Readonly<Record<string, unknown>>;
}

function makeKeys(algorithm: PasskeyAlgorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  if (algorithm === "EdDSA") return generateKeyPairSync("ed25519");
  if (algorithm === "ES256") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** An authenticator in memory with one passkey: it answers whatever it is asked, also wrongly when a test says so. */
export class SoftAuthenticator {
  readonly passkey: Passkey;
  readonly #key: KeyObject;

  constructor(algorithm: PasskeyAlgorithm = "ES256") {
    const { privateKey, publicKey } = makeKeys(algorithm);
    this.#key = privateKey;
    const key = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
    this.passkey = { credential: new Uint8Array(randomBytes(32)), algorithm, key };
  }

  /** An assertion as a browser would hand it out. */
  answer(challenge: Uint8Array, options: AnswerOptions): Assertion {
    const { origin, type = "webauthn.get", flags = FLAGS.present | FLAGS.verified } = options;
    const { rpId = new URL(origin).hostname, signCount = 0, more } = options;
    const encoded = Buffer.from(challenge).toString("base64url");
    const client = { type, challenge: encoded, origin, crossOrigin: false, ...more };
    const clientData = Buffer.from(JSON.stringify(client));
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags);
    tail.writeUInt32BE(signCount, 1);
    const sha256 = (bytes: string | Buffer): Buffer => createHash("sha256").update(bytes).digest();
    const authenticatorData = Buffer.concat([sha256(rpId), tail]);
    const data = Buffer.concat([authenticatorData, sha256(clientData)]);
    const { algorithm, credential } = this.passkey;
    return {
      credential,
      clientData: new Uint8Array(clientData),
      authenticatorData: new Uint8Array(authenticatorData),
      signature: new Uint8Array(sign(algorithm === "EdDSA" ? null : "sha256", data, this.#key)),
    };
  }
}
