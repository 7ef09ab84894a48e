import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { SERVICE_NAMES } from "./compartment.ts";
import { CLUSTER_POINTER } from "./dataFolder.ts";

/** Removes a data folder, and the clusters that had to be put elsewhere because PostgreSQL's account cannot walk into it. */
export function removeDataFolder(data: string): void {
  for (const name of SERVICE_NAMES) {
    const pointer = join(data, name, CLUSTER_POINTER);
    if (existsSync(pointer))
      rmSync(readFileSync(pointer, "utf8").trim(), { recursive: true, force: true });
  }
  rmSync(data, { recursive: true, force: true });
}
