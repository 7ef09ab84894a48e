import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ClusterAccount } from "./clusterAccount.ts";
import { LOCK_FILE } from "./dataLock.ts";
import { isClusterMade } from "./makeCluster.ts";
import { reachableFolder } from "./postgresBinaries.ts";
import { isReachable, makePrivateFolder } from "./privateFolder.ts";
import { writeSecretFile } from "./secretFile.ts";
import { StartError } from "./startError.ts";

export interface ServiceFolder {
  readonly secrets: string;
  readonly pidFile: string;
  readonly cluster: string;
  /** What its database says, of the launcher's own account. */
  readonly log: string;
  /** Nothing is kept here yet. */
  readonly isNew: boolean;
  readonly socketDir: string;
}

/** Names the running service, in its folder. */
export const PID_FILE = "service.pid";
/** What its database says is kept there. */
export const LOG_FOLDER = "log";
/** The shortest limit among the systems, less the name that PostgreSQL gives the socket. */
const SOCKET_DIR_BYTES = 103 - "/.s.PGSQL.5432".length;
/** The setting is a list with commas and quotes of its own. */
const plainPath = /^[\w./-]+$/;

/** Only ourselves, or, when the clusters have an account of their own, that one may walk through without looking. */
const modeOf = (account: ClusterAccount | undefined): number => (account ? 0o711 : 0o700);

/** Makes the data folder or takes the one there is, but never somebody's other folder. */
export function openDataFolder(path: string, account: ClusterAccount | undefined): string {
  if (existsSync(path) && !existsSync(join(path, LOCK_FILE)) && readdirSync(path).length > 0) {
    throw new StartError("folder-foreign", path);
  }
  return realpathSync(makePrivateFolder(path, undefined, { mode: modeOf(account) }));
}

/** Names where a cluster is kept that could not lie in its service's folder. */
export const CLUSTER_POINTER = "postgres.location";

function findClusterHome(
  folder: string,
  account: ClusterAccount | undefined,
  onLog: (line: string) => void,
): string {
  const pointer = join(folder, CLUSTER_POINTER);
  if (existsSync(pointer)) return readFileSync(pointer, "utf8").trim();
  if (isReachable(folder, account)) return folder;
  const home = mkdtempSync(join(reachableFolder("clusters"), "cluster-"));
  chmodSync(home, modeOf(account));
  writeSecretFile(pointer, home);
  onLog(
    `${folder} is closed to the account that PostgreSQL runs as; its database is kept in ${home}`,
  );
  return home;
}

function findSocketDir(home: string): string {
  const near = join(home, "run");
  if (Buffer.byteLength(near) <= SOCKET_DIR_BYTES && plainPath.test(near)) return near;
  const key = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return join(tmpdir(), `sinetti-${key}`);
}

/** The folders of one service inside the data folder. */
export function openServiceFolder(
  path: string,
  account: ClusterAccount | undefined,
  options: { onLog: (line: string) => void },
): ServiceFolder {
  makePrivateFolder(path, undefined, { mode: modeOf(account) });
  const home = findClusterHome(path, account, options.onLog);
  const cluster = join(home, "postgres");
  return {
    secrets: makePrivateFolder(join(path, "secrets"), undefined),
    pidFile: join(path, PID_FILE),
    cluster,
    log: join(makePrivateFolder(join(path, LOG_FOLDER), undefined), "postgres.log"),
    isNew: !isClusterMade(cluster),
    socketDir: findSocketDir(home),
  };
}
