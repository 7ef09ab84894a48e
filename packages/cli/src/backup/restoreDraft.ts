import { existsSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { ServiceName } from "../start/compartment.ts";
import { syncFolder } from "../start/syncFolder.ts";

/** Where services are put together before they have their place: beside it, so that a rename is enough. */
export function draftOf(data: string, isWhole: boolean): string {
  return isWhole ? join(dirname(data), `.${basename(data)}.restoring`) : join(data, ".restoring");
}

/** Gives what was put together its place: all at once, or service by service in a folder that stays. */
export function placeDraft(
  draft: string,
  { data, services, isWhole }: { data: string; services: readonly ServiceName[]; isWhole: boolean },
): void {
  if (isWhole) {
    rmSync(data, { recursive: true, force: true });
    renameSync(draft, data);
    syncFolder(dirname(data));
    return;
  }
  for (const name of services) {
    const place = join(data, name);
    if (existsSync(place)) renameSync(place, `${place}.laid-aside-${Date.now()}`);
    renameSync(join(draft, name), place);
  }
  rmSync(draft, { recursive: true, force: true });
  syncFolder(data);
}
