import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { removeDataFolder } from "./removeDataFolder.ts";
import { startSystem, type RunningSystem, type StartOptions } from "./startSystem.ts";

/** A whole system on an empty data folder, for as long as `work` lasts; nothing of it is left afterwards. */
export async function withTemporarySystem<T>(
  name: string,
  work: (system: RunningSystem) => Promise<T>,
  { onLog = () => undefined, site }: Partial<Pick<StartOptions, "onLog" | "site">> = {},
): Promise<T> {
  const data = mkdtempSync(join(tmpdir(), `sinetti-${name}-`));
  try {
    const system = await startSystem({ dataDir: data, port: 0, onLog, site });
    try {
      return await work(system);
    } finally {
      await system.stop();
    }
  } finally {
    removeDataFolder(data);
  }
}
