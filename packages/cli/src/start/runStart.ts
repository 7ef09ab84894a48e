import { join } from "node:path";

import { PostureRounds } from "../posture/postureRounds.ts";
import { ownTargets, storeTargets } from "../posture/postureTarget.ts";
import { EXCEPTIONS_FILE } from "../posture/signedExceptions.ts";
import { isRoutineLine } from "./routineLine.ts";
import { startSystem } from "./startSystem.ts";
import type { RunningSystem, StartOptions } from "./startSystem.ts";

export interface RunStartOptions extends Pick<
  StartOptions,
  "dataDir" | "port" | "serviceEntry" | "site"
> {
  /** Work on the running system before it is called ready: filling it for a demonstration. */
  readonly prepare?: (system: RunningSystem) => Promise<void>;
}

/** Routine is for who asks for it; a person at the terminal sees what they should act on. */
function log(source: string, line: string): void {
  if (process.env["SINETTI_LOG"] !== "all" && isRoutineLine(source, line)) return;
  process.stderr.write(`[${source}] ${line}\n`);
}

/**
 * From now on a request to stop is kept, also one that comes while things are still starting, and a second one (a
 * terminal's Ctrl-C reaches every process of a chain, and each passes it on) cannot cut the stop short.
 */
function waitForStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
  });
}

/** Whoever reads our output may go away; records are not to stop for that. */
function surviveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

/** Runs the system in the foreground: the first line on standard output says that all is up; SIGTERM or SIGINT ends it. */
export async function runStart({ prepare, ...options }: RunStartOptions): Promise<void> {
  const stopAsked = waitForStop();
  surviveReaders();
  const system = await startSystem({ ...options, onLog: log });
  let rounds: PostureRounds | undefined;
  try {
    await prepare?.(system);
    if (system.installationCode !== undefined)
      log("launcher", `installation code: ${system.installationCode}`);
    const { web, vaultWho, vaultWhat, gate, data } = system;
    process.stdout.write(
      `${JSON.stringify({ ready: true, web, vaultWho, vaultWhat, gate, data })}\n`,
    );
    // Passkeys know this machine by its name alone.
    log(
      "launcher",
      `ready at ${web.replace("127.0.0.1", "localhost")}; Ctrl-C stops it, SINETTI_LOG=all shows every line`,
    );
    rounds = new PostureRounds({
      targets: ownTargets(data, null),
      keepers: storeTargets(data),
      exceptionsFile: join(data, EXCEPTIONS_FILE),
      folder: data,
      boards: data,
      metricsFile: process.env["SINETTI_METRICS_FILE"],
      onLog: (line) => log("posture", line),
    });
    await stopAsked;
    log("launcher", "stopping");
  } finally {
    await rounds?.stop();
    await system.stop();
  }
}
