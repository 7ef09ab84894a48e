import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { startCluster } from "../../src/start/cluster.ts";
import { clusterAccount } from "../../src/start/clusterAccount.ts";
import type { ClusterOptions } from "../../src/start/clusterOptions.ts";
import { findPostgresBinaries } from "../../src/start/postgresBinaries.ts";
import { isProcessAlive } from "./startedSystem.ts";

describe("a cluster", () => {
  const account = clusterAccount();
  let home: string;
  let dir: string;
  let options: ClusterOptions;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "sinetti-cluster-"));
    chmodSync(home, 0o711);
    dir = join(home, "postgres");
    options = {
      binaries: findPostgresBinaries(account),
      account,
      socketDir: join(home, "run"),
      superPassword: "0123456789abcdef",
      durable: false,
      maxConnections: 10,
      onLog: () => undefined,
    };
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("says that it did not start when its program is missing, and leaves nothing half made", async () => {
    const binaries = { ...options.binaries, initdb: join(home, "missing") };
    await expect(startCluster(dir, { ...options, binaries })).rejects.toMatchObject({
      code: "initdb-failed",
    });
    expect(existsSync(dir)).toBe(false);
    expect(existsSync(join(options.socketDir, "initdb-password"))).toBe(false);
  });

  it("is made anew where an earlier making was cut short, and says when it cannot start", async () => {
    mkdirSync(`${dir}.draft`);
    writeFileSync(join(`${dir}.draft`, "PG_VERSION"), "half");
    const cluster = await startCluster(dir, options);
    expect(isProcessAlive(cluster.pid)).toBe(true);
    await cluster.stop();
    expect(isProcessAlive(cluster.pid)).toBe(false);
    expect(existsSync(`${dir}.draft`)).toBe(false);
    const binaries = { ...options.binaries, postgres: join(home, "missing") };
    await expect(startCluster(dir, { ...options, binaries })).rejects.toMatchObject({
      code: "cluster-failed",
    });
  });
});
