import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

import type { ClusterOptions } from "./clusterOptions.ts";

export interface ClusterProcess {
  readonly child: ChildProcess;
  /** The exit code; null when a signal ended it or it could not be started. */
  readonly exited: Promise<number | null>;
}

function waitForExit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    // A program that is missing can be reported more than once.
    child.on("error", () => resolve(null));
    child.once("exit", resolve);
  });
}

/** Starts one of PostgreSQL's programs as the account of the clusters. */
export function spawnPostgres(
  program: keyof ClusterOptions["binaries"],
  args: readonly string[],
  { account, binaries, onLog }: ClusterOptions,
): ClusterProcess {
  const { PATH } = process.env;
  const child = spawn(binaries[program], args, {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    cwd: "/",
    env: { PATH, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
    // Its own session: Ctrl-C in a terminal reaches the launcher, which then stops everything in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", onLog);
  }
  return { child, exited: waitForExit(child) };
}
