import { useSyncExternalStore } from "react";

import { beforeLeaving } from "./leaving.ts";

const runs = new Set<object>();
const listeners = new Set<() => void>();

const tell = (): void => listeners.forEach((each) => each());

/**
 * Something long that somebody started: while it runs nothing locks by itself, and whoever locks all the same stops it after what it
 * has in hand. Gives what it comes to.
 */
export async function runLong<T>(work: Promise<T>, stop: () => Promise<unknown>): Promise<T> {
  const run = {};
  const stay = beforeLeaving(async () => {
    await stop();
    await work;
  });
  runs.add(run);
  tell();
  try {
    return await work;
  } finally {
    stay();
    runs.delete(run);
    tell();
  }
}

/** Whether something long runs now. */
export const isRunning = (): boolean => runs.size > 0;

/** The same for a component. */
export function useIsRunning(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, isRunning);
}
