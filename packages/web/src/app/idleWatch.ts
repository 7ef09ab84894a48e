/** What runs may hold off a lock for so long after the last sign of life: as long as keys may lie in memory. */
const HELD_OFF_MS = 8 * 60 * 60_000;
/** A tick that comes later than this was not late: the machine slept. */
const SLEPT_MS = 2 * 60_000;

/** Tells from signs of life when it is time to lock. Milliseconds since the epoch. */
export class IdleWatch {
  #life: number;
  #idleFrom: number;

  constructor(now: number) {
    this.#life = now;
    this.#idleFrom = now;
  }

  /** Somebody is there. */
  live(now: number): void {
    this.#life = now;
    this.#idleFrom = now;
  }

  /** Looks at the time, every few seconds; true: lock. What runs holds it off, unless the machine slept in between. */
  tick(now: number, { limitMs, isRunning }: { limitMs: number; isRunning: boolean }): boolean {
    const isHeldOff =
      isRunning &&
      now - this.#life < HELD_OFF_MS &&
      now - this.#idleFrom < Math.max(limitMs, SLEPT_MS);
    if (isHeldOff) this.#idleFrom = now;
    return now - this.#idleFrom >= limitMs;
  }
}
