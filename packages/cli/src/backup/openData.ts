import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { clusterAccount } from "../start/clusterAccount.ts";
import {
  SERVICE_NAMES,
  openCompartment,
  readCompartment,
  superviseCluster,
  type ClusterHost,
  type Compartment,
  type ServiceName,
} from "../start/compartment.ts";
import { openDataFolder } from "../start/dataFolder.ts";
import { LOCK_FILE, lockData } from "../start/dataLock.ts";
import { findPostgresBinaries } from "../start/postgresBinaries.ts";
import { StartError } from "../start/startError.ts";
import { BackupError } from "./backupError.ts";

/** The databases of a data folder, running. */
export interface OpenData {
  readonly data: string;
  readonly compartments: Readonly<Record<ServiceName, Compartment>>;
  close(): Promise<void>;
}

/** How clusters are run here. */
export function clusterHost(onLog: ClusterHost["onLog"] = () => undefined): ClusterHost {
  const account = clusterAccount();
  return { account, binaries: findPostgresBinaries(account), onLog };
}

function tryLock(data: string): (() => void) | null {
  try {
    return lockData(join(data, LOCK_FILE), { waitMs: 0 });
  } catch (error) {
    if (error instanceof StartError && error.code === "data-in-use") return null;
    throw error;
  }
}

async function eachService<T>(
  work: (name: ServiceName) => T | Promise<T>,
): Promise<Record<ServiceName, T>> {
  const [who, what, gate] = [await work("who"), await work("what"), await work("gate")];
  return { who, what, gate };
}

/** The databases of a data folder: those of the running system, or, when it is stopped, started for as long as this is open. */
export async function openData(path: string): Promise<OpenData> {
  const host = clusterHost();
  const data = resolve(path);
  if (SERVICE_NAMES.some((name) => !existsSync(join(data, name))))
    throw new BackupError("incomplete", { detail: data });
  openDataFolder(data, host.account);
  const unlock = tryLock(data);
  if (unlock === null) {
    const compartments = await eachService((name) => readCompartment(data, name, host));
    return { data, compartments, close: () => Promise.resolve() };
  }
  const stops: (() => Promise<void>)[] = [async () => unlock()];
  const close = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop();
  };
  try {
    const compartments = await eachService((name) => openCompartment(data, name, host));
    for (const name of SERVICE_NAMES) {
      const cluster = await superviseCluster(compartments[name], host);
      stops.push(() => cluster.stop());
    }
    return { data, compartments, close };
  } catch (error) {
    await close();
    throw error;
  }
}
