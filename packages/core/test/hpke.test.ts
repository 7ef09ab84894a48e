import { createCipheriv, createDecipheriv } from "node:crypto";
import { AeadId, CipherSuite, HkdfSha256, type AeadInterface } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, concatBytes, hexToBytes } from "@sinetti/core";
import { generateKemKey, hpkeOpen, hpkeSeal, kemKeyFromSeed } from "@sinetti/core/secret";
import { asciiToBytes } from "../src/bytes.ts";
import { ENCAPSULATED_BYTES, HPKE_OVERHEAD_BYTES, keySchedule } from "../src/hpke.ts";
import { chachaSeal, randomBytes } from "../src/suite.ts";
import { loadSuite } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

function toBytes(data: ArrayBufferLike | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** ChaCha20-Poly1305 of OpenSSL, so that nothing of the second implementation is ours. */
const chacha: AeadInterface = {
  id: AeadId.Chacha20Poly1305,
  keySize: 32,
  nonceSize: 12,
  tagSize: 16,
  createEncryptionContext: (key) => ({
    seal: async (iv, data, aad) => {
      const cipher = createCipheriv("chacha20-poly1305", toBytes(key), toBytes(iv), {
        authTagLength: 16,
      });
      cipher.setAAD(toBytes(aad), { plaintextLength: data.byteLength });
      return toArrayBuffer(
        concatBytes(cipher.update(toBytes(data)), cipher.final(), cipher.getAuthTag()),
      );
    },
    open: async (iv, data, aad) => {
      const sealed = toBytes(data);
      const decipher = createDecipheriv("chacha20-poly1305", toBytes(key), toBytes(iv), {
        authTagLength: 16,
      });
      decipher.setAuthTag(sealed.subarray(-16));
      decipher.setAAD(toBytes(aad), { plaintextLength: sealed.length - 16 });
      return toArrayBuffer(concatBytes(decipher.update(sealed.subarray(0, -16)), decipher.final()));
    },
  }),
};

const other = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: chacha });

describe("HPKE with X-Wing against a second implementation (@hpke/core, @hpke/hybridkem-x-wing)", () => {
  const messages = [0, 1, 32, 1000].map((length) => ({
    length,
    plaintext: new Uint8Array(length).fill(length & 255),
  }));

  test.each(messages)("what we seal of $length bytes, it opens", async ({ plaintext }) => {
    const seed = randomBytes(32);
    const key = kemKeyFromSeed(Uint8Array.from(seed));
    const info = asciiToBytes("info of ours");
    const sealed = hpkeSeal(key.publicKey, info, plaintext);
    expect(sealed).toHaveLength(plaintext.length + HPKE_OVERHEAD_BYTES);
    const recipientKey = await other.kem.importKey("raw", toArrayBuffer(seed), false);
    const opened = await other.open(
      {
        recipientKey,
        enc: toArrayBuffer(sealed.subarray(0, ENCAPSULATED_BYTES)),
        info: toArrayBuffer(info),
      },
      toArrayBuffer(sealed.subarray(ENCAPSULATED_BYTES)),
    );
    expect(new Uint8Array(opened)).toEqual(plaintext);
  });

  test.each(messages)("what it seals of $length bytes, we open", async ({ plaintext }) => {
    const key = generateKemKey();
    const info = asciiToBytes("info of theirs");
    const recipientPublicKey = await other.kem.importKey("raw", toArrayBuffer(key.publicKey), true);
    const { enc, ct } = await other.seal(
      { recipientPublicKey, info: toArrayBuffer(info) },
      toArrayBuffer(plaintext),
    );
    expect(hpkeOpen(key, info, concatBytes(new Uint8Array(enc), new Uint8Array(ct)))).toEqual(
      plaintext,
    );
  });
});

describe("the key schedule (RFC 9180 appendix A.2.1: HKDF-SHA256, ChaCha20-Poly1305, base mode)", () => {
  test("gives the published key, nonce and ciphertext from the published shared secret", () => {
    const suiteId = concatBytes(
      asciiToBytes("HPKE"),
      Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03),
    );
    const sharedSecret = hexToBytes(
      "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7",
    );
    const { key, nonce } = keySchedule(sharedSecret, asciiToBytes("Ode on a Grecian Urn"), suiteId);
    expect(bytesToHex(key)).toBe(
      "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91",
    );
    expect(bytesToHex(nonce)).toBe("5c4d98150661b848853b547f");
    const plaintext = asciiToBytes("Beauty is truth, truth beauty");
    expect(bytesToHex(chachaSeal(key, nonce, { aad: asciiToBytes("Count-0"), plaintext }))).toBe(
      "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
    );
  });
});

describe("opening", () => {
  test("fails as open-failed with another key, other info, any cut and any flipped bit", () => {
    const key = generateKemKey();
    const info = asciiToBytes("info");
    const sealed = hpkeSeal(key.publicKey, info, asciiToBytes("half"));
    expect(refusal(() => hpkeOpen(generateKemKey(), info, sealed))).toBe("open-failed");
    expect(refusal(() => hpkeOpen(key, asciiToBytes("infi"), sealed))).toBe("open-failed");
    for (const length of [0, 1, ENCAPSULATED_BYTES, HPKE_OVERHEAD_BYTES - 1, sealed.length - 1])
      expect(refusal(() => hpkeOpen(key, info, sealed.subarray(0, length)))).toBe("open-failed");
    for (let at = 0; at < sealed.length; at += 31) {
      const flipped = Uint8Array.from(sealed);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      expect(refusal(() => hpkeOpen(key, info, flipped))).toBe("open-failed");
    }
  });

  test("two seals of one text share nothing", () => {
    const { publicKey } = generateKemKey();
    const info = new Uint8Array(0);
    expect(hpkeSeal(publicKey, info, info)).not.toEqual(hpkeSeal(publicKey, info, info));
  });
});
