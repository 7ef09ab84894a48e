import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import sodium from "libsodium-wrappers-sumo";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, concatBytes, hexToBytes } from "@sinetti/core";
import {
  boxOpen,
  chachaOpen,
  chachaSeal,
  hkdfExpand,
  hkdfExtract,
  hmacSha256,
  verifyDetached,
} from "../src/suite.ts";
import { loadSuite } from "../../../tools/testPractice.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = path.resolve(root, "../shared/data/wycheproof");

interface Fields {
  readonly [field: string]: unknown;
  readonly tcId: number;
  readonly result: "valid" | "invalid" | "acceptable";
}
interface Group {
  readonly [field: string]: unknown;
  readonly tests: Fields[];
}
interface Case extends Fields {
  readonly group: Group;
}

/** The cases of a file of C2SP/wycheproof, testvectors_v1; none when the file is not there. */
function casesOf(name: string): Case[] {
  const file = path.join(folder, `${name}_test.json.gz`);
  if (!existsSync(file)) return [];
  const { testGroups } = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as {
    testGroups: Group[];
  };
  return testGroups.flatMap((group) => group.tests.map((each) => ({ ...each, group })));
}

const bytes = (value: unknown): Uint8Array => hexToBytes(String(value));

/** Runs a check over each case; a check says what it computes where it should be `valid`, null where it refuses. */
function checkVectors(
  name: string,
  check: (each: Case) => string | null,
  expected: (each: Case) => string,
): void {
  const cases = casesOf(name);
  const wrong: number[] = [];
  for (const each of cases) {
    const result = check(each);
    const isRight =
      each.result === "invalid" ? result !== expected(each) : result === expected(each);
    if (!isRight) wrong.push(each.tcId);
  }
  process.stdout.write(`wycheproof ${name}: ${cases.length} vectors ran\n`);
  expect(wrong).toEqual([]);
}

function orNull(act: () => string | null): string | null {
  try {
    return act();
  } catch {
    return null;
  }
}

beforeAll(loadSuite);

describe("Wycheproof, as far as the suite exposes it", () => {
  test("Ed25519 verifies what is valid and nothing else", () => {
    checkVectors(
      "ed25519",
      ({ msg, sig, group }) =>
        String(
          verifyDetached(bytes(msg), bytes(sig), bytes((group["publicKey"] as { pk: string }).pk)),
        ),
      () => "true",
    );
  });

  test("HMAC-SHA256", () => {
    checkVectors(
      "hmac_sha256",
      ({ key, msg, tag }) =>
        bytesToHex(hmacSha256(bytes(key), bytes(msg))).slice(0, String(tag).length),
      ({ tag }) => String(tag),
    );
  });

  test("HKDF-SHA256", () => {
    checkVectors(
      "hkdf_sha256",
      ({ ikm, salt, info, size }) =>
        orNull(() =>
          bytesToHex(hkdfExpand(hkdfExtract(bytes(salt), bytes(ikm)), bytes(info), Number(size))),
        ),
      ({ okm }) => String(okm),
    );
  });

  test("ChaCha20-Poly1305 seals and opens", () => {
    checkVectors(
      "chacha20_poly1305",
      ({ key, iv, aad, msg, ct, tag, result }) =>
        orNull(() => {
          const ciphertext = concatBytes(bytes(ct), bytes(tag));
          const opened = bytesToHex(
            chachaOpen(bytes(key), bytes(iv), { aad: bytes(aad), ciphertext }),
          );
          const sealed = bytesToHex(
            chachaSeal(bytes(key), bytes(iv), { aad: bytes(aad), plaintext: bytes(msg) }),
          );
          return result === "valid" && sealed !== bytesToHex(ciphertext) ? null : opened;
        }),
      ({ msg }) => String(msg),
    );
  });

  test("XChaCha20-Poly1305 opens", () => {
    checkVectors(
      "xchacha20_poly1305",
      ({ key, iv, aad, ct, tag, group }) =>
        orNull(() => {
          if (group["ivSize"] !== 192) return "";
          return `ok${bytesToHex(boxOpen(bytes(key), bytes(aad), concatBytes(bytes(iv), bytes(ct), bytes(tag))))}`;
        }),
      ({ msg }) => `ok${String(msg)}`,
    );
  });

  test("X25519, which stands inside X-Wing, gives the shared secret or refuses a point of low order", () => {
    checkVectors(
      "x25519",
      ({ public: point, private: scalar, shared }) => {
        const result = orNull(() =>
          bytesToHex(sodium.crypto_scalarmult(bytes(scalar), bytes(point))),
        );
        return result ?? (/^0+$/.test(String(shared)) ? String(shared) : null);
      },
      ({ shared }) => String(shared),
    );
  });
});

describe("Wycheproof: ML-KEM-768, which stands inside X-Wing", () => {
  const ACCEPTED = "accepted what is invalid";

  test("keys from seeds", () => {
    checkVectors(
      "mlkem_768_keygen_seed",
      ({ seed, result }) =>
        orNull(() => {
          const { publicKey } = sodium.crypto_kem_mlkem768_seed_keypair(bytes(seed));
          return result === "invalid" ? ACCEPTED : bytesToHex(publicKey);
        }),
      ({ ek, result }) => (result === "invalid" ? ACCEPTED : String(ek)),
    );
  });

  test("encapsulation refuses keys out of range", () => {
    checkVectors(
      "mlkem_768_encaps",
      ({ m, ek, result }) =>
        orNull(() => {
          const made = sodium.crypto_kem_mlkem768_enc_deterministic(bytes(ek), bytes(m));
          const text = `${bytesToHex(made.ciphertext)}.${bytesToHex(made.sharedSecret)}`;
          return result === "invalid" ? ACCEPTED : text;
        }),
      ({ c, K, result }) => (result === "invalid" ? ACCEPTED : `${String(c)}.${String(K)}`),
    );
  });

  test("decapsulation from seeds, implicit rejection included", () => {
    checkVectors(
      "mlkem_768",
      ({ seed, c, result }) =>
        orNull(() => {
          const { privateKey } = sodium.crypto_kem_mlkem768_seed_keypair(bytes(seed));
          const shared = bytesToHex(sodium.crypto_kem_mlkem768_dec(bytes(c), privateKey));
          return result === "invalid" ? ACCEPTED : shared;
        }),
      ({ K, result }) => (result === "invalid" ? ACCEPTED : String(K)),
    );
  });
});
