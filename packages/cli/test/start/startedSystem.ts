import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { identifyProcess } from "../../src/start/processIdentity.ts";
import { startSystem } from "../../src/start/startSystem.ts";
import type { RunningSystem } from "../../src/start/startSystem.ts";

const small = fileURLToPath(new URL("fixtures/smallService.ts", import.meta.url));
export const serviceEntry = { who: small, what: small, gate: small };

/** An empty place that every account can walk into. */
export function makePlace(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "sinetti-start-"));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function startSmallSystem(
  dataDir: string,
  onLog: (source: string, line: string) => void,
): Promise<RunningSystem> {
  return startSystem({ dataDir, port: 0, serviceEntry, onLog });
}

/** A process that ended and that nobody has asked after counts as gone. */
export function isProcessAlive(pid: number | undefined): boolean {
  return pid !== undefined && identifyProcess(pid) !== undefined;
}

/** Waits until something has become so; a test that waits in vain fails by its own time limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(25);
}

export async function isWell(web: string): Promise<boolean> {
  const { status } = await fetch(`${web}/healthz`);
  return status === 200;
}

export const pidsOf = (system: RunningSystem): (number | undefined)[] =>
  Object.values(system.pids()).flatMap(({ service, cluster }) => [service, cluster]);
