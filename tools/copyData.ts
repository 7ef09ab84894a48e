import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { CLUSTER_POINTER } from "../packages/cli/src/start/dataFolder.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A data folder as the first start leaves it. */
    preparedData: string;
  }
}

/** Copies a prepared data folder to where a test starts a system: three clusters are made once for all tests. */
export async function copyData(prepared: string, data: string): Promise<void> {
  // Clusters that lie elsewhere are not in the folder: this system makes its own.
  if (existsSync(join(prepared, "who", CLUSTER_POINTER))) return;
  await promisify(execFile)("cp", ["-Rp", prepared, data]);
}
