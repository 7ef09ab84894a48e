import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { ClusterOptions } from "./clusterOptions.ts";
import { spawnPostgres } from "./clusterProcess.ts";
import { makePrivateFolder } from "./privateFolder.ts";
import { StartError } from "./startError.ts";
import { syncFolder } from "./syncFolder.ts";

const ENCODING = [
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
];

/** Whether `dir` holds a cluster; it is there whole or not at all. */
export function isClusterMade(dir: string): boolean {
  return existsSync(join(dir, "PG_VERSION"));
}

async function runInitdb(dir: string, options: ClusterOptions): Promise<void> {
  const { account, superPassword } = options;
  const passwordFile = join(options.socketDir, "initdb-password");
  writeFileSync(passwordFile, `${superPassword}\n`, { mode: 0o600 });
  try {
    if (account) chownSync(passwordFile, account.uid, account.gid);
    const access = ["--auth=scram-sha-256", "--username=postgres", `--pwfile=${passwordFile}`];
    const durability = ["--data-checksums", ...(options.durable ? [] : ["--no-sync"])];
    const { exited } = spawnPostgres(
      "initdb",
      [`--pgdata=${dir}`, ...access, ...ENCODING, ...durability],
      options,
    );
    if ((await exited) !== 0) throw new StartError("initdb-failed", dir);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Makes a new cluster in `dir`. */
export async function makeCluster(dir: string, options: ClusterOptions): Promise<void> {
  const draft = `${dir}.draft`;
  rmSync(draft, { recursive: true, force: true });
  makePrivateFolder(draft, options.account);
  await runInitdb(draft, options);
  renameSync(draft, dir);
  syncFolder(dirname(dir));
}
