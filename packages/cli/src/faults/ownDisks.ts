import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { availableMemory } from "node:process";

import { LOCK_FILE } from "../start/dataLock.ts";

/** Each on a disk of its own, so that one is full while the others go on. */
export const DISK_NAMES = ["who", "what", "gate", "clients"] as const;
/** A new database takes 40 MB. */
const DISK_MEGABYTES = 256;
const MEMORY_BYTES = 2 * DISK_NAMES.length * DISK_MEGABYTES * 2 ** 20;

const SCRIPT = `
  for name in ${DISK_NAMES.join(" ")}; do
    mount -t tmpfs -o size=${DISK_MEGABYTES}m,mode=0711,nosuid,nodev drill "$1/$name" || exit 1
  done
  shift
  exec "$@"
`;

/** How to start a program that has these disks. */
export interface OwnDisks {
  /** The words before the program's own; none: it has no such disks. */
  readonly command: readonly string[];
  /** Why not. */
  readonly missing: string | null;
}

/**
 * Disks in memory under an empty data folder, in a mount namespace: they are seen by nobody but the program and those that it
 * starts, and end with them, however they end. Who is not root takes a user namespace too, and is themselves in it.
 */
export function findOwnDisks(data: string): OwnDisks {
  for (const name of DISK_NAMES) mkdirSync(join(data, name), { mode: 0o711 });
  // So that the launcher takes the folder for one of its own.
  writeFileSync(join(data, LOCK_FILE), "", { mode: 0o600 });
  if (availableMemory() < MEMORY_BYTES)
    return { command: [], missing: `less than ${MEMORY_BYTES / 2 ** 30} GB of memory are free` };
  const command = enterNamespace(data);
  const [program, ...rest] = [...command, "true"];
  const { status, error, stderr } = spawnSync(program, rest, { encoding: "utf8" });
  if (status === 0) return { command, missing: null };
  const why = error?.message ?? stderr.split("\n")[0] ?? "";
  return { command: [], missing: `this machine does not let the drill mount a disk: ${why}` };
}

function enterNamespace(data: string): string[] {
  const mounted = ["--mount", "sh", "-c", SCRIPT, "sh", data];
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (uid === 0) return ["unshare", ...mounted];
  const self = ["unshare", "--user", `--map-user=${uid}`, `--map-group=${gid}`];
  return ["unshare", "--user", "--map-root-user", ...mounted, ...self];
}
