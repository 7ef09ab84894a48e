import { setTimeout as sleep } from "node:timers/promises";

import type { Running } from "./running.ts";

export interface Supervised {
  /** Undefined while it is down. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2000;
const STEADY_MS = 1000;

/** Starts a process and starts it again whenever it ends, waiting longer each time that it does not last. */
export async function supervise(
  name: string,
  start: () => Promise<Running>,
  options: { onLog: (line: string) => void },
): Promise<Supervised> {
  let running: Running | undefined = await start();
  const stopping = new AbortController();

  const startAgain = async (firstDelayMs: number): Promise<void> => {
    let delayMs = firstDelayMs;
    while (!running && !stopping.signal.aborted) {
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        const started = await start();
        if (stopping.signal.aborted) await started.stop();
        else running = started;
      } catch (error) {
        options.onLog(
          `${name} did not start again: ${error instanceof Error ? error.message : "unknown"}`,
        );
        delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS);
      }
    }
  };

  const watch = async (): Promise<void> => {
    let delayMs = FIRST_DELAY_MS;
    while (running) {
      const startedAt = performance.now();
      await running.exited;
      running = undefined;
      if (stopping.signal.aborted) return;
      const lasted = performance.now() - startedAt >= STEADY_MS;
      delayMs = lasted ? FIRST_DELAY_MS : Math.min(2 * delayMs, LONGEST_DELAY_MS);
      options.onLog(`${name} ended and is started again`);
      await startAgain(delayMs);
    }
  };

  const watching = watch();
  return {
    pid: () => running?.pid,
    stop: async () => {
      stopping.abort();
      await running?.stop();
      await watching;
    },
  };
}
