import { chownSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import postgres from "postgres";

import { clusterAccount } from "../packages/cli/src/start/clusterAccount.ts";
import { spawnPostgres } from "../packages/cli/src/start/clusterProcess.ts";
import {
  findPostgresBinaries,
  reachableFolder,
} from "../packages/cli/src/start/postgresBinaries.ts";
import { isReachable, makePrivateFolder } from "../packages/cli/src/start/privateFolder.ts";

export interface BareClusterOptions {
  /** Lines of postgresql.conf. */
  readonly settings: Readonly<Record<string, string>>;
  /** The whole of pg_hba.conf. */
  readonly hba: string;
  /** Folder of another installation's programs: `/usr/lib/postgresql/15/bin`. */
  readonly bin?: string;
}

/** A PostgreSQL of its own, with settings and access lines as somebody else might have them. */
export interface BareCluster {
  readonly hbaFile: string;
  /** Folder of its socket. */
  readonly socketDir: string;
  readonly port: number;
  /** As its superuser, over the socket. */
  connect(
    database?: string,
    as?: { user?: string; password?: string; application?: string },
  ): postgres.Sql;
  /** The same, as an address. */
  url(database: string): string;
  /** `meanwhile`: done to its folder, that of `hbaFile`, while it is stopped. */
  restart(meanwhile?: () => void): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

/** Makes and starts one, without fsync: for tests alone. */
export async function startBareCluster(options: BareClusterOptions): Promise<BareCluster> {
  const account = clusterAccount();
  const parent = isReachable(tmpdir(), account) ? tmpdir() : reachableFolder("test");
  const folder = mkdtempSync(join(parent, "sinetti-bare-"));
  chmodSync(folder, 0o711);
  const [dir, socketDir] = [join(folder, "postgres"), join(folder, "run")];
  for (const path of [dir, socketDir]) makePrivateFolder(path, account);
  const { bin } = options;
  const logged: string[] = [];
  const run = {
    binaries:
      bin === undefined
        ? findPostgresBinaries(account)
        : { postgres: join(bin, "postgres"), initdb: join(bin, "initdb") },
    account,
    socketDir,
    superPassword: "",
    durable: false,
    maxConnections: 40,
    onLog: (line: string): unknown => logged.push(line),
  };
  const write = (file: string, text: string): void => {
    writeFileSync(file, text);
    if (account) chownSync(file, account.uid, account.gid);
  };
  const passwordFile = join(socketDir, "password");
  const password = randomBytes(16).toString("hex");
  write(passwordFile, password);
  const made = spawnPostgres(
    "initdb",
    [
      `--pgdata=${dir}`,
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--username=postgres",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      "--data-checksums",
    ],
    run,
  );
  if ((await made.exited) !== 0) throw new Error(`initdb failed:\n${logged.join("\n")}`);
  rmSync(passwordFile);
  const port = await freePort();
  const settings = {
    port: String(port),
    unix_socket_directories: socketDir,
    fsync: "off",
    ...options.settings,
  };
  const hbaFile = join(dir, "pg_hba.conf");
  const file = join(dir, "postgresql.conf");
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  write(file, `${readFileSync(file, "utf8")}\n${lines.join("\n")}\n`);
  write(hbaFile, options.hba);

  const connect: BareCluster["connect"] = (database = "postgres", as = {}) =>
    postgres({
      host: socketDir,
      port,
      user: "postgres",
      password,
      ...as,
      database,
      max: 1,
      connection: { application_name: as.application ?? "test" },
      prepare: false,
      fetch_types: false,
      onnotice: () => undefined,
    });
  let running = spawnPostgres("postgres", ["-D", dir], run);
  const waitUntilReady = async (): Promise<void> => {
    while (running.child.exitCode === null) {
      const sql = connect();
      try {
        await sql`select 1`;
        return;
      } catch {
        await sleep(50);
      } finally {
        await sql.end({ timeout: 1 });
      }
    }
    throw new Error(`PostgreSQL did not start:\n${logged.slice(-20).join("\n")}`);
  };
  const end = async (): Promise<void> => {
    running.child.kill("SIGINT");
    await running.exited;
  };
  const stop = async (): Promise<void> => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  await waitUntilReady();
  return {
    hbaFile,
    socketDir,
    port,
    connect,
    url: (database) =>
      `postgres://postgres:${password}@localhost:${port}/${database}?host=${encodeURIComponent(socketDir)}`,
    restart: async (meanwhile = () => undefined) => {
      await end();
      meanwhile();
      running = spawnPostgres("postgres", ["-D", dir], run);
      await waitUntilReady();
    },
    stop,
  };
}

/** Runs the script of `serve init` as psql does: up to `\\connect` in the one database, after it in the other. */
export async function runScript(cluster: BareCluster, script: string): Promise<void> {
  const [before = "", after = ""] = readFileSync(script, "utf8").split("\\connect sinetti\n");
  const admin = cluster.connect();
  for (const line of before.split("\n"))
    if (line !== "" && !line.startsWith("--")) await admin.unsafe(line);
  await admin.end();
  const inside = cluster.connect("sinetti");
  await inside.unsafe(after);
  await inside.end();
}
