import { openDB, type DBSchema, type IDBPDatabase } from "idb";

/** A device in this browser, as the lock screen lists it; nothing of this is secret, and all of it can be read by who opens the browser. */
export interface ListedDevice {
  readonly id: string;
  /** What its owner calls it; empty when they did not. */
  readonly label: string;
  /** ISO instant. */
  readonly madeAt: string;
  /** It has asked to be let in, and nobody has answered yet. */
  readonly isWaiting: boolean;
  /** The id of the passkey that opens it, base64url; null: a password alone. */
  readonly passkey: string | null;
}

interface ListSchema extends DBSchema {
  devices: { key: string; value: ListedDevice };
}

const open = (): Promise<IDBPDatabase<ListSchema>> =>
  openDB<ListSchema>("sinetti-devices", 1, {
    upgrade: (database) => void database.createObjectStore("devices", { keyPath: "id" }),
  });

async function withList<T>(work: (database: IDBPDatabase<ListSchema>) => Promise<T>): Promise<T> {
  const database = await open();
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** The devices in this browser, the newest first. */
export async function listDevices(): Promise<ListedDevice[]> {
  const devices = await withList((database) => database.getAll("devices"));
  return devices.sort((a, b) => b.madeAt.localeCompare(a.madeAt));
}

/** Lists a device, or changes how it is listed. */
export async function listDevice(device: ListedDevice): Promise<void> {
  await withList(async (database) => {
    const transaction = database.transaction("devices", "readwrite", { durability: "strict" });
    await transaction.store.put(device);
    await transaction.done;
  });
}

/** Removes a device from the list, and all that this browser keeps of it. */
export async function forgetDevice(id: string): Promise<void> {
  await withList((database) => database.delete("devices", id));
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseName(id));
    request.addEventListener("success", () => resolve());
    request.addEventListener("error", () => reject(new TypeError("the database stays")));
  });
}

/** The name of a device's own database. */
export const databaseName = (id: string): string => `sinetti-device-${id}`;
