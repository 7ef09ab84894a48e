import { rmSync } from "node:fs";

import { syncFolder } from "../start/syncFolder.ts";
import { listBackups } from "./manifest.ts";

/** Removes the backups of a shelf whose time is over, but never the newest one; gives their folders. */
export function pruneBackups(shelf: string, now: Date): string[] {
  const over = listBackups(shelf)
    .slice(0, -1)
    .filter(({ manifest }) => Date.parse(manifest.expires) <= now.getTime())
    .map(({ folder }) => folder);
  for (const folder of over) rmSync(folder, { recursive: true });
  if (over.length > 0) syncFolder(shelf);
  return over;
}
