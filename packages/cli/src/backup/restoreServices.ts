import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import {
  SERVICE_NAMES,
  openCompartment,
  superviseCluster,
  type ClusterHost,
  type Compartment,
  type ServiceName,
} from "../start/compartment.ts";
import { openDataFolder, openServiceFolder } from "../start/dataFolder.ts";
import { LOCK_FILE, lockData } from "../start/dataLock.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { ensureGateSecrets, seedToPublicKey } from "../start/serviceSecrets.ts";
import { decryptFile } from "./ageFile.ts";
import { BackupError } from "./backupError.ts";
import { putSignerSeed } from "./backupSigner.ts";
import { catchUp, type CaughtUp } from "./catchUp.ts";
import { loadRows, readFacts } from "./databaseRows.ts";
import { GATE_KEY_FILES, hasGateKeys, putGateKeys, type GateKeys } from "./gateKeys.ts";
import { clusterHost } from "./openData.ts";
import { operate, type Operated } from "./operate.ts";
import { draftOf, placeDraft, removeDraft } from "./restoreDraft.ts";
import { readParts, type RowHeader, type RowPart } from "./rowStream.ts";
import { withSuper } from "./superConnection.ts";

/** Where a service's rows come from; null: nowhere, the gate is rebuilt from the vaults. */
export interface RowSource {
  readonly path: string;
  readonly identities: readonly string[];
  readonly backup: string;
}

/** What is restored, and where to. */
export interface RestoreOptions {
  readonly data: string;
  /** Each service that is restored, with its rows. */
  readonly sources: Readonly<Partial<Record<ServiceName, RowSource | null>>>;
  readonly gateKeys: GateKeys | null;
  /** A gate whose database is gone: what is left of its folder is laid aside. */
  readonly laysGateAside?: true;
  readonly moved: (bytes: number) => void;
}

/** What came of it. */
export interface Restored {
  readonly data: string;
  readonly restore: string;
  readonly services: readonly ServiceName[];
  readonly practices: readonly string[];
  readonly hasGateKeys: boolean;
  readonly caughtUp: CaughtUp;
}

interface Run {
  readonly options: RestoreOptions;
  readonly host: ClusterHost;
  readonly data: string;
  readonly draft: string;
  readonly isWhole: boolean;
  readonly services: readonly ServiceName[];
  /** Names this run in every service that it brings back. */
  readonly restore: string;
  /** The practices that each service has been told are restored. */
  readonly marked: Map<ServiceName, readonly string[]>;
  readonly stops: (() => Promise<void>)[];
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

/** The first part of a service's file, and the others still to be read. */
async function openParts(
  source: RowSource,
  service: ServiceName,
): Promise<{
  header: RowHeader;
  parts: AsyncGenerator<RowPart>;
}> {
  const parts = readParts(decryptFile(source.path, source.identities));
  const first = await parts.next();
  const header = first.done === true ? null : first.value;
  const isRight =
    header?.type === "header" && header.service === service && header.backup === source.backup;
  if (!isRight) throw new BackupError("damaged", { detail: source.path });
  return { header, parts };
}

/** Lays the keys down before the folder of a service is opened for the first time, which would make others. */
function putKeys(
  { draft, host, options, isWhole }: Run,
  name: ServiceName,
  header: RowHeader | null,
): void {
  const { secrets } = openServiceFolder(join(draft, name), host.account, {
    onLog: () => undefined,
  });
  if (name === "gate") {
    if (options.gateKeys === null) return;
    const isOther =
      header !== null && seedToPublicKey(options.gateKeys.serviceKey) !== header.publicKey;
    if (isOther) throw new BackupError("gate-key-other");
    return putGateKeys(secrets, options.gateKeys);
  }
  if (header?.serviceKey === undefined || header.serviceKey === null)
    throw new BackupError("damaged", { detail: `the key of ${name}` });
  writeSecretFile(join(secrets, "service.key"), header.serviceKey);
  if (isWhole && name === "who") putSignerSeed(draft, header.backupKey);
}

async function startOne(run: Run, root: string, name: ServiceName): Promise<Compartment> {
  const compartment = await openCompartment(root, name, run.host);
  if (name === "gate") ensureGateSecrets(compartment.folder);
  const cluster = await superviseCluster(compartment, run.host);
  run.stops.push(() => cluster.stop());
  return compartment;
}

async function makeOne(run: Run, name: ServiceName): Promise<Compartment> {
  const source = run.options.sources[name] ?? null;
  const opened = source === null ? null : await openParts(source, name);
  putKeys(run, name, opened?.header ?? null);
  const compartment = await startOne(run, run.draft, name);
  const service = { compartment, gateKey: compartment.secrets.publicKey };
  if (opened !== null) {
    await operate(service, ["prepare", JSON.stringify(opened.header.schema)]);
    const { parts } = opened;
    await withSuper(compartment, (sql) => loadRows(sql, parts, run.options.moved));
  }
  const practices = (opened?.header.practices ?? []).map(({ practice }) => practice);
  await operate(service, ["settle", run.restore, ...practices]);
  run.marked.set(name, practices);
  return compartment;
}

async function practicesOf(compartment: Compartment): Promise<string[]> {
  const { practices } = await withSuper(compartment, (sql) => readFacts(sql, compartment.name));
  return practices.map(({ practice }) => practice);
}

/** All three at once; when one fails, the others are waited for, so that what they started is known and can be stopped. */
async function startAll(run: Run): Promise<Record<ServiceName, Operated>> {
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
  const operated = (name: ServiceName): Operated => {
    const compartment = made.get(name);
    const gate = made.get("gate");
    if (compartment === undefined || gate === undefined) throw new TypeError("not started");
    return { compartment, gateKey: gate.secrets.publicKey };
  };
  return { who: operated("who"), what: operated("what"), gate: operated("gate") };
}

async function putTogether(run: Run): Promise<Restored> {
  const { options, services, data, restore } = run;
  const operated = await startAll(run);
  const secrets = operated.gate.compartment.folder.secrets;
  const isGateKeyed = !services.includes("gate") || options.gateKeys !== null;
  const found = await Promise.all(
    SERVICE_NAMES.map((name) => practicesOf(operated[name].compartment)),
  );
  const practices = [...new Set(found.flat())];
  const caughtUp = await catchUp(operated, practices, {
    hasGateKeys: isGateKeyed && hasGateKeys(secrets),
  });
  for (const name of services) {
    const marked = run.marked.get(name) ?? [];
    const present = await practicesOf(operated[name].compartment);
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
    removeDraft(draft);
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
    removeDraft(draft);
    throw error;
  }
}
