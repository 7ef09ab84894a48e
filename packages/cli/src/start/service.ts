import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { compileCacheSetting } from "../compileCache.ts";
import { endProcess } from "./endProcess.ts";
import { identifyProcess } from "./processIdentity.ts";
import type { ProcessIdentity } from "./processIdentity.ts";
import type { Running } from "./running.ts";
import { StartError } from "./startError.ts";

export interface ServiceOptions {
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly pidFile: string;
  readonly onLog: (line: string) => void;
}

export interface RunningService extends Running {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
}

const READY_WITHIN_MS = 60_000;
const STOP_GRACE_MS = 15_000;

function readListening(line: string): string | undefined {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("listening" in said)) return undefined;
    return typeof said.listening === "string" ? said.listening : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves with the address that the service says it listens on; undefined when it ends or stays silent. */
function waitForListening(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), READY_WITHIN_MS);
    const settle = (url: string | undefined): void => {
      clearTimeout(timer);
      resolve(url);
    };
    child.once("error", () => settle(undefined));
    child.once("exit", () => settle(undefined));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const url = readListening(line);
      if (url !== undefined) settle(url);
    });
  });
}

function readPidFile(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Ends the service that an earlier, killed launcher left running. */
export async function endStaleService(pidFile: string): Promise<void> {
  const left = readPidFile(pidFile);
  if (left) await endProcess(left, "SIGTERM", { graceMs: STOP_GRACE_MS });
  rmSync(pidFile, { force: true });
}

function spawnService({ entry, environment, pidFile, onLog }: ServiceOptions): ChildProcess {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [entry], {
    cwd: "/",
    // Nothing of the surroundings but what is meant for it.
    env: { PATH, ...compileCacheSetting(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    // Its own session: Ctrl-C in a terminal reaches the launcher, which then stops everything in order.
    detached: true,
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  try {
    if (identity) writeFileSync(pidFile, JSON.stringify(identity), { mode: 0o600 });
  } catch (error) {
    // Nobody would know of it, and it would hold the port: a disk that is full must not keep the next start out.
    child.kill("SIGKILL");
    throw error;
  }
  if (child.stderr) createInterface({ input: child.stderr }).on("line", onLog);
  return child;
}

/** Starts one service; resolves when it takes requests. */
export async function startService(name: string, options: ServiceOptions): Promise<RunningService> {
  await endStaleService(options.pidFile);
  const child = spawnService(options);
  const exited = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const url = await waitForListening(child);
  const { pid } = child;
  if (url === undefined || pid === undefined) {
    child.kill("SIGKILL");
    throw new StartError("service-failed", name);
  }
  const stop = async (): Promise<void> => {
    const identity = identifyProcess(pid);
    if (identity) await endProcess(identity, "SIGTERM", { graceMs: STOP_GRACE_MS });
    await exited;
    rmSync(options.pidFile, { force: true });
  };
  return { pid, url, exited, stop };
}
