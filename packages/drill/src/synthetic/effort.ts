import { performance } from "node:perf_hooks";

/** What the writing of a caseload took beside what came of it. */
export interface Effort {
  /** From the first to the last of a writer, added up over writers who worked side by side. */
  readonly seconds: number;
  /** Of them, inventing people and their records: no practice does that. */
  readonly inventSeconds: number;
  /** The same as processor time of the writers' threads. */
  readonly inventCpuSeconds: number;
  /** Most heap and buffers of one writer's thread, looked at after each group. */
  readonly heapBytes: number;
}

/** Nothing yet. */
export const NO_EFFORT: Effort = {
  seconds: 0,
  inventSeconds: 0,
  inventCpuSeconds: 0,
  heapBytes: 0,
};

/** Measures one writer. */
export class EffortMeter {
  readonly #began = performance.now();
  #inventMs = 0;
  #inventCpuMicros = 0;
  #heapBytes = 0;

  /** Does a piece of inventing; its time is told apart. */
  async invent<T>(work: () => T | Promise<T>): Promise<T> {
    const began = performance.now();
    const cpu = process.threadCpuUsage();
    try {
      return await work();
    } finally {
      this.#inventMs += performance.now() - began;
      const { user, system } = process.threadCpuUsage(cpu);
      this.#inventCpuMicros += user + system;
    }
  }

  /** Looks at this thread's memory. */
  look(): void {
    const { heapTotal, external } = process.memoryUsage();
    this.#heapBytes = Math.max(this.#heapBytes, heapTotal + external);
  }

  get effort(): Effort {
    return {
      seconds: (performance.now() - this.#began) / 1000,
      inventSeconds: this.#inventMs / 1000,
      inventCpuSeconds: this.#inventCpuMicros / 1e6,
      heapBytes: this.#heapBytes,
    };
  }
}

/** Two writers together. */
export function addEfforts(one: Effort, other: Effort): Effort {
  return {
    seconds: one.seconds + other.seconds,
    inventSeconds: one.inventSeconds + other.inventSeconds,
    inventCpuSeconds: one.inventCpuSeconds + other.inventCpuSeconds,
    heapBytes: Math.max(one.heapBytes, other.heapBytes),
  };
}
