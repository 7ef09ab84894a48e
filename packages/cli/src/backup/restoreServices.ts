import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { SERVICE_NAMES, type Compartment, type ServiceName } from "../start/compartment.ts";
import { openDataFolder } from "../start/dataFolder.ts";
import { LOCK_FILE, lockData } from "../start/dataLock.ts";
import { removeDataFolder } from "../start/removeDataFolder.ts";
import { BackupError } from "./backupError.ts";
import { catchUp, type CaughtUp } from "./catchUp.ts";
import { readFacts } from "./databaseRows.ts";
import { GATE_KEY_FILES, hasGateKeys } from "./gateKeys.ts";
import { clusterHost } from "./openData.ts";
import { operate, operatedOf, type Operated } from "./operate.ts";
import { draftOf, placeDraft } from "./restoreDraft.ts";
import { makeOne, startOne, type RestoreOptions, type Run } from "./restoreRun.ts";
import { withSuper } from "./superConnection.ts";

/** What came of it. */
export interface Restored {
  readonly data: string;
  readonly restore: string;
  readonly services: readonly ServiceName[];
  readonly practices: readonly string[];
  readonly hasGateKeys: boolean;
  readonly caughtUp: CaughtUp;
}

function checkPlace(
  { data, laysGateAside }: RestoreOptions,
  services: readonly ServiceName[],
  isWhole: boolean,
): void {
  if (isWhole) {
    const isFree = !existsSync(data) || readdirSync(data).length === 0;
    if (!isFree) throw new BackupError("data-exists", { detail: data });
    return;
  }
  for (const name of SERVICE_NAMES) {
    const isThere = existsSync(join(data, name));
    const mayBeThere = name === "gate" && laysGateAside === true;
    if (services.includes(name) && isThere && !mayBeThere)
      throw new BackupError("data-exists", { detail: join(data, name) });
    if (!services.includes(name) && !isThere)
      throw new BackupError("incomplete", { detail: join(data, name) });
  }
}

async function practicesOf(compartment: Compartment): Promise<string[]> {
  const { practices } = await withSuper(compartment, (sql) => readFacts(sql, compartment.name));
  return practices.map(({ practice }) => practice);
}

interface Started {
  readonly compartment: Compartment;
  readonly service: Operated;
}

/** All three at once; when one fails, the others are waited for, so that what they started is known and can be stopped. */
async function startAll(run: Run): Promise<Record<ServiceName, Started>> {
  const settled = await Promise.allSettled(
    SERVICE_NAMES.map((name) =>
      run.services.includes(name) ? makeOne(run, name) : startOne(run, run.data, name),
    ),
  );
  const failed = settled.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const made = new Map(
    settled.flatMap((result) =>
      result.status === "fulfilled" ? [[result.value.name, result.value] as const] : [],
    ),
  );
  const started = (name: ServiceName): Started => {
    const compartment = made.get(name);
    const gate = made.get("gate");
    if (compartment === undefined || gate === undefined) throw new TypeError("not started");
    return { compartment, service: operatedOf(compartment, gate.secrets.publicKey) };
  };
  return { who: started("who"), what: started("what"), gate: started("gate") };
}

async function putTogether(run: Run): Promise<Restored> {
  const { options, services, data, restore } = run;
  const started = await startAll(run);
  const secrets = started.gate.compartment.folder.secrets;
  const isGateKeyed = !services.includes("gate") || options.gateKeys !== null;
  const found = await Promise.all(
    SERVICE_NAMES.map((name) => practicesOf(started[name].compartment)),
  );
  const practices = [...new Set(found.flat())];
  const operated = {
    who: started.who.service,
    what: started.what.service,
    gate: started.gate.service,
  };
  const caughtUp = await catchUp(operated, practices, {
    hasGateKeys: isGateKeyed && hasGateKeys(secrets),
  });
  for (const name of services) {
    const marked = run.marked.get(name) ?? [];
    const present = await practicesOf(started[name].compartment);
    const unmarked = present.filter((practice) => !marked.includes(practice));
    // What only the others knew of has come here with the catching up.
    if (unmarked.length > 0) await operate(operated[name], ["settle", restore, ...unmarked]);
  }
  // Made only so that the cluster could be: the real ones come with the gate's own file.
  if (!isGateKeyed) for (const file of GATE_KEY_FILES) rmSync(join(secrets, file), { force: true });
  return { data, restore, services, practices, hasGateKeys: isGateKeyed, caughtUp };
}

async function stopAll({ stops }: Run): Promise<void> {
  for (const stop of stops.splice(0).toReversed()) await stop();
}

/**
 * Puts services together out of a backup, brings them up to the others, and gives them their place at the very end: whatever
 * fails before leaves nothing. The restored services are still until two of the staff resume them.
 */
export async function restoreServices(options: RestoreOptions): Promise<Restored> {
  const host = clusterHost();
  const data = resolve(options.data);
  const services = SERVICE_NAMES.filter((name) => name in options.sources);
  const isWhole = services.length === SERVICE_NAMES.length;
  checkPlace({ ...options, data }, services, isWhole);
  const draft = draftOf(data, isWhole);
  const restore = randomBytes(16).toString("hex");
  const run: Run = {
    options,
    host,
    data,
    draft,
    isWhole,
    services,
    restore,
    marked: new Map(),
    stops: [],
  };
  try {
    removeDataFolder(draft);
    if (isWhole) openDataFolder(draft, host.account);
    else {
      openDataFolder(data, host.account);
      const unlock = lockData(join(data, LOCK_FILE));
      run.stops.push(async () => unlock());
      mkdirSync(draft, { mode: host.account ? 0o711 : 0o700 });
    }
    if (isWhole) lockData(join(draft, LOCK_FILE))();
    const restored = await putTogether(run);
    await stopAll(run);
    placeDraft(draft, { data, services, isWhole });
    return restored;
  } catch (error) {
    await stopAll(run);
    removeDataFolder(draft);
    throw error;
  }
}
