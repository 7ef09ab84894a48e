import { chmodSync, chownSync, lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

import type { ClusterAccount } from "./clusterAccount.ts";
import { StartError } from "./startError.ts";

/** Makes or takes a folder that only `account` (default: ourselves) may enter; refuses one that somebody else laid there. */
export function makePrivateFolder(
  path: string,
  account: ClusterAccount | undefined,
  options?: { mode?: number },
): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StartError("folder-closed", path, { cause });
  }
  const found = lstatSync(path);
  const self = process.getuid?.() ?? found.uid;
  const owner = account?.uid ?? self;
  if (!found.isDirectory() || (found.uid !== self && found.uid !== owner))
    throw new StartError("folder-unsafe", path);
  if (account && found.uid !== owner) chownSync(path, account.uid, account.gid);
  const mode = options?.mode ?? 0o700;
  if ((found.mode & 0o777) !== mode) chmodSync(path, mode);
  return path;
}

function canEnter(path: string, account: ClusterAccount): boolean {
  const { uid, gid, mode } = statSync(path);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** Whether `account` can walk down to an existing folder. */
export function isReachable(path: string, account: ClusterAccount | undefined): boolean {
  if (!account) return true;
  let folder = realpathSync(path);
  while (canEnter(folder, account)) {
    const parent = dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
  return false;
}
