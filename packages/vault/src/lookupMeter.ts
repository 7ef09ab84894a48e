import type { MemberId } from "@sinetti/core";

import type { Clock } from "./clock.ts";

const DAY_SECONDS = 86_400;

/** Tokens that a member has asked cells for in the last day: the vault's own count beside the gate's. */
export class LookupMeter {
  readonly #clock: Clock;
  readonly #limit: number;
  /** Rising by time. */
  readonly #asked = new Map<MemberId, { readonly at: number; readonly count: number }[]>();

  constructor(clock: Clock, { limit }: { limit: number }) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Counts the tokens unless they would go over the limit. */
  take(member: MemberId, count: number): boolean {
    const now = this.#clock.monotonic();
    const recent = (this.#asked.get(member) ?? []).filter(({ at }) => now - at < DAY_SECONDS);
    this.#asked.set(member, recent);
    if (recent.reduce((sum, ask) => sum + ask.count, count) > this.#limit) return false;
    recent.push({ at: now, count });
    return true;
  }
}
