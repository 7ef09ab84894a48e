import type { RequestKey } from "@sinetti/client";
import type { IDBPDatabase } from "idb";

import type { DeviceSchema } from "./cellStorage.ts";

const FACTOR = "factor";
const REQUEST = "request";

/** Keeps a key under a name unless another tab was faster; gives the one that is kept. */
async function keep<K extends CryptoKey | CryptoKeyPair>(
  database: IDBPDatabase<DeviceSchema>,
  name: string,
  made: K,
): Promise<K> {
  const transaction = database.transaction("keys", "readwrite", { durability: "strict" });
  const held = await transaction.store.get(name);
  if (held === undefined) await transaction.store.put(made, name);
  await transaction.done;
  return (held as K | undefined) ?? made;
}

/** HMAC-SHA256 by a key that this browser cannot give away: half of what a guess at the password needs. */
export async function openDeviceFactor(
  database: IDBPDatabase<DeviceSchema>,
): Promise<(salt: Uint8Array) => Promise<Uint8Array>> {
  const held = (await database.get("keys", FACTOR)) as CryptoKey | undefined;
  const key =
    held ??
    (await keep(
      database,
      FACTOR,
      await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
    ));
  return async (salt) =>
    new Uint8Array(await crypto.subtle.sign("HMAC", key, Uint8Array.from(salt)));
}

/** The Ed25519 key that signs this device's requests; the browser keeps it and never shows it. */
export async function openRequestKey(database: IDBPDatabase<DeviceSchema>): Promise<RequestKey> {
  const held = (await database.get("keys", REQUEST)) as CryptoKeyPair | undefined;
  const pair =
    held ??
    (await keep(database, REQUEST, await crypto.subtle.generateKey("Ed25519", false, ["sign"])));
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return {
    publicKey,
    sign: async (base) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, Uint8Array.from(base))),
  };
}
