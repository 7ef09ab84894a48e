import { performance } from "node:perf_hooks";

import { Client, ClientError, openOne, type Endpoints, type World } from "@sinetti/client";
import type { FileId } from "@sinetti/core";

/** What a stolen locked device gives, with every dump beside it. */
export interface LockedYields {
  /** Guesses of the password that were tried; none of them is right. */
  readonly guesses: number;
  readonly guessesPerSecond: number;
  /** Of the dictionary, how many unlocked it. */
  readonly unlocked: number;
  /** Records that it opened with the right password and no gate. */
  readonly openedWithoutGate: number;
  readonly triedWithoutGate: number;
}

/** What people take first; bounded, because each guess costs what a key derivation costs. */
const DICTIONARY = ["password", "123456", "salasana", "qwerty", "kesä2026", "letmein"];

/** The same device where nothing answers. */
function offline(world: World): World {
  return { ...world, fetch: () => Promise.reject(new TypeError("nothing answers here")) };
}

/** Guesses the password of a locked device offline, then unlocks it with the right one and tries to open records without the gate. */
export async function attackLockedDevice(
  world: World,
  {
    password,
    endpoints,
    files,
  }: { password: string; endpoints: Endpoints; files: readonly FileId[] },
): Promise<LockedYields> {
  const alone = offline(world);
  const began = performance.now();
  let unlocked = 0;
  for (const guess of DICTIONARY) if (await unlocks(alone, guess, endpoints)) unlocked++;
  const seconds = (performance.now() - began) / 1000;
  const client = await Client.unlock(alone, { password, endpoints });
  let openedWithoutGate = 0;
  for (const file of files) if (await opens(client, file)) openedWithoutGate++;
  client.lock();
  return {
    guesses: DICTIONARY.length,
    guessesPerSecond: DICTIONARY.length / seconds,
    unlocked,
    openedWithoutGate,
    triedWithoutGate: files.length,
  };
}

async function unlocks(world: World, password: string, endpoints: Endpoints): Promise<boolean> {
  try {
    (await Client.unlock(world, { password, endpoints })).lock();
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.code === "wrong-password") return false;
    throw error;
  }
}

async function opens(client: Client, file: FileId): Promise<boolean> {
  try {
    await openOne(client.context, { file, vault: "what" }, "preparation");
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.code === "unreachable") return false;
    throw error;
  }
}
