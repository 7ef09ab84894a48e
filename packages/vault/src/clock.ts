/** The only reading of time. */
export interface Clock {
  /** Unix seconds. */
  now(): number;
  /** Seconds that never go back. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  monotonic: () => performance.now() / 1000,
};
