import type { World } from "@sinetti/client";

import { memoryDevice } from "../../../tools/memoryDevice.ts";
import type { TestSystem } from "../../../tools/testSystem.ts";

/** A device in memory on a test system. */
export const memoryWorld = ({ clock, fetch }: TestSystem): World => memoryDevice({ clock, fetch });

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
