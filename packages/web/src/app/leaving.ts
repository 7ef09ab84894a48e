type Last = () => Promise<unknown>;

/** A lock must not wait for a service that is silent: what is kept on this device is kept long before. */
const PATIENCE_MS = 2_000;
const lasts = new Set<Last>();

/** Does something before the keys are dropped; gives the way to take it back. */
export function beforeLeaving(last: Last): () => void {
  lasts.add(last);
  return () => void lasts.delete(last);
}

/** Finishes what must not be lost by a lock. */
export async function finishBeforeLeaving(): Promise<void> {
  if (lasts.size === 0) return;
  await Promise.race([
    Promise.allSettled([...lasts].map((last) => last())),
    new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
  ]);
}
