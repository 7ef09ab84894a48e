import { setTimeout as sleep } from "node:timers/promises";

import { Unanswered } from "../unanswered.ts";

export interface Limit {
  /** Longest that it may take. */
  readonly mostMs: number;
  /** Ends it before. */
  readonly signal?: AbortSignal | undefined;
  /** Lets go of what it holds. */
  readonly onLate: () => void;
}

/** What `work` gives; it may hang as it likes, and nobody waits for it longer. Error: Unanswered, those of `work`. */
export async function inTime<T>(
  work: Promise<T>,
  database: string,
  { mostMs, signal, onLate }: Limit,
): Promise<T> {
  const done = new AbortController();
  const signals = signal === undefined ? [done.signal] : [done.signal, signal];
  const over = sleep(mostMs, undefined, { signal: AbortSignal.any(signals) }).then(
    () => `The database ${database} took more than ${Math.ceil(mostMs / 1000)} s`,
    () => `The look at ${database} was ended`,
  );
  const late = over.then((detail) => {
    if (!done.signal.aborted) onLate();
    throw new Unanswered(detail);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
