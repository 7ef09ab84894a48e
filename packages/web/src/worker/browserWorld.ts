import type { World } from "@sinetti/client";

import { CellStorage, openDeviceDatabase } from "./cellStorage.ts";
import { openDeviceFactor, openRequestKey } from "./deviceKeys.ts";
import { databaseName } from "./deviceList.ts";

/** A device of this browser, opened. */
export interface BrowserDevice {
  readonly id: string;
  readonly world: World;
  close(): void;
}

/** Without cookies, caches or a referrer: each request carries its own signature and nothing else. */
const plainFetch: World["fetch"] = (url, init) =>
  fetch(url, { ...init, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" });

/** Opens a device of this browser; what it needs is made when it is not there. */
export async function openBrowserDevice(id: string): Promise<BrowserDevice> {
  const database = await openDeviceDatabase(databaseName(id));
  const [deviceFactor, requestKey] = await Promise.all([
    openDeviceFactor(database),
    openRequestKey(database),
  ]);
  return {
    id,
    world: {
      clock: { now: () => Date.now() / 1000 },
      fetch: plainFetch,
      storage: new CellStorage(database),
      deviceFactor,
      requestKey,
    },
    close: () => database.close(),
  };
}

/** A world without a device, to find the services by. */
export const findingWorld: Pick<World, "fetch"> = { fetch: plainFetch };
