import { allow } from "./problem.ts";

/** The only source of time; a test brings its own. */
export interface Clock {
  /** Unix seconds. */
  now(): number;
  /** Seconds that only ever go forward, from any origin. */
  monotonic(): number;
}

/** The clocks of this machine. */
export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  monotonic: () => performance.now() / 1000,
};

const JUMP_SECONDS = 300;

/**
 * Gate time: never behind the log. When the wall leaves the monotonic clock, or falls behind the log, by more than five
 * minutes, nobody knows which budget window it is: releases of a practice wait until its administrator has looked.
 */
export class GateClock {
  readonly #clock: Clock;
  readonly #offset: number;
  readonly #confirmed = new Map<string, { offset: number; lag: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.monotonic();
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  /** Gate time of a practice whose log ends at `logTime`. */
  at(logTime: number): number {
    return Math.max(this.now(), logTime);
  }

  /** Refuses with `clock-jump` while nobody has confirmed. */
  check(practice: string, logTime: number): void {
    const { offset, lag } = this.#confirmed.get(practice) ?? { offset: this.#offset, lag: 0 };
    const drift = Math.abs(this.now() - this.monotonic() - offset);
    const behind = logTime - this.now() - lag;
    allow(drift <= JUMP_SECONDS && behind <= JUMP_SECONDS, "clock-jump");
  }

  /** Takes the wall clock as it is now, for this practice. */
  confirm(practice: string, logTime: number): void {
    this.#confirmed.set(practice, {
      offset: this.now() - this.monotonic(),
      lag: Math.max(0, logTime - this.now()),
    });
  }
}
