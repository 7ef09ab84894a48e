import { createHmac, randomBytes } from "node:crypto";

import type { Storage, World } from "@sinetti/client";

import type { TestSystem } from "../../../tools/testSystem.ts";

function memoryStorage(): Storage {
  const cells = new Map<string, Uint8Array>();
  return {
    get: (name) => Promise.resolve(cells.get(name) ?? null),
    list: (prefix) =>
      Promise.resolve([...cells.keys()].filter((name) => name.startsWith(prefix)).sort()),
    write: (changes) => {
      for (const { name, value } of changes) {
        if (value === null) cells.delete(name);
        else cells.set(name, value);
      }
      return Promise.resolve();
    },
  };
}

/** A device in memory on a test system. */
export const memoryWorld = ({ clock, fetch }: TestSystem): World => memoryDevice({ clock, fetch });

/** A device in memory on this clock, which reaches its services so. */
export function memoryDevice({ clock, fetch }: Pick<World, "clock" | "fetch">): World {
  const factor = randomBytes(32);
  return {
    clock,
    fetch,
    storage: memoryStorage(),
    deviceFactor: (salt) =>
      Promise.resolve(new Uint8Array(createHmac("sha256", factor).update(salt).digest())),
  };
}

/** Devices in memory by name; each is made when it is first asked for. */
export function memoryDevices(
  system: TestSystem,
): (name: string) => { world: World; close(): void } {
  const worlds = new Map<string, World>();
  return (name) => {
    const world = worlds.get(name) ?? memoryWorld(system);
    worlds.set(name, world);
    return { world, close: () => undefined };
  };
}
