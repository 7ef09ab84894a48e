import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** The most memory that a process held. */
export interface Peak {
  readonly process: string;
  /** Resident at most, as the kernel keeps it (VmHWM); a database's shared buffers count in each process that touches them. */
  readonly peakBytes: number;
  /** Its own alone, nothing shared and no file (RssAnon): the most of what was looked at. */
  readonly ownBytes: number;
}

/** Processes by the name under which their peak is told; the heaviest of several counts. */
export type PidsByName = ReadonlyMap<string, readonly number[]>;

const LOOK_MS = 2000;

/** The numbers of a process's status in bytes; null: it is gone, or this system has no such file. */
function readStatus(pid: number): ReadonlyMap<string, number> | null {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
    return new Map(
      lines.flatMap((line): [string, number][] => {
        const [, name = "", value = "", unit = ""] = /^(\w+):\s+(\d+)( kB)?$/.exec(line) ?? [];
        return name === "" ? [] : [[name, Number(value) * (unit === "" ? 1 : 1024)]];
      }),
    );
  } catch {
    return null;
  }
}

/** Processes that come from these ones, however far down. */
export function descendantsOf(pids: readonly number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readProcesses()) {
    const parent = readStatus(name)?.get("PPid");
    if (parent !== undefined) parents.set(name, parent);
  }
  const found = new Set(pids);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found].filter((pid) => !pids.includes(pid));
}

function readProcesses(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Watches processes from now on, and tells the most memory of each when it ends. */
export class PeakWatch {
  readonly #pidsOf: () => PidsByName;
  readonly #peaks = new Map<string, Peak>();
  readonly #timer: NodeJS.Timeout;

  constructor(pidsOf: () => PidsByName) {
    this.#pidsOf = pidsOf;
    forgetOwnPeak();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    for (const [process, pids] of this.#pidsOf())
      for (const pid of pids) {
        const status = readStatus(pid);
        if (status === null) continue;
        const before = this.#peaks.get(process);
        const [peak, own] = [status.get("VmHWM") ?? 0, status.get("RssAnon") ?? 0];
        this.#peaks.set(process, {
          process,
          peakBytes: Math.max(before?.peakBytes ?? 0, peak),
          ownBytes: Math.max(before?.ownBytes ?? 0, own),
        });
      }
  }

  /** Ends it. Empty where the system does not tell. */
  end(): Peak[] {
    clearInterval(this.#timer);
    this.#look();
    return [...this.#peaks.values()];
  }
}

/** The most that this process was resident with since a watch began. Null where the system does not tell. */
export function ownPeakBytes(): number | null {
  return readStatus(process.pid)?.get("VmHWM") ?? null;
}

/** Lets the peak of this process count from now on; where that cannot be done it counts from its start. */
function forgetOwnPeak(): void {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Only Linux has it.
  }
}
