import { join } from "node:path";

import { provisionReader } from "../posture/provisionReader.ts";
import { startCluster } from "./cluster.ts";
import type { ClusterAccount } from "./clusterAccount.ts";
import { openServiceFolder, PID_FILE } from "./dataFolder.ts";
import type { ServiceFolder } from "./dataFolder.ts";
import { toTheMinute, withoutValues } from "./databaseLine.ts";
import { databaseUrl } from "./databaseUrl.ts";
import { KeptLog } from "./keptLog.ts";
import type { PostgresBinaries } from "./postgresBinaries.ts";
import { limitRoles, provisionDatabase, provisionRoles } from "./provisionDatabase.ts";
import { endStaleService, startService } from "./service.ts";
import type { RunningService } from "./service.ts";
import { ensureServiceSecrets } from "./serviceSecrets.ts";
import type { ServiceSecrets } from "./serviceSecrets.ts";
import { supervise } from "./supervise.ts";
import type { Supervised } from "./supervise.ts";

export const SERVICE_NAMES = ["who", "what", "gate"] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** One service with the database that only it may use. */
export interface Compartment {
  readonly name: ServiceName;
  readonly folder: ServiceFolder;
  readonly secrets: ServiceSecrets;
}

export interface ClusterHost {
  readonly account: ClusterAccount | undefined;
  readonly binaries: PostgresBinaries;
  readonly onLog: (source: string, line: string) => void;
}

const DATABASE = "sinetti";
const MAX_CONNECTIONS = 60;

/** The folder of a service as it stands, perhaps running. */
export function readCompartment(data: string, name: ServiceName, host: ClusterHost): Compartment {
  const onLog = (line: string): void => host.onLog("launcher", line);
  const folder = openServiceFolder(join(data, name), host.account, { onLog });
  return { name, folder, secrets: ensureServiceSecrets(folder) };
}

/** Opens the folder of a service, and ends what a killed launcher left running in it. */
export async function openCompartment(
  data: string,
  name: ServiceName,
  host: ClusterHost,
): Promise<Compartment> {
  await endStaleService(join(data, name, PID_FILE));
  return readCompartment(data, name, host);
}

/** The superuser's way into the service's database. */
export function superUrlOf({ folder, secrets }: Compartment): string {
  const password = secrets.superPassword;
  return databaseUrl({
    socketDir: folder.socketDir,
    role: "postgres",
    password,
    database: DATABASE,
  });
}

/** What every program of a service is told. */
export function environmentOf(compartment: Compartment, listen: string): Record<string, string> {
  return {
    SINETTI_SERVICE: compartment.name,
    SINETTI_LISTEN: listen,
    SINETTI_DATABASE_URL: urlOf(compartment, "sinetti_app"),
    SINETTI_OWNER_URL: urlOf(compartment, "sinetti_owner"),
    SINETTI_KEY_FILE: compartment.secrets.keyFile,
  };
}

function urlOf(
  { folder, secrets }: Compartment,
  role: "postgres" | "sinetti_owner" | "sinetti_app",
): string {
  const passwordByRole = {
    postgres: secrets.superPassword,
    sinetti_owner: secrets.ownerPassword,
    sinetti_app: secrets.appPassword,
  };
  const database = role === "postgres" ? "postgres" : DATABASE;
  return databaseUrl({
    socketDir: folder.socketDir,
    role,
    password: passwordByRole[role],
    database,
  });
}

/** Keeps the cluster of a compartment running, with the roles and the database that its service needs. */
export async function superviseCluster(
  compartment: Compartment,
  host: ClusterHost,
): Promise<Supervised> {
  const source = `${compartment.name} database`;
  const { folder, secrets } = compartment;
  const kept = new KeptLog(folder.log, { onLog: (line) => host.onLog("launcher", line) });
  const onLog = (line: string): void => {
    const said = withoutValues(line);
    host.onLog(source, said);
    const worth = toTheMinute(said);
    if (worth !== null) kept.write(worth);
  };
  const start = () =>
    startCluster(folder.cluster, {
      binaries: host.binaries,
      account: host.account,
      socketDir: folder.socketDir,
      superPassword: secrets.superPassword,
      durable: true,
      maxConnections: MAX_CONNECTIONS,
      onLog,
    });
  const cluster = await supervise(source, start, { onLog });
  try {
    const superUrl = urlOf(compartment, "postgres");
    await provisionRoles(superUrl, secrets);
    await limitRoles(superUrl);
    await provisionDatabase(superUrl, DATABASE);
    await provisionReader(superUrlOf(compartment), secrets.posturePassword);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

export interface ServiceStart {
  readonly entry: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: ClusterHost["onLog"];
}

export interface SupervisedService extends Supervised {
  readonly url: string;
}

/** Keeps the service of a compartment running, at the address that it got first. */
export async function superviseService(
  compartment: Compartment,
  options: ServiceStart,
): Promise<SupervisedService> {
  const { name, folder } = compartment;
  const onLog = (line: string): void => options.onLog(name, line);
  let listen = `127.0.0.1:${options.port}`;
  let first: RunningService | undefined;
  const start = async (): Promise<RunningService> => {
    const environment = { ...environmentOf(compartment, listen), ...options.environment };
    const running = await startService(name, {
      entry: options.entry,
      environment,
      pidFile: folder.pidFile,
      onLog,
    });
    first ??= running;
    listen = new URL(first.url).host;
    return running;
  };
  const supervised = await supervise(name, start, { onLog });
  return { ...supervised, url: `http://${listen}` };
}
