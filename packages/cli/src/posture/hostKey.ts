import { existsSync, readFileSync } from "node:fs";

import { bytesToHex, hexToBytes } from "@sinetti/core";
import { generateSignKey, signKeyFromSeed, type SignKey } from "@sinetti/core/secret";

import { InputError } from "../inputError.ts";
import { privacyFault } from "../serve/configFiles.ts";
import { writeSecretFile } from "../start/secretFile.ts";

const KEY = /^[0-9a-f]{64}$/;

/** Makes the key of a host in a file that only its owner reads; gives its public half. Error: InputError where the file is there. */
export function makeHostKey(path: string): string {
  if (existsSync(path)) throw new InputError(path, "a file of this name is there; it is kept");
  const { seed, publicKey } = generateSignKey();
  writeSecretFile(path, bytesToHex(seed));
  return bytesToHex(publicKey);
}

/** The key in a file. Error: InputError. */
export function readHostKey(path: string): SignKey {
  const fault = existsSync(path) ? privacyFault(path) : null;
  // Whoever else reads it says in this host's name what it cannot reach.
  if (fault !== null) throw new InputError(path, fault);
  const text = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (!KEY.test(text))
    throw new InputError(
      path,
      "the key of a host is missing or damaged; sinetti check key makes one",
    );
  return signKeyFromSeed(hexToBytes(text));
}
