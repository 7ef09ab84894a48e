import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import type { ClusterAccount } from "./clusterAccount.ts";
import { endProcess } from "./endProcess.ts";
import type { PostgresBinaries } from "./postgresBinaries.ts";
import { makePrivateFolder } from "./privateFolder.ts";
import { identifyProcess, readCommand } from "./processIdentity.ts";
import type { Running } from "./running.ts";
import { StartError } from "./startError.ts";

export interface ClusterOptions {
  readonly binaries: PostgresBinaries;
  readonly account: ClusterAccount | undefined;
  /** Holds the socket; at most 90 bytes long, because a socket's path is at most 107. */
  readonly socketDir: string;
  readonly superPassword: string;
  /** Tests may give up fsync; nothing else may. */
  readonly durable: boolean;
  readonly maxConnections: number;
  readonly onLog: (line: string) => void;
}

/** Recovery after a crash takes what it takes; ending it would only begin it anew. */
const READY_WITHIN_MS = 600_000;
const POLL_MS = 20;
const STOP_GRACE_MS = 20_000;
const ATTEMPTS = 4;
const PAUSE_MS = 300;
const STATUS_LINE = 7;
const MADE = "sinetti.made";
const SOCKET = ".s.PGSQL.5432";

/** The whole of pg_hba.conf: the local socket, a password for everybody, the superuser included. */
const HBA = "local all all scram-sha-256\n";

function spawnAs(account: ClusterAccount | undefined): SpawnOptions {
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  const { PATH } = process.env;
  return { ...identity, cwd: "/", env: { PATH, LC_ALL: "C" }, stdio: ["ignore", "pipe", "pipe"] };
}

function forwardLines(child: ChildProcess, onLog: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", onLog);
  }
}

function waitForExit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", resolve);
  });
}

/** Whether `dir` holds a whole cluster. */
export function isClusterMade(dir: string): boolean {
  return existsSync(join(dir, MADE));
}

async function initialise(dir: string, options: ClusterOptions): Promise<void> {
  const { account, binaries } = options;
  rmSync(dir, { recursive: true, force: true });
  makePrivateFolder(dir, account);
  const passwordFile = join(options.socketDir, "initdb-password");
  writeFileSync(passwordFile, `${options.superPassword}\n`, { mode: 0o600 });
  try {
    if (account) chownSync(passwordFile, account.uid, account.gid);
    const locale = [
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
    ];
    const access = ["--auth=scram-sha-256", "--username=postgres", `--pwfile=${passwordFile}`];
    const child = spawn(
      binaries.initdb,
      [
        `--pgdata=${dir}`,
        ...access,
        ...locale,
        "--data-checksums",
        ...(options.durable ? [] : ["--no-sync"]),
      ],
      spawnAs(account),
    );
    forwardLines(child, options.onLog);
    if ((await waitForExit(child)) !== 0) throw new StartError("initdb-failed", dir);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  // Last, so that a folder without it is known to be half made and is made anew.
  writeFileSync(join(dir, "pg_hba.conf"), HBA);
  writeFileSync(join(dir, MADE), "");
}

function settings(options: ClusterOptions): string[] {
  const fixed = {
    listen_addresses: "",
    unix_socket_directories: options.socketDir,
    unix_socket_permissions: "0700",
    password_encryption: "scram-sha-256",
    max_connections: String(options.maxConnections),
    shared_buffers: "48MB",
    max_wal_size: "512MB",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    // What a log repeats of a statement would leave the database by a side door.
    log_statement: "none",
    log_min_error_statement: "panic",
    log_parameter_max_length: "0",
    log_error_verbosity: "terse",
    fsync: options.durable ? "on" : "off",
    synchronous_commit: options.durable ? "on" : "off",
    full_page_writes: options.durable ? "on" : "off",
  };
  return Object.entries(fixed).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

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
    const isOwn = child.pid !== undefined && Number(lines[0]) === child.pid;
    if (isOwn && lines[STATUS_LINE]?.trim() === "ready") return child.pid;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await sleep(POLL_MS);
  }
  throw new StartError("cluster-failed", dir);
}

async function startPostmaster(dir: string, options: ClusterOptions): Promise<Running> {
  await endStaleCluster(dir, options.socketDir);
  // Its own session: Ctrl-C in a terminal reaches the launcher, which then stops everything in order.
  const child = spawn(options.binaries.postgres, ["-D", dir, ...settings(options)], {
    ...spawnAs(options.account),
    detached: true,
  });
  forwardLines(child, options.onLog);
  const exited = waitForExit(child).then(() => undefined);
  try {
    const pid = await waitUntilReady(dir, child);
    const stop = async (): Promise<void> => {
      const identity = identifyProcess(pid);
      if (identity) await endProcess(identity, "SIGINT", { graceMs: STOP_GRACE_MS });
      await exited;
      rmSync(options.socketDir, { recursive: true, force: true });
    };
    return { pid, exited, stop };
  } catch (error) {
    child.kill("SIGQUIT");
    await exited;
    throw error;
  }
}

/** Starts the PostgreSQL cluster in `dir`, made first when missing; resolves when it takes connections. */
export async function startCluster(dir: string, options: ClusterOptions): Promise<Running> {
  makePrivateFolder(options.socketDir, options.account);
  if (!isClusterMade(dir)) await initialise(dir, options);
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
