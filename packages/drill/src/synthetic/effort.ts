import { performance } from "node:perf_hooks";

/** What the writing of a caseload took beside what came of it. */
export interface Effort {
  /** From the first to the last of a writer, added up over writers who worked side by side. */
  readonly seconds: number;
  /** Of them, inventing people and their records: no practice does that. */
  readonly inventSeconds: number;
  /** Most heap and buffers of one writer's thread, looked at after each group. */
  readonly heapBytes: number;
}

/** Nothing yet. */
export const NO_EFFORT: Effort = { seconds: 0, inventSeconds: 0, heapBytes: 0 };

/** Measures one writer. */
export class EffortMeter {
  readonly #began = performance.now();
  #inventMs = 0;
  #heapBytes = 0;

  /** Does a piece of inventing; its time is told apart. */
  async invent<T>(work: () => T | Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.#inventMs += performance.now() - began;
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
      heapBytes: this.#heapBytes,
    };
  }
}

/** Two writers together. */
export function addEfforts(one: Effort, other: Effort): Effort {
  return {
    seconds: one.seconds + other.seconds,
    inventSeconds: one.inventSeconds + other.inventSeconds,
    heapBytes: Math.max(one.heapBytes, other.heapBytes),
  };
}
