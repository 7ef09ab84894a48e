import { argon2Sync, hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, hexToBytes } from "@sinetti/core";
import { asciiToBytes } from "../src/bytes.ts";
import {
  argon2id,
  base64ToBytes,
  boxOpen,
  boxSeal,
  bytesToBase64,
  chachaOpen,
  chachaSeal,
  equalSecret,
  hkdf,
  hkdfExpand,
  hkdfExtract,
  hmacSha256,
  initSuite,
  kemDecapsulate,
  kemEncapsulateFrom,
  kemKeyPair,
  randomBytes,
  sha256,
  signDetached,
  signKeyPair,
  verifyDetached,
} from "../src/suite.ts";
import { loadSuite } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

const range = (from: number, to: number): Uint8Array =>
  Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);
const SUNSCREEN = asciiToBytes(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
);
const AEAD_KEY = range(0x80, 0x9f);
const AEAD_AAD = hexToBytes("50515253c0c1c2c3c4c5c6c7");

describe("Ed25519 (RFC 8032 §7.1)", () => {
  const vectors = [
    {
      name: "TEST 1",
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature:
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    },
    {
      name: "TEST 2",
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature:
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    },
    {
      name: "TEST 3",
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature:
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    },
    {
      name: "TEST SHA(abc)",
      seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      key: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      message:
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      signature:
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    },
  ];

  test.each(vectors)(
    "$name: key, signature and verification",
    ({ seed, key, message, signature }) => {
      const pair = signKeyPair(hexToBytes(seed));
      expect(bytesToHex(pair.publicKey)).toBe(key);
      const signed = signDetached(hexToBytes(message), pair.privateKey);
      expect(bytesToHex(signed)).toBe(signature);
      expect(verifyDetached(hexToBytes(message), signed, pair.publicKey)).toBe(true);
      for (let bit = 0; bit < 512; bit += 37) {
        const flipped = Uint8Array.from(signed);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(verifyDetached(hexToBytes(message), flipped, pair.publicKey)).toBe(false);
      }
    },
  );

  test("refuses keys of small order, signatures with S not below the group order, and wrong lengths", () => {
    const { publicKey, privateKey } = signKeyPair(new Uint8Array(32).fill(7));
    const message = asciiToBytes("m");
    const signature = signDetached(message, privateKey);
    const order = hexToBytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    const shifted = Uint8Array.from(signature);
    let carry = 0;
    for (let i = 0; i < 32; i++) {
      const sum = (shifted[32 + i] ?? 0) + (order[i] ?? 0) + carry;
      shifted[32 + i] = sum & 255;
      carry = sum >> 8;
    }
    expect(verifyDetached(message, shifted, publicKey)).toBe(false);
    const identity = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
    const trivial = new Uint8Array(64);
    trivial[0] = 1;
    expect(verifyDetached(message, trivial, identity)).toBe(false);
    expect(verifyDetached(message, signature.subarray(0, 63), publicKey)).toBe(false);
    expect(verifyDetached(message, signature, publicKey.subarray(0, 31))).toBe(false);
    expect(verifyDetached(message, signature, publicKey)).toBe(true);
  });
});

describe("HKDF-SHA256 (RFC 5869 appendix A)", () => {
  const vectors = [
    {
      name: "A.1",
      ikm: new Uint8Array(22).fill(0x0b),
      salt: range(0x00, 0x0c),
      info: range(0xf0, 0xf9),
      prk: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
      okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    },
    {
      name: "A.2",
      ikm: range(0x00, 0x4f),
      salt: range(0x60, 0xaf),
      info: range(0xb0, 0xff),
      prk: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
      okm: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    },
    {
      name: "A.3",
      ikm: new Uint8Array(22).fill(0x0b),
      salt: new Uint8Array(0),
      info: new Uint8Array(0),
      prk: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
      okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    },
  ];

  test.each(vectors)("$name: extract and expand", ({ ikm, salt, info, prk, okm }) => {
    expect(bytesToHex(hkdfExtract(salt, ikm))).toBe(prk);
    expect(bytesToHex(hkdfExpand(hexToBytes(prk), info, okm.length / 2))).toBe(okm);
  });

  test("without salt is A.3 in one step", () => {
    const okm =
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8";
    expect(bytesToHex(hkdf(new Uint8Array(22).fill(0x0b), new Uint8Array(0), 42))).toBe(okm);
  });

  test("gives at most 255 blocks", () => {
    expect(hkdfExpand(new Uint8Array(32), new Uint8Array(0), 255 * 32)).toHaveLength(8160);
    expect(() => hkdfExpand(new Uint8Array(32), new Uint8Array(0), 255 * 32 + 1)).toThrow(
      RangeError,
    );
  });
});

describe("hashes", () => {
  test("SHA-256 of abc (FIPS 180-4, example B.1)", () => {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(bytesToHex(sha256(asciiToBytes("abc")))).toBe(abc);
  });

  test("HMAC-SHA256 (RFC 4231 §4.3, test case 2)", () => {
    const tag = hmacSha256(asciiToBytes("Jefe"), asciiToBytes("what do ya want for nothing?"));
    expect(bytesToHex(tag)).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });
});

describe("ChaCha20-Poly1305 (RFC 8439 §2.8.2)", () => {
  test("seals and opens the sunscreen", () => {
    const nonce = hexToBytes("070000004041424344454647");
    const sealed = chachaSeal(AEAD_KEY, nonce, { aad: AEAD_AAD, plaintext: SUNSCREEN });
    expect(bytesToHex(sealed)).toBe(
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691",
    );
    expect(chachaOpen(AEAD_KEY, nonce, { aad: AEAD_AAD, ciphertext: sealed })).toEqual(SUNSCREEN);
    sealed[0] = (sealed[0] ?? 0) ^ 1;
    expect(refusal(() => chachaOpen(AEAD_KEY, nonce, { aad: AEAD_AAD, ciphertext: sealed }))).toBe(
      "open-failed",
    );
  });
});

describe("XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03 A.3.1)", () => {
  const nonce = range(0x40, 0x57);
  const ciphertext =
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49";

  test("opens the published ciphertext, and seals it when chance gives the published nonce", async () => {
    const box = hexToBytes(bytesToHex(nonce) + ciphertext);
    expect(boxOpen(AEAD_KEY, AEAD_AAD, box)).toEqual(SUNSCREEN);
    await initSuite(() => nonce);
    try {
      expect(boxSeal(AEAD_KEY, AEAD_AAD, SUNSCREEN)).toEqual(box);
    } finally {
      await loadSuite();
    }
  });

  test("takes a fresh nonce each time", () => {
    expect(boxSeal(AEAD_KEY, AEAD_AAD, SUNSCREEN)).not.toEqual(
      boxSeal(AEAD_KEY, AEAD_AAD, SUNSCREEN),
    );
  });

  test("any cut or flipped bit is open-failed", () => {
    const box = hexToBytes(bytesToHex(nonce) + ciphertext);
    for (const length of [0, 1, 24, 39, 40, box.length - 1])
      expect(refusal(() => boxOpen(AEAD_KEY, AEAD_AAD, box.subarray(0, length)))).toBe(
        "open-failed",
      );
    for (let bit = 0; bit < box.length * 8; bit += 61) {
      const flipped = Uint8Array.from(box);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusal(() => boxOpen(AEAD_KEY, AEAD_AAD, flipped))).toBe("open-failed");
    }
  });
});

describe("Argon2id (RFC 9106)", () => {
  test("computes what an implementation computes that gives the vector of RFC 9106 §5.3, at 64 MiB, 3 passes, 1 lane", () => {
    const vector = argon2Sync("argon2id", {
      message: new Uint8Array(32).fill(1),
      nonce: new Uint8Array(16).fill(2),
      secret: new Uint8Array(8).fill(3),
      associatedData: new Uint8Array(12).fill(4),
      memory: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
    });
    expect(vector.toString("hex")).toBe(
      "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
    );
    const message = asciiToBytes("correct horse battery staple");
    const nonce = range(0, 15);
    const expected = argon2Sync("argon2id", {
      message,
      nonce,
      memory: 64 * 1024,
      passes: 3,
      parallelism: 1,
      tagLength: 32,
    });
    expect(bytesToHex(argon2id(message, nonce))).toBe(expected.toString("hex"));
  });
});

describe("X-Wing (draft-connolly-cfrg-xwing-kem-08 appendix C)", () => {
  interface Vector {
    readonly seed: string;
    readonly eseed: string;
    readonly ss: string;
    readonly pk?: string;
    readonly ct?: string;
  }
  const { vectors } = JSON.parse(
    readFileSync(new URL("published/xwing.json", import.meta.url), "utf8"),
  ) as { vectors: Vector[] };

  test.each(vectors)(
    "key, encapsulation and decapsulation of seed $seed",
    ({ seed, eseed, ss }) => {
      const { publicKey, privateKey } = kemKeyPair(hexToBytes(seed));
      expect(privateKey).toEqual(hexToBytes(seed));
      const { ciphertext, sharedSecret } = kemEncapsulateFrom(publicKey, hexToBytes(eseed));
      expect(bytesToHex(sharedSecret)).toBe(ss);
      expect(bytesToHex(kemDecapsulate(ciphertext, privateKey))).toBe(ss);
    },
  );

  test("the first vector's public key and ciphertext, byte for byte", () => {
    const [first] = vectors;
    const { publicKey } = kemKeyPair(hexToBytes(first?.seed ?? ""));
    expect(bytesToHex(publicKey)).toBe(first?.pk);
    expect(
      bytesToHex(kemEncapsulateFrom(publicKey, hexToBytes(first?.eseed ?? "")).ciphertext),
    ).toBe(first?.ct);
  });

  test("a public key that is none is malformed", () => {
    expect(
      refusal(() => kemEncapsulateFrom(new Uint8Array(1216).fill(255), new Uint8Array(64))),
    ).toBe("malformed");
  });
});

describe("the edges of the suite", () => {
  test("Base64 has one form for each byte string (RFC 4648 §3.5)", () => {
    expect(bytesToBase64(Uint8Array.of(255, 254, 253))).toBe("//79");
    expect(base64ToBytes("//79")).toEqual(Uint8Array.of(255, 254, 253));
    for (const text of ["AA", "AB==", "A===", "AAA", "AA= =", "AA==\n", "_-79"])
      expect(refusal(() => base64ToBytes(text))).toBe("malformed");
  });

  test("secrets are compared by content and length", () => {
    expect(equalSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  });

  test("a platform's SHA-256 is used when it is SHA-256, and refused when it is not", async () => {
    let asked = 0;
    const counted = (bytes: Uint8Array): Uint8Array => {
      asked++;
      return new Uint8Array(hash("sha256", bytes, "buffer"));
    };
    const random = (count: number): Uint8Array => new Uint8Array(count);
    try {
      await initSuite(random, { sha256: counted });
      const own = sha256(asciiToBytes("abc"));
      expect(asked).toBe(2);
      await initSuite(random);
      expect(own).toEqual(sha256(asciiToBytes("abc")));
      expect(asked).toBe(2);
      const other = (bytes: Uint8Array): Uint8Array =>
        new Uint8Array(hash("sha512-256", bytes, "buffer"));
      await expect(initSuite(random, { sha256: other })).rejects.toThrow(TypeError);
    } finally {
      await loadSuite();
    }
  });

  test("a random source that gives too little is our own bug", async () => {
    await initSuite(() => new Uint8Array(1));
    try {
      expect(() => randomBytes(2)).toThrow(TypeError);
    } finally {
      await loadSuite();
    }
  });
});
