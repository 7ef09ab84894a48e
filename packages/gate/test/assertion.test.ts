import { hexToBytes, type Assertion } from "@sinetti/core";
import { describe, expect, it } from "vitest";

import { FLAGS, SoftAuthenticator, type AnswerOptions } from "../../../tools/softAuthenticator.ts";
import {
  AssertionFault,
  checkAssertion,
  type ExpectedAssertion,
  type KnownPasskey,
} from "../src/assertion.ts";
import { readPasskeyKey } from "../src/passkeyKey.ts";

const ORIGIN = "https://practice.example";
const challenge = new Uint8Array(32).fill(7);
const authenticator = new SoftAuthenticator();
const fresh: KnownPasskey = { ...authenticator.passkey, signCount: 0, backupEligible: null };
const expected: ExpectedAssertion = { challenge, origins: [ORIGIN], passkey: fresh };

function faultOf(assertion: Assertion, against: ExpectedAssertion = expected): string {
  try {
    checkAssertion(assertion, against);
    return "held";
  } catch (error) {
    if (error instanceof AssertionFault) return error.step;
    throw error;
  }
}
const answer = (options: Partial<AnswerOptions> = {}): Assertion =>
  authenticator.answer(challenge, { origin: ORIGIN, ...options });

describe("an assertion", () => {
  it("is refused for another type, challenge, origin or frame", () => {
    expect(faultOf(answer({ type: "webauthn.create" }))).toBe("type");
    const other = authenticator.answer(new Uint8Array(32), { origin: ORIGIN });
    expect(faultOf(other)).toBe("challenge");
    for (const origin of ["https://evil.example", "http://practice.example", `${ORIGIN}:444`])
      expect(faultOf(answer({ origin, rpId: "practice.example" }))).toBe("origin");
    expect(faultOf(answer({ more: { crossOrigin: true } }))).toBe("cross-origin");
    expect(faultOf(answer({ more: { topOrigin: ORIGIN } }))).toBe("cross-origin");
  });

  it("is refused for another relying party, also a parent of ours", () => {
    for (const rpId of ["evil.example", "example", ORIGIN])
      expect(faultOf(answer({ rpId }))).toBe("rp-id");
  });

  it("is refused without presence, without verification, and with flags that contradict each other", () => {
    expect(faultOf(answer({ flags: FLAGS.verified }))).toBe("user-present");
    expect(faultOf(answer({ flags: FLAGS.present }))).toBe("user-verified");
    const both = FLAGS.present | FLAGS.verified;
    expect(faultOf(answer({ flags: both | FLAGS.backedUp }))).toBe("backup");
    const synced = { ...expected, passkey: { ...fresh, backupEligible: true } };
    expect(faultOf(answer({ flags: both }), synced)).toBe("backup");
  });

  it("is refused when its counter stays or goes back", () => {
    const at = (signCount: number) => ({ ...expected, passkey: { ...fresh, signCount } });
    for (const signCount of [0, 4, 5])
      expect(faultOf(answer({ signCount }), at(5))).toBe("sign-count");
    expect(faultOf(answer({ signCount: 6 }), at(5))).toBe("held");
  });

  it("is refused for another key, and when any byte of what it signs was changed", () => {
    const { passkey } = new SoftAuthenticator();
    const stranger = { ...fresh, key: passkey.key };
    expect(faultOf(answer(), { ...expected, passkey: stranger })).toBe("signature");
    expect(faultOf({ ...answer(), credential: passkey.credential })).toBe("credential");
    const changed = answer({ signCount: 1 });
    changed.authenticatorData[36] = 9;
    expect(faultOf(changed)).toBe("signature");
    const spaced = answer();
    const clientData = new TextEncoder().encode(`${new TextDecoder().decode(spaced.clientData)} `);
    expect(faultOf({ ...spaced, clientData })).toBe("signature");
    expect(faultOf({ ...answer(), signature: new Uint8Array() })).toBe("signature");
  });

  it("is refused where it is no JSON, no UTF-8, or too short", () => {
    for (const clientData of [[0xff, 0xfe], [...Buffer.from("{")], [...Buffer.from("null")]])
      expect(faultOf({ ...answer(), clientData: Uint8Array.from(clientData) })).toBe("client-data");
    const { authenticatorData } = answer();
    const cut = { ...answer(), authenticatorData: authenticatorData.subarray(0, 36) };
    expect(faultOf(cut)).toBe("authenticator-data");
    const longer = Uint8Array.from([...authenticatorData, 0]);
    expect(faultOf({ ...answer(), authenticatorData: longer })).toBe("authenticator-data");
  });

  it("holds by each of the three algorithms, and says what to remember", () => {
    for (const algorithm of ["ES256", "EdDSA", "RS256"] as const) {
      const soft = new SoftAuthenticator(algorithm);
      const passkey = { ...soft.passkey, signCount: 3, backupEligible: null };
      const flags = FLAGS.present | FLAGS.verified | FLAGS.backupEligible;
      const assertion = soft.answer(challenge, { origin: ORIGIN, signCount: 4, flags });
      const held = checkAssertion(assertion, { ...expected, passkey });
      expect(held).toEqual({ signCount: 4, backupEligible: true });
    }
  });
});

describe("a public key", () => {
  it("is refused of another algorithm or curve, and where it is none", () => {
    const { key } = authenticator.passkey;
    expect(readPasskeyKey(key, "ES256")).not.toBeNull();
    expect(readPasskeyKey(key, "EdDSA")).toBeNull();
    expect(readPasskeyKey(key, "RS256")).toBeNull();
    expect(readPasskeyKey(key.subarray(1), "ES256")).toBeNull();
    expect(readPasskeyKey(new Uint8Array(), "ES256")).toBeNull();
  });
});

/** SubjectPublicKeyInfo of a P-256 point. */
const spki = (x: string, y: string): Uint8Array =>
  hexToBytes(`3059301306072a8648ce3d020106082a8648ce3d03010703420004${x}${y}`);

/** WebAuthn Level 3 §16 (test vectors), by their names there: relying party `example.org`, origin `https://example.org`. */
const PUBLISHED = {
  // "packed.ES256": UP, UV and BE.
  verified: {
    challenge: "b1106fa46a57bef1781511c0557dc898a03413d5f0f17d244630c194c7e1adb5",
    credential: "c9a6f5b3462d02873fea0c56862234f99f081728084e511bb7760201a89054a5",
    x: "1cf27f25da591208a4239c2e324f104f585525479a29edeedd830f48e77aeae5",
    y: "59e4b7da6c0106e206ce390c93ab98a15a5ec3887e57f0cc2bece803b920c423",
    authenticatorData: "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50d00000000",
    clientData:
      "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a2273524276704770587676463446524841565833496d4b4130453958773858306b526a44426c4d6668726255222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20415a4d77794d78496244382d756775464e7036723851227d",
    signature:
      "30450220694969d3ee928de6f02ef23a9c644d7d779916451734a94b432542f498a1ebe90221008b0819c824218a97152cd099c55bfb1477b29d900a49a64018314f9bfccda163",
  },
  // "none.ES256": UP, BE and BS, no UV.
  present: {
    challenge: "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
    credential: "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
    x: "afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61",
    y: "930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
    authenticatorData: "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
    clientData:
      "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
    signature:
      "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
  },
};

function publishedCase(of: (typeof PUBLISHED)["verified"]): {
  assertion: Assertion;
  against: ExpectedAssertion;
} {
  const credential = hexToBytes(of.credential);
  const passkey = {
    credential,
    algorithm: "ES256" as const,
    key: spki(of.x, of.y),
    signCount: 0,
    backupEligible: true,
  };
  return {
    assertion: {
      credential,
      clientData: hexToBytes(of.clientData),
      authenticatorData: hexToBytes(of.authenticatorData),
      signature: hexToBytes(of.signature),
    },
    against: { challenge: hexToBytes(of.challenge), origins: ["https://example.org"], passkey },
  };
}

describe("the published vectors of WebAuthn Level 3", () => {
  it("hold where a user was verified, and are refused where none was", () => {
    const verified = publishedCase(PUBLISHED.verified);
    expect(faultOf(verified.assertion, verified.against)).toBe("held");
    const present = publishedCase(PUBLISHED.present);
    expect(faultOf(present.assertion, present.against)).toBe("user-verified");
  });

  it("are refused with the signature of another", () => {
    const { assertion, against } = publishedCase(PUBLISHED.verified);
    const { signature } = publishedCase(PUBLISHED.present).assertion;
    expect(faultOf({ ...assertion, signature }, against)).toBe("signature");
  });
});
