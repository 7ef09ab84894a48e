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
import type { ProcessIdentity } from "./processIdentity.ts";
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

export interface Cluster {
  readonly pid: number;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;
const POLL_MS = 20;
const STOP_GRACE_MS = 20_000;
const STATUS_LINE = 7;

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
  writeFileSync(join(dir, "sinetti.made"), "");
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

function findPostmaster(dir: string): ProcessIdentity | undefined {
  const pid = Number(readPidFile(dir)[0]);
  const isOurs = pid > 0 && (readCommand(pid)?.includes(`postgres -D ${dir} `) ?? false);
  return isOurs ? identifyProcess(pid) : undefined;
}

/** Ends what an earlier, killed launcher left running here, and takes its pid file away when nothing is. */
export async function endStaleCluster(dir: string): Promise<void> {
  const found = findPostmaster(dir);
  if (found) await endProcess(found, "SIGINT", { graceMs: STOP_GRACE_MS });
  // After a restart of the machine the pid may belong to any other program, and PostgreSQL would not start.
  rmSync(join(dir, "postmaster.pid"), { force: true });
}

async function waitUntilReady(dir: string, child: ChildProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += POLL_MS) {
    const lines = readPidFile(dir);
    if (Number(lines[0]) === child.pid && lines[STATUS_LINE]?.trim() === "ready") return;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await sleep(POLL_MS);
  }
  throw new StartError("cluster-failed", dir);
}

/** Starts the PostgreSQL cluster in `dir`, made first when missing; resolves when it takes connections. */
export async function startCluster(dir: string, options: ClusterOptions): Promise<Cluster> {
  makePrivateFolder(options.socketDir, options.account);
  if (!existsSync(join(dir, "sinetti.made"))) await initialise(dir, options);
  await endStaleCluster(dir);
  // Its own session: Ctrl-C in a terminal reaches the launcher, which then stops everything in order.
  const child = spawn(options.binaries.postgres, ["-D", dir, ...settings(options)], {
    ...spawnAs(options.account),
    detached: true,
  });
  forwardLines(child, options.onLog);
  const exited = waitForExit(child).then(() => undefined);
  try {
    await waitUntilReady(dir, child);
  } catch (error) {
    child.kill("SIGQUIT");
    throw error;
  }
  const { pid } = child;
  if (pid === undefined) throw new StartError("cluster-failed", dir);
  const stop = async (): Promise<void> => {
    const identity = identifyProcess(pid);
    if (identity) await endProcess(identity, "SIGINT", { graceMs: STOP_GRACE_MS });
    await exited;
  };
  return { pid, exited, stop };
}
