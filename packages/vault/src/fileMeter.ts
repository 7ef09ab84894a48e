import type { FileId, MemberId } from "@sinetti/core";

import type { Clock } from "./clock.ts";

const DAY_SECONDS = 86_400;

/** Distinct files whose boxes a member has fetched in the last day: the vault's own count beside the gate's budget. */
export class FileMeter {
  readonly #clock: Clock;
  readonly #limit: number;
  /** Rising by time, since a fetched file moves to the end. */
  readonly #fetched = new Map<MemberId, Map<FileId, number>>();

  constructor(clock: Clock, { limit }: { limit: number }) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Counts the files unless they would go over the limit. */
  take(member: MemberId, files: readonly FileId[]): boolean {
    const now = this.#clock.monotonic();
    const fetched = this.#fetched.get(member) ?? new Map<FileId, number>();
    this.#fetched.set(member, fetched);
    for (const [file, at] of fetched) {
      if (now - at < DAY_SECONDS) break;
      fetched.delete(file);
    }
    const fresh = new Set(files.filter((file) => !fetched.has(file)));
    if (fetched.size + fresh.size > this.#limit) return false;
    for (const file of fresh) fetched.set(file, now);
    return true;
  }
}
