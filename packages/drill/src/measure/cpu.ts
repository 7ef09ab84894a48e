import { readFileSync } from "node:fs";

import type { PidsByName } from "./peaks.ts";

/** Processor time of a process, and of those it started. */
export interface CpuTime {
  readonly process: string;
  readonly seconds: number;
}

/** The unit of /proc on every Linux that we run on (USER_HZ). */
const TICKS_PER_SECOND = 100;
/** Where utime, stime, and both of children that have ended, stand behind the name in /proc/pid/stat. */
const TIMES = { from: 11, to: 15 };

/** Processor seconds of processes so far, with those of their children that have ended. Zero where the system does not tell. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / TICKS_PER_SECOND;
}

function ticksOf(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // It is gone, and whoever started it has its time; or this is no Linux.
    return 0;
  }
  // A name may hold spaces and brackets; the last bracket ends it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const { from, to } = TIMES;
  return fields.slice(from, to).reduce((sum, ticks) => sum + Number(ticks), 0);
}

/** Counts the processor time of processes from now on. Other work on the machine lengthens seconds, not these. */
export class CpuWatch {
  readonly #pidsOf: () => PidsByName;
  readonly #before: ReadonlyMap<string, number>;

  constructor(pidsOf: () => PidsByName) {
    this.#pidsOf = pidsOf;
    this.#before = this.#read();
  }

  #read(): Map<string, number> {
    return new Map([...this.#pidsOf()].map(([process, pids]) => [process, cpuSeconds(pids)]));
  }

  /** What came since it began. */
  get times(): CpuTime[] {
    return [...this.#read()].map(([process, seconds]) => ({
      process,
      seconds: Math.max(0, seconds - (this.#before.get(process) ?? 0)),
    }));
  }
}
