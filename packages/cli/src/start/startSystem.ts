import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { endOverBreakGlass } from "../posture/endOverBreakGlass.ts";
import { ensureSafeToStart } from "../posture/ensureSafeToStart.ts";
import { boardFile } from "../posture/postureBoards.ts";
import { ownTargets, storeTargets } from "../posture/postureTarget.ts";
import { EXCEPTIONS_FILE } from "../posture/signedExceptions.ts";
import { programVersion } from "../programVersion.ts";
import { upgradeData } from "../upgrade/upgradeData.ts";
import { clusterAccount } from "./clusterAccount.ts";
import {
  SERVICE_NAMES,
  openCompartment,
  superviseCluster,
  superviseService,
} from "./compartment.ts";
import type { ClusterHost, Compartment, ServiceName, SupervisedService } from "./compartment.ts";
import { openDataFolder } from "./dataFolder.ts";
import { ensureInstallationCode } from "./installationCode.ts";
import { LOCK_FILE, lockData } from "./dataLock.ts";
import { findPostgresBinaries } from "./postgresBinaries.ts";
import { ensureGateSecrets } from "./serviceSecrets.ts";
import { SiteFiles } from "../site/siteFiles.ts";
import type { Supervised } from "./supervise.ts";
import { startWebServer, type AnswerDemo } from "./webServer.ts";

export interface StartOptions {
  readonly dataDir: string;
  /** The web address; the services take the three ports after it. 0 takes any free port for each. */
  readonly port: number;
  readonly onLog: (source: string, line: string) => void;
  /** Gives the folder of the built web client, or nothing: then only the addresses are served. */
  readonly site?: Promise<string | undefined> | undefined;
  /** The programs of the services; the packages of ours when left out. */
  readonly serviceEntry?: Readonly<Record<ServiceName, string>>;
}

export interface RunningSystem {
  readonly web: string;
  readonly vaultWho: string;
  readonly vaultWhat: string;
  readonly gate: string;
  /** The data folder, absolute. */
  readonly data: string;
  /** Undefined when a practice has been made with it. */
  readonly installationCode: string | undefined;
  /** Answers what the web client asks of a demonstration. */
  answerDemo(demo: AnswerDemo): void;
  pids(): Readonly<
    Record<ServiceName, { service: number | undefined; cluster: number | undefined }>
  >;
  stop(): Promise<void>;
}

type Stops = (() => Promise<void>)[];
type ByName<T> = Record<ServiceName, T>;

function findServices(): ByName<string> {
  const vault = fileURLToPath(import.meta.resolve("@sinetti/vault"));
  return { who: vault, what: vault, gate: fileURLToPath(import.meta.resolve("@sinetti/gate")) };
}

/** All at once; when one fails, the others are waited for, so that what they started is known and can be stopped. */
async function forEachService<T>(work: (name: ServiceName) => Promise<T>): Promise<ByName<T>> {
  const settled = await Promise.allSettled(SERVICE_NAMES.map(work));
  const failed = settled.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const values = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  return Object.fromEntries(SERVICE_NAMES.map((name, index) => [name, values[index]])) as ByName<T>;
}

async function unwind(stops: Stops): Promise<void> {
  for (const stop of stops.toReversed()) await stop();
}

async function startClusters(
  compartments: ByName<Compartment>,
  host: ClusterHost,
  stops: Stops,
): Promise<ByName<Supervised>> {
  const started: Supervised[] = [];
  stops.push(async () => {
    await Promise.all(started.map((cluster) => cluster.stop()));
  });
  return forEachService(async (name) => {
    const cluster = await superviseCluster(compartments[name], host);
    started.push(cluster);
    return cluster;
  });
}

interface ServicesStart extends StartOptions {
  readonly data: string;
  readonly web: { readonly url: string; readonly port: number };
  readonly gateEnvironment: Readonly<Record<string, string>>;
}

async function startServices(
  compartments: ByName<Compartment>,
  options: ServicesStart,
  stops: Stops,
): Promise<ByName<SupervisedService>> {
  const started: Supervised[] = [];
  stops.push(async () => {
    await Promise.all(started.map((service) => service.stop()));
  });
  const entries = options.serviceEntry ?? findServices();
  const origins = `${options.web.url},${options.web.url.replace("127.0.0.1", "localhost")}`;
  const vaultEnvironment = { SINETTI_GATE_KEY: compartments.gate.secrets.publicKey };
  return forEachService(async (name) => {
    const service = await superviseService(compartments[name], {
      entry: entries[name],
      port: options.port === 0 ? 0 : options.web.port + 1 + SERVICE_NAMES.indexOf(name),
      environment: {
        SINETTI_ORIGINS: origins,
        SINETTI_POSTURE_FILE: boardFile(options.data, name),
        ...(name === "gate" ? options.gateEnvironment : vaultEnvironment),
      },
      onLog: options.onLog,
    });
    started.push(service);
    return service;
  });
}

async function startParts(options: StartOptions, stops: Stops): Promise<RunningSystem> {
  const account = clusterAccount();
  const data = openDataFolder(resolve(options.dataDir), account);
  const unlock = lockData(join(data, LOCK_FILE));
  stops.push(async () => unlock());
  const web = await startWebServer(options.port);
  stops.push(() => web.stop());
  const host = { account, binaries: findPostgresBinaries(account), onLog: options.onLog };
  const compartments = await forEachService((name) => openCompartment(data, name, host));
  const gateEnvironment = ensureGateSecrets(compartments.gate.folder);
  const clusters = await startClusters(compartments, host, stops);
  // What ran out while nothing ran is ended here, and not only refused.
  await endOverBreakGlass(storeTargets(data), {
    now: new Date(),
    onLog: (line) => options.onLog("posture", line),
  });
  await ensureSafeToStart({
    targets: ownTargets(data, null),
    exceptionsFile: join(data, EXCEPTIONS_FILE),
    now: new Date(),
    onLog: (line) => options.onLog("posture", line),
  });
  await upgradeData(
    { data, compartments },
    {
      program: programVersion(),
      now: new Date(),
      onLog: (line) => options.onLog("launcher", line),
    },
  );
  const services = await startServices(
    compartments,
    { ...options, data, web, gateEnvironment },
    stops,
  );
  const urls = {
    vaultWho: services.who.url,
    vaultWhat: services.what.url,
    gate: services.gate.url,
  };
  const folder = await options.site;
  const site = folder === undefined ? undefined : new SiteFiles(folder);
  web.announce(urls, { site });
  let stopped: Promise<void> | undefined;
  const pidsOf = (name: ServiceName) => ({
    service: services[name].pid(),
    cluster: clusters[name].pid(),
  });
  return {
    web: web.url,
    ...urls,
    data,
    // Read when it is asked for: a practice that was made meanwhile has spent the one before.
    get installationCode() {
      return ensureInstallationCode(gateEnvironment.SINETTI_INSTALLATION_CODE_FILE, {
        mayMake: false,
      });
    },
    answerDemo: (demo) => web.announce(urls, { site, demo }),
    pids: () => ({ who: pidsOf("who"), what: pidsOf("what"), gate: pidsOf("gate") }),
    stop: () => (stopped ??= unwind(stops)),
  };
}

/** Starts three clusters and three services on one data folder; resolves when all of them take requests. */
export async function startSystem(options: StartOptions): Promise<RunningSystem> {
  const stops: Stops = [];
  try {
    return await startParts(options, stops);
  } catch (error) {
    await unwind(stops);
    throw error;
  }
}
