import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bytesToHex, hexToBytes, toSignPublicKey, type SignPublicKey } from "@sinetti/core";
import {
  generateSignKey,
  signClientRelease,
  signKeyFromSeed,
  type SignKey,
} from "@sinetti/core/secret";

import { writeSecretFile } from "../start/secretFile.ts";
import { SiteError } from "./siteError.ts";
import { MANIFEST, SIGNATURE, parseManifest } from "./siteManifest.ts";

const KEY = /^[0-9a-f]{64}$/;

/** Makes a release key in a file that only its owner reads; gives its public half. Error: `file-exists`. */
export function makeReleaseKey(path: string): SignPublicKey {
  if (existsSync(path)) throw new SiteError("file-exists", [path]);
  const { seed, publicKey } = generateSignKey();
  writeSecretFile(path, bytesToHex(seed));
  return publicKey;
}

function readReleaseKey(path: string): SignKey {
  const text = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (!KEY.test(text)) throw new SiteError("key-unreadable", [path]);
  return signKeyFromSeed(hexToBytes(text));
}

/** A public release key, 64 hexadecimal digits or a file of them; null: neither. */
export function readPublicKey(text: string): SignPublicKey | null {
  const found = existsSync(text) ? readFileSync(text, "utf8").trim() : text;
  return KEY.test(found) ? toSignPublicKey(hexToBytes(found)) : null;
}

/** Signs what a folder's manifest says, beside it. Errors: `manifest-missing`, `manifest-unreadable`, `key-unreadable`. */
export function signSite(
  folder: string,
  keyFile: string,
): { version: string; files: number; key: SignPublicKey } {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) throw new SiteError("manifest-missing", [folder]);
  const manifest = readFileSync(path);
  const { version, files } = parseManifest(manifest);
  const key = readReleaseKey(keyFile);
  writeFileSync(join(folder, SIGNATURE), `${bytesToHex(signClientRelease(manifest, key))}\n`);
  return { version, files: files.length, key: key.publicKey };
}
