import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

import { SERVICE_NAMES } from "../start/compartment.ts";
import { CLUSTER_POINTER } from "../start/dataFolder.ts";
import { BackupError } from "./backupError.ts";
import type { BackupNotes } from "./backupNotes.ts";
import { isBackup, listBackups } from "./manifest.ts";

/** Where a path really leads, also one of which the end is not there yet. */
function realPath(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  const parent = dirname(whole);
  return parent === whole ? whole : join(realPath(parent), basename(whole));
}

/** Whether a path is a folder or lies in it, links followed. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(realPath(folder), realPath(path));
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The file system that a path is on, or will be once it is made. */
function deviceOf(path: string): number {
  const whole = resolve(path);
  return existsSync(whole) ? statSync(whole).dev : deviceOf(dirname(whole));
}

/** Every place that holds something of a data folder: a database may have had to lie elsewhere. */
function placesOf(data: string): string[] {
  const homes = SERVICE_NAMES.map((name) => join(data, name));
  const pointers = homes.map((home) => join(home, CLUSTER_POINTER)).filter(existsSync);
  return [data, ...homes, ...pointers.map((path) => readFileSync(path, "utf8").trim())];
}

/** Whether a shelf is on a file system of the data: one disk that dies takes both. */
export function isOnSameDisk(shelf: string, data: string): boolean {
  return placesOf(data).map(deviceOf).includes(deviceOf(shelf));
}

/** Errors: `same-disk`, `shelf-gone`: what looks like a medium is the empty folder that it is mounted on. */
export function checkShelf(
  shelf: string,
  { data, notes, maySameDisk }: { data: string; notes: BackupNotes; maySameDisk: boolean },
): void {
  const last = notes.last?.folder;
  if (last !== undefined && isInside(last, shelf) && !existsSync(last))
    throw new BackupError("shelf-gone", { detail: shelf });
  if (!maySameDisk && isOnSameDisk(shelf, data))
    throw new BackupError("same-disk", { detail: shelf });
}

/** Error: `gate-beside`, when a file with the gate's keys is known to lie in this shelf. */
export function checkBesideGate(shelf: string, { gateFiles }: BackupNotes): void {
  const beside = gateFiles.find((file) => existsSync(file) && isInside(file, shelf));
  if (beside !== undefined) throw new BackupError("gate-beside", { detail: beside });
}

/** Error: `gate-beside`, when this new file of the gate's keys would lie with the data, in a shelf, or in a backup. */
export function checkGatePlace(
  file: string,
  { data, notes }: { data: string; notes: BackupNotes },
): void {
  const folder = dirname(resolve(file));
  const isBeside =
    isInside(file, data) ||
    notes.shelves.some((shelf) => isInside(file, shelf)) ||
    isBackup(folder) ||
    listBackups(folder).length > 0;
  if (isBeside) throw new BackupError("gate-beside", { detail: folder });
}
