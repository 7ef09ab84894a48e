import type { ChildProcess } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { clusterSettings } from "./clusterOptions.ts";
import type { ClusterOptions } from "./clusterOptions.ts";
import { spawnPostgres } from "./clusterProcess.ts";
import { endProcess } from "./endProcess.ts";
import { isClusterMade, makeCluster } from "./makeCluster.ts";
import { makePrivateFolder } from "./privateFolder.ts";
import { identifyProcess, readCommand } from "./processIdentity.ts";
import type { Running } from "./running.ts";
import { StartError } from "./startError.ts";

/** Recovery after a crash takes what it takes; ending it would only begin it anew. */
const READY_WITHIN_MS = 600_000;
const POLL_MS = 20;
const STOP_GRACE_MS = 20_000;
const ATTEMPTS = 4;
const PAUSE_MS = 300;
const STATUS_LINE = 7;
const SOCKET = ".s.PGSQL.5432";

/** The whole of pg_hba.conf: the local socket, a password for everybody, the superuser included. */
const HBA = "local all all scram-sha-256\n";

function readPidFile(dir: string): string[] {
  try {
    return readFileSync(join(dir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}

/**
 * Ends what an earlier, killed launcher left running here. Otherwise the pid file names a process that is dead but not
 * yet buried, or by now another program, and either would keep PostgreSQL from starting. Backends that outlive their
 * postmaster are still found out without it, by the shared memory that belongs to the data folder.
 */
async function endStaleCluster(dir: string, socketDir: string): Promise<void> {
  const pid = Number(readPidFile(dir)[0]);
  const found = pid > 0 ? identifyProcess(pid) : undefined;
  if (found && readCommand(pid)?.includes(`postgres -D ${dir} `)) {
    await endProcess(found, "SIGINT", { graceMs: STOP_GRACE_MS });
  }
  for (const lock of [join(dir, "postmaster.pid"), join(socketDir, `${SOCKET}.lock`)]) {
    rmSync(lock, { force: true });
  }
}

async function waitUntilReady(dir: string, child: ChildProcess): Promise<number> {
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += POLL_MS) {
    const lines = readPidFile(dir);
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) break;
    const isOwn = Number(lines[0]) === child.pid;
    if (isOwn && lines[STATUS_LINE]?.trim() === "ready") return child.pid;
    await sleep(POLL_MS);
  }
  throw new StartError("cluster-failed", dir);
}

async function startPostmaster(dir: string, options: ClusterOptions): Promise<Running> {
  await endStaleCluster(dir, options.socketDir);
  // Every time: whatever was written there since is not to let anybody in.
  writeFileSync(join(dir, "pg_hba.conf"), HBA);
  const { child, exited } = spawnPostgres(
    "postgres",
    ["-D", dir, ...clusterSettings(options)],
    options,
  );
  try {
    const pid = await waitUntilReady(dir, child);
    const stop = async (): Promise<void> => {
      const identity = identifyProcess(pid);
      if (identity) await endProcess(identity, "SIGINT", { graceMs: STOP_GRACE_MS });
      await exited;
      rmSync(options.socketDir, { recursive: true, force: true });
    };
    return { pid, exited: exited.then(() => undefined), stop };
  } catch (error) {
    if (child.pid !== undefined) child.kill("SIGQUIT");
    await exited;
    throw error;
  }
}

/** Starts the PostgreSQL cluster in `dir`, made first when missing; resolves when it takes connections. */
export async function startCluster(dir: string, options: ClusterOptions): Promise<Running> {
  makePrivateFolder(options.socketDir, options.account);
  if (!isClusterMade(dir)) await makeCluster(dir, options);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startPostmaster(dir, options);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      // Backends of a killed postmaster may need a moment to notice.
      await sleep(attempt * PAUSE_MS);
    }
  }
}
