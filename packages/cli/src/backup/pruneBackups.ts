import { renameSync, rmSync } from "node:fs";

import { syncFolder } from "../start/syncFolder.ts";
import { draftEnding, isAhead, listBackups } from "./manifest.ts";

/** Whatever the clock says: a clock that leaps ahead must not take every backup but one. */
const LEAST_KEPT = 3;

export interface Pruning {
  readonly now: Date;
  /** Public key of the system whose backups these are; those of others are not touched. */
  readonly signer: string;
  /** How many stay at most; null: as many as there are. At least three. */
  readonly keep: number | null;
}

/**
 * Removes of a system's backups those beyond the newest `keep`, and those whose time is over but for the newest three; none
 * while one is dated ahead, since it is not known then which is the newest. Gives their folders.
 */
export function pruneBackups(shelf: string, { now, signer, keep }: Pruning): string[] {
  const own = listBackups(shelf).filter(({ manifest }) => manifest.signer === signer);
  if (own.some(({ manifest }) => isAhead(manifest, now))) return [];
  const most = Math.max(keep ?? own.length, LEAST_KEPT);
  const over = own
    .toReversed()
    .filter(({ manifest }, newer) => {
      const isOver = newer >= LEAST_KEPT && Date.parse(manifest.expires) <= now.getTime();
      return newer >= most || isOver;
    })
    .map(({ folder }) => folder);
  for (const folder of over) {
    // Cut off in the middle it must not look like a whole one.
    const left = `${folder}${draftEnding(signer)}`;
    renameSync(folder, left);
    rmSync(left, { recursive: true });
  }
  if (over.length > 0) syncFolder(shelf);
  return over;
}
