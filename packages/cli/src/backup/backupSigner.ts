import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { join } from "node:path";

import { ensureSecretFile, writeSecretFile } from "../start/secretFile.ts";

const KEY_FILE = "backup.key";
const KEY_BYTES = 32;
/** RFC 8410 §7 and §4: everything of a key that comes before its 32 bytes. */
const PKCS8_PREFIX = "302e020100300506032b657004220420";
const SPKI_PREFIX = "302a300506032b6570032100";

/** The key with which this system signs its backups: Ed25519, in the data folder and inside the backups. */
export interface BackupSigner {
  /** 32 bytes in hexadecimal. */
  readonly publicKey: string;
  /** 32 bytes in hexadecimal: what is restored signs on with it. */
  readonly seed: string;
  sign(text: string): string;
}

/** Reads the key of a data folder, made at the first backup. */
export function openSigner(data: string): BackupSigner {
  const seed = ensureSecretFile(join(data, KEY_FILE), { bytes: KEY_BYTES, mayMake: true });
  const der = Buffer.from(PKCS8_PREFIX + seed, "hex");
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    publicKey: spki.subarray(-KEY_BYTES).toString("hex"),
    seed,
    sign: (text) => sign(null, Buffer.from(text), key).toString("hex"),
  };
}

/** Lays the key of an earlier system down, so that who keeps its public half knows the next backups too. */
export function putSignerSeed(data: string, seed: string): void {
  writeSecretFile(join(data, KEY_FILE), seed);
}

/** Whether the signature of a text holds. */
export function isSignedBy(
  publicKey: string,
  { text, signature }: { text: string; signature: string },
): boolean {
  const der = Buffer.from(SPKI_PREFIX + publicKey, "hex");
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, "hex"));
}
