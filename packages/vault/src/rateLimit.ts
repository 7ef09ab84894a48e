import type { Clock } from "./clock.ts";

const HELD_BUCKETS = 50_000;

/** Requests a second in the long run, and at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets in memory, one a key. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, { perSecond, burst }: Rate) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Whether one more request of `key` may pass. */
  take(key: string): boolean {
    const at = this.#clock.monotonic();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at };
    const earned = Math.max(0, at - bucket.at) * this.#perSecond;
    bucket.tokens = Math.min(this.#burst, bucket.tokens + earned);
    bucket.at = at;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > HELD_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
