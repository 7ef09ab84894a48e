import { join } from "node:path";

import {
  openCompartment,
  superviseCluster,
  type ClusterHost,
  type Compartment,
  type ServiceName,
} from "../start/compartment.ts";
import { openServiceFolder } from "../start/dataFolder.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { ensureGateSecrets, seedToPublicKey } from "../start/serviceSecrets.ts";
import { decryptFile } from "./ageFile.ts";
import { BackupError } from "./backupError.ts";
import { putSignerSeed } from "./backupSigner.ts";
import { loadRows } from "./databaseRows.ts";
import { putGateKeys, type GateKeys } from "./gateKeys.ts";
import { operate, operatedOf } from "./operate.ts";
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

/** One run of restoring. */
export interface Run {
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

/** Starts a service's database where it stands. */
export async function startOne(run: Run, root: string, name: ServiceName): Promise<Compartment> {
  const compartment = await openCompartment(root, name, run.host);
  if (name === "gate") ensureGateSecrets(compartment.folder);
  const cluster = await superviseCluster(compartment, run.host);
  run.stops.push(() => cluster.stop());
  return compartment;
}

/** Makes a service beside its place: its keys, its database, its rows if there are any. */
export async function makeOne(run: Run, name: ServiceName): Promise<Compartment> {
  const source = run.options.sources[name] ?? null;
  const opened = source === null ? null : await openParts(source, name);
  putKeys(run, name, opened?.header ?? null);
  const compartment = await startOne(run, run.draft, name);
  const service = operatedOf(compartment, compartment.secrets.publicKey);
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
