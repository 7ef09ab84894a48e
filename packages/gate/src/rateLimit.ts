interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each name, in memory; full ones are forgotten. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #monotonic: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: { perSecond: number; burst: number; monotonic: () => number }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#monotonic = options.monotonic;
  }

  /** Whether one more fits; takes it when it does. */
  take(name: string): boolean {
    const now = this.#monotonic();
    const before = this.#buckets.get(name) ?? { tokens: this.#burst, at: now };
    const tokens = this.#refilled(before, now);
    if (tokens < 1) return false;
    if (this.#buckets.size >= MANY) this.#forgetFull(now);
    this.#buckets.set(name, { tokens: tokens - 1, at: now });
    return true;
  }

  #refilled({ tokens, at }: Bucket, now: number): number {
    return Math.min(this.#burst, tokens + Math.max(0, now - at) * this.#perSecond);
  }

  #forgetFull(now: number): void {
    for (const [name, bucket] of this.#buckets)
      if (this.#refilled(bucket, now) >= this.#burst) this.#buckets.delete(name);
  }
}

/** From this many on, full buckets are swept. */
const MANY = 10_000;
