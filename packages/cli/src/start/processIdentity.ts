import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A pid alone may have been given to another program since; with its start time it names one process. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

const STATE = 0;
const START_TICKS = 19;

function readLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[STATE] === "Z" || fields[STATE] === "X") return undefined;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot}/${fields[START_TICKS]}`;
}

function readByPs(pid: number, column: string): string | undefined {
  const found = spawnSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" });
  return found.status === 0 && found.stdout.trim() !== "" ? found.stdout.trim() : undefined;
}

/** The start time of a live process, comparable only for equality; undefined when it is gone. */
function readStartedAt(pid: number): string | undefined {
  try {
    return process.platform === "linux" ? readLinux(pid) : readByPs(pid, "lstart");
  } catch {
    return undefined;
  }
}

export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = readStartedAt(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  return readStartedAt(pid) === startedAt;
}

/** The command line of a live process, arguments joined by spaces. */
export function readCommand(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") return readByPs(pid, "command");
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return undefined;
  }
}
