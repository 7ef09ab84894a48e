import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSystem, type RunningSystem, type StartOptions } from "./startSystem.ts";

const SERVICES = ["who", "what", "gate"] as const;

/** A whole system on an empty data folder, for as long as `work` lasts; nothing of it is left afterwards. */
export async function withTemporarySystem<T>(
  name: string,
  work: (system: RunningSystem) => Promise<T>,
  { onLog = () => undefined }: Partial<Pick<StartOptions, "onLog">> = {},
): Promise<T> {
  const data = mkdtempSync(join(tmpdir(), `sinetti-${name}-`));
  try {
    const system = await startSystem({ dataDir: data, port: 0, onLog });
    try {
      return await work(system);
    } finally {
      await system.stop();
    }
  } finally {
    removeData(data);
  }
}

/** The data folder, and the clusters that had to be put elsewhere because PostgreSQL's account cannot walk into it. */
function removeData(data: string): void {
  for (const name of SERVICES) {
    try {
      const home = readFileSync(join(data, name, "postgres.location"), "utf8").trim();
      rmSync(home, { recursive: true, force: true });
    } catch {
      // It lies in the data folder.
    }
  }
  rmSync(data, { recursive: true, force: true });
}
