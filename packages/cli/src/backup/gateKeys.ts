import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";

import { checkReadable } from "../input/readBytes.ts";
import { seedToPublicKey } from "../start/serviceSecrets.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { decryptFile } from "./ageFile.ts";
import { BackupError } from "./backupError.ts";

/** The gate's three keys, each 32 bytes in hexadecimal. */
export interface GateKeys {
  readonly serviceKey: string;
  readonly encryptionKey: string;
  readonly lookupKey: string;
}

const FILES: Readonly<Record<keyof GateKeys, string>> = {
  serviceKey: "service.key",
  encryptionKey: "kek.key",
  lookupKey: "lookup.key",
};
const NAMES = Object.keys(FILES) as (keyof GateKeys)[];
const KEY = /^[0-9a-f]{64}$/;
const KIND = "sinetti-gate-keys";

/** The keys in a gate's folder of secrets. Error: `gate-secrets-missing`. */
export function readGateKeys(secrets: string): GateKeys {
  const read = (name: keyof GateKeys): string => {
    const path = join(secrets, FILES[name]);
    const text = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
    if (!KEY.test(text)) throw new BackupError("gate-secrets-missing", { detail: FILES[name] });
    return text;
  };
  return {
    serviceKey: read("serviceKey"),
    encryptionKey: read("encryptionKey"),
    lookupKey: read("lookupKey"),
  };
}

/** Whether all three keys are in the folder. */
export function hasGateKeys(secrets: string): boolean {
  return NAMES.every((name) => existsSync(join(secrets, FILES[name])));
}

/** The names of the files that hold the keys. */
export const GATE_KEY_FILES: readonly string[] = Object.values(FILES);

/** Puts keys where a gate reads them; one that is there must be the same. Error: `gate-key-other`. */
export function putGateKeys(secrets: string, keys: GateKeys): void {
  for (const name of NAMES) {
    const path = join(secrets, FILES[name]);
    if (existsSync(path) && readFileSync(path, "utf8").trim() !== keys[name])
      throw new BackupError("gate-key-other", { detail: FILES[name] });
  }
  for (const name of NAMES) {
    const path = join(secrets, FILES[name]);
    if (!existsSync(path)) writeSecretFile(path, keys[name]);
  }
}

/** The keys as they are written out, before they are encrypted. */
export async function* gateKeysText(keys: GateKeys, made: Date): AsyncGenerator<Uint8Array> {
  const publicKey = seedToPublicKey(keys.serviceKey);
  const content = { kind: KIND, v: 1, made: made.toISOString(), publicKey, ...keys };
  yield Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}

/** The keys in an encrypted file. Errors: `wrong-identity`, `damaged`, `newer-format`. */
export async function openGateKeys(path: string, identities: readonly string[]): Promise<GateKeys> {
  checkReadable(path);
  const bytes = await buffer(Readable.from(decryptFile(path, identities)));
  let value: Readonly<Record<string, unknown>>;
  try {
    value = (JSON.parse(bytes.toString("utf8")) ?? {}) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new BackupError("damaged", { detail: path, cause });
  }
  if (typeof value["v"] === "number" && value["v"] > 1) throw new BackupError("newer-format");
  const read = (name: keyof GateKeys): string => {
    const key = value[name];
    if (value["kind"] !== KIND || typeof key !== "string" || !KEY.test(key))
      throw new BackupError("damaged", { detail: path });
    return key;
  };
  return {
    serviceKey: read("serviceKey"),
    encryptionKey: read("encryptionKey"),
    lookupKey: read("lookupKey"),
  };
}
