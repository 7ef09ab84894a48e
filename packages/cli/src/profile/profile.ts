import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { ClientError, type World } from "@sinetti/client";

import { makePrivateFolder } from "../start/privateFolder.ts";
import { ensureSecretFile } from "../start/secretFile.ts";
import { httpFetch } from "./httpFetch.ts";
import { ProfileStorage } from "./profileStorage.ts";

const FACTOR_BYTES = 32;

/** A device of this machine: its world, and the folder it lives in. */
export interface Profile {
  readonly folder: string;
  readonly world: World;
  close(): void;
}

/** Whether a folder holds a profile, finished or not. */
export function isProfile(folder: string): boolean {
  return existsSync(join(folder, "profile.db"));
}

/** Opens the profile in a folder. Error: `no-profile` where there is none and none may be made. */
export function openProfile(folder: string, { mayMake }: { mayMake: boolean }): Profile {
  const isNew = !isProfile(folder);
  if (isNew && !mayMake) throw new ClientError("no-profile", { detail: folder });
  makePrivateFolder(folder, undefined);
  const factor = Buffer.from(
    ensureSecretFile(join(folder, "factor"), { bytes: FACTOR_BYTES, mayMake: isNew }),
    "hex",
  );
  const storage = new ProfileStorage(join(folder, "profile.db"));
  const world: World = {
    storage,
    clock: { now: () => Date.now() / 1000 },
    fetch: httpFetch,
    deviceFactor: (salt) =>
      Promise.resolve(new Uint8Array(createHmac("sha256", factor).update(salt).digest())),
  };
  return { folder, world, close: () => storage.close() };
}
