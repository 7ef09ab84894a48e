import { createHmac, randomBytes } from "node:crypto";

import type { Storage, World } from "@sinetti/client";

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
