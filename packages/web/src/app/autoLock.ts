import { useEffect } from "react";

import { IdleWatch } from "./idleWatch.ts";
import { isRunning } from "./running.ts";

const KEPT = "sinetti-auto-lock-minutes";
const DEFAULT_MINUTES = 10;
const CHECK_MS = 5_000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** Minutes without a sign of life after which everything is locked. */
export function autoLockMinutes(): number {
  const kept = Number(localStorage.getItem(KEPT));
  return Number.isInteger(kept) && kept >= 1 && kept <= 60 ? kept : DEFAULT_MINUTES;
}

/** Keeps another time for this browser: 1 to 60 minutes. */
export function setAutoLockMinutes(minutes: number): void {
  localStorage.setItem(KEPT, String(minutes));
}

/** Locks after a time without a sign of life, unless something long runs; a machine that slept in between is locked at its first tick. */
export function useAutoLock(lock: () => Promise<void>): void {
  useEffect(() => {
    const watch = new IdleWatch(Date.now());
    const live = (): void => watch.live(Date.now());
    for (const sign of SIGNS_OF_LIFE) addEventListener(sign, live, { passive: true });
    const timer = setInterval(() => {
      const limitMs = autoLockMinutes() * 60_000;
      if (watch.tick(Date.now(), { limitMs, isRunning: isRunning() })) void lock();
    }, CHECK_MS);
    return () => {
      for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, live);
      clearInterval(timer);
    };
  }, [lock]);
}
