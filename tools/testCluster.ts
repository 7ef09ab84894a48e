import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { startCluster } from "../packages/cli/src/start/cluster.ts";
import { clusterAccount } from "../packages/cli/src/start/clusterAccount.ts";
import { databaseUrl } from "../packages/cli/src/start/databaseUrl.ts";
import {
  findPostgresBinaries,
  reachableFolder,
} from "../packages/cli/src/start/postgresBinaries.ts";
import { isReachable } from "../packages/cli/src/start/privateFolder.ts";
import { provisionRoles } from "../packages/cli/src/start/provisionDatabase.ts";

const makePassword = (): string => randomBytes(24).toString("hex");

function makeFolder(account: ReturnType<typeof clusterAccount>): string {
  const parent = isReachable(tmpdir(), account) ? tmpdir() : reachableFolder("test");
  const folder = mkdtempSync(join(parent, "sinetti-test-"));
  chmodSync(folder, 0o711);
  return folder;
}

/** Vitest's global set-up of the service tests: one cluster for all of them, the only one that runs without fsync. */
export default async function startTestCluster(project: TestProject): Promise<() => Promise<void>> {
  const account = clusterAccount();
  const folder = makeFolder(account);
  const socketDir = join(folder, "run");
  const roles = { ownerPassword: makePassword(), appPassword: makePassword() };
  const superPassword = makePassword();
  const logged: string[] = [];
  try {
    const cluster = await startCluster(join(folder, "postgres"), {
      binaries: findPostgresBinaries(account),
      account,
      socketDir,
      superPassword,
      durable: false,
      maxConnections: 200,
      onLog: (line) => logged.push(line),
    });
    const superUrl = databaseUrl({
      socketDir,
      role: "postgres",
      password: superPassword,
      database: "postgres",
    });
    await provisionRoles(superUrl, roles);
    project.provide("testCluster", { socketDir, superPassword, ...roles });
    return async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`the test cluster did not start:\n${logged.slice(-20).join("\n")}`, {
      cause: error,
    });
  }
}
