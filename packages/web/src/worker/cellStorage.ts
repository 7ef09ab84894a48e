import type { Change, Storage, CellWriteOptions } from "@sinetti/client";
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

/** What the browser keeps of one device: sealed cells, and keys that it never gives away. */
export interface DeviceSchema extends DBSchema {
  cells: { key: string; value: Uint8Array };
  keys: { key: string; value: CryptoKey | CryptoKeyPair };
}

/** After every name that a prefix can begin. */
const LAST = "\u{ffff}";
const VERSION = 1;

/** Opens the database of a device, which is made when it is not there. */
export function openDeviceDatabase(name: string): Promise<IDBPDatabase<DeviceSchema>> {
  return openDB<DeviceSchema>(name, VERSION, {
    upgrade: (database) => {
      database.createObjectStore("cells");
      database.createObjectStore("keys");
    },
  });
}

/** The sealed cells of a device in IndexedDB; a write is one transaction that is on disk before it returns, or with the next one that is. */
export class CellStorage implements Storage {
  readonly #database: IDBPDatabase<DeviceSchema>;

  constructor(database: IDBPDatabase<DeviceSchema>) {
    this.#database = database;
  }

  async get(name: string): Promise<Uint8Array | null> {
    return (await this.#database.get("cells", name)) ?? null;
  }

  async list(prefix: string): Promise<string[]> {
    return this.#database.getAllKeys(
      "cells",
      IDBKeyRange.bound(prefix, prefix + LAST, false, true),
    );
  }

  async write(
    changes: readonly Change[],
    { isSyncedLater = false }: CellWriteOptions = {},
  ): Promise<void> {
    const durability = isSyncedLater ? "relaxed" : "strict";
    const transaction = this.#database.transaction("cells", "readwrite", { durability });
    for (const { name, value } of changes) {
      // Only the last of them is waited for: the transaction holds or falls as a whole.
      void (
        value === null ? transaction.store.delete(name) : transaction.store.put(value.slice(), name)
      ).catch(() => undefined);
    }
    await transaction.done;
  }
}
