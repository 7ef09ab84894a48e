import { setTimeout as sleep } from "node:timers/promises";

import { isAlive } from "./processIdentity.ts";
import type { ProcessIdentity } from "./processIdentity.ts";

const POLL_MS = 20;

async function waitUntilGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += POLL_MS) {
    if (!isAlive(identity)) return true;
    await sleep(POLL_MS);
  }
  return !isAlive(identity);
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    if (isAlive(identity)) process.kill(identity.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Asks a process to end by `signal`, and kills it when it has not within `graceMs`. */
export async function endProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  options: { graceMs: number },
): Promise<void> {
  send(identity, signal);
  if (await waitUntilGone(identity, options.graceMs)) return;
  send(identity, "SIGKILL");
  await waitUntilGone(identity, options.graceMs);
}
