import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { SERVICE_NAMES, type ServiceName } from "../start/compartment.ts";
import { syncFolder } from "../start/syncFolder.ts";

const LOCATION = "postgres.location";

/** Removes what a restore that did not end well has left, also a cluster that had to be kept elsewhere. */
export function removeDraft(draft: string): void {
  for (const name of SERVICE_NAMES) {
    const pointer = join(draft, name, LOCATION);
    if (existsSync(pointer))
      rmSync(readFileSync(pointer, "utf8").trim(), { recursive: true, force: true });
  }
  rmSync(draft, { recursive: true, force: true });
}

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
