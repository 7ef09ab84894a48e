import { execFileSync, spawnSync } from "node:child_process";

import { StartError } from "./startError.ts";

/** The account that PostgreSQL runs as; undefined means: as ourselves. */
export interface ClusterAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const DEDICATED = "sinetti-postgres";
const waysToAdd = [
  [
    "useradd",
    "--system",
    "--user-group",
    "--no-create-home",
    "--home-dir",
    "/nonexistent",
    "--shell",
    "/bin/false",
    DEDICATED,
  ],
  ["adduser", "-S", "-D", "-H", "-s", "/bin/false", DEDICATED],
] as const;
const existing = ["postgres", "nobody"] as const;

function readAccount(name: string): ClusterAccount | undefined {
  const read = (flag: string): number => {
    const found = spawnSync("id", [flag, name], { encoding: "utf8" });
    return found.status === 0 ? Number(found.stdout) : Number.NaN;
  };
  const uid = read("-u");
  const gid = read("-g");
  return uid > 0 && gid > 0 ? { name, uid, gid } : undefined;
}

function addAccount(): ClusterAccount | undefined {
  for (const [command, ...args] of waysToAdd) {
    try {
      execFileSync(command, args, { stdio: "ignore" });
    } catch {
      // Another start may have added it at the same moment, or this system has the other command.
    }
    const account = readAccount(DEDICATED);
    if (account) return account;
  }
  return undefined;
}

/** PostgreSQL refuses root, and initdb refuses an account that the system does not know by name. */
export function clusterAccount(): ClusterAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account =
    readAccount(DEDICATED) ??
    addAccount() ??
    existing.map(readAccount).find((found) => found !== undefined);
  if (!account) throw new StartError("account-missing");
  return account;
}
