import { setTimeout as sleep } from "node:timers/promises";

import type { Fault } from "@sinetti/drill";

/** How long everything may take to stand up again by itself. */
const RECOVERY_MS = 60_000;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Kills a process, or holds it for a while. */
export async function hit(pid: number, fault: Fault): Promise<void> {
  if (fault.kind === "kill") return signal(pid, "SIGKILL");
  signal(pid, "SIGSTOP");
  await sleep(fault.milliseconds);
  signal(pid, "SIGCONT");
}

async function isHealthy(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** Waits until every service answers again; nobody does anything for it. */
export async function awaitRecovery(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const until = performance.now() + RECOVERY_MS;
    while (!(await isHealthy(url))) {
      if (performance.now() > until) throw new Error(`${url} did not come back by itself`);
      await sleep(100);
    }
  }
}
