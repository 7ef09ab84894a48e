import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { BACKUP_DAYS } from "@sinetti/core";
import { SERVICE_NAMES, type Compartment, type ServiceName } from "../start/compartment.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { syncFolder } from "../start/syncFolder.ts";
import { encryptFile } from "./ageFile.ts";
import { BackupError } from "./backupError.ts";
import type { BackupSigner } from "./backupSigner.ts";
import {
  databaseBytes,
  dumpRows,
  openSnapshot,
  readFacts,
  type Connection,
} from "./databaseRows.ts";
import { draftEnding, writeManifest, type Manifest } from "./manifest.ts";
import type { OpenData } from "./openData.ts";
import type { RowHeader } from "./rowStream.ts";
import { connectSuper } from "./superConnection.ts";

const DAY_MS = 86_400_000;
/**
 * The gate's moment comes first: whatever it has accepted by then, a vault of a later moment holds too or never took, and with
 * it the acceptance and the half at rest, so that the gate is brought up from the vaults. The other way round a vault would
 * lack wraps and boxes that are nowhere else, behind heads that the gate has heard of.
 */
const SNAPSHOT_ORDER = ["gate", "who", "what"] as const;

interface Snapshot {
  readonly service: ServiceName;
  readonly sql: Connection;
  readonly end: () => Promise<void>;
}

async function openSnapshots({ compartments }: OpenData): Promise<Snapshot[]> {
  const opened: Snapshot[] = [];
  try {
    for (const service of SNAPSHOT_ORDER)
      opened.push({ service, ...(await connectSuper(compartments[service])) });
    // All connected first, so that the three moments lie as near to each other as they can.
    for (const { sql } of opened) await openSnapshot(sql);
    return opened;
  } catch (error) {
    await Promise.all(opened.map(({ end }) => end()));
    throw error;
  }
}

function readServiceKey({ name, secrets }: Compartment): string | null {
  return name === "gate" ? null : readFileSync(secrets.keyFile, "utf8").trim();
}

async function headerOf(
  { service, sql }: Snapshot,
  {
    backup,
    compartment,
    signer,
  }: { backup: string; compartment: Compartment; signer: BackupSigner },
): Promise<RowHeader> {
  const facts = await readFacts(sql, service);
  const { publicKey } = compartment.secrets;
  const serviceKey = readServiceKey(compartment);
  const backupKey = signer.seed;
  return { format: 1, backup, service, ...facts, publicKey, serviceKey, backupKey };
}

/** How a backup is made. */
export interface BackupOptions {
  /** The folder in which backups lie, each in one of its own. */
  readonly shelf: string;
  readonly recipients: readonly string[];
  readonly signer: BackupSigner;
  readonly program: string;
  readonly now: Date;
  readonly moved: (done: number, total: number) => void;
}

async function writeFiles(
  open: OpenData,
  snapshots: readonly Snapshot[],
  { folder, backup, options }: { folder: string; backup: string; options: BackupOptions },
): Promise<Manifest["files"]> {
  const sizes = await Promise.all(snapshots.map(({ sql }) => databaseBytes(sql)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  const files: Manifest["files"][number][] = [];
  for (const snapshot of snapshots) {
    const { service, sql } = snapshot;
    const compartment = open.compartments[service];
    const header = await headerOf(snapshot, { backup, compartment, signer: options.signer });
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const bytes of dumpRows(sql, header, () => undefined)) {
        options.moved(Math.min((done += bytes.length), total), total);
        yield bytes;
      }
    }
    const name = `${service}.age`;
    const written = await encryptFile(join(folder, name), counted(), options.recipients);
    files.push({ service, name, ...written });
  }
  return files.toSorted(
    (a, b) => SERVICE_NAMES.indexOf(a.service) - SERVICE_NAMES.indexOf(b.service),
  );
}

async function dumpAll(
  open: OpenData,
  into: { folder: string; backup: string; options: BackupOptions },
): Promise<Manifest["files"]> {
  const snapshots = await openSnapshots(open);
  try {
    return await writeFiles(open, snapshots, into);
  } finally {
    await Promise.all(snapshots.map(({ end }) => end()));
  }
}

/** `20261121T104500Z` */
function nameOf(now: Date): string {
  return now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function freeName(shelf: string, now: Date): string {
  const name = nameOf(now);
  for (let number = 1; ; number++) {
    const tried = join(shelf, number === 1 ? name : `${name}-${number}`);
    if (!existsSync(tried)) return tried;
  }
}

/** What a system says when a file cannot grow. */
const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What a backup of this system that was killed has left; one at a time is made, so nobody writes there now. */
function removeLeft(shelf: string, ending: string): void {
  for (const name of readdirSync(shelf))
    if (name.endsWith(ending)) rmSync(join(shelf, name), { recursive: true, force: true });
}

/** Writes everything of a data folder but the gate's keys, encrypted; under its name it is whole or not there. Error: `no-room`. */
export async function makeBackup(
  open: OpenData,
  options: BackupOptions,
): Promise<{ folder: string; manifest: Manifest }> {
  const shelf = resolve(options.shelf);
  mkdirSync(shelf, { recursive: true, mode: 0o700 });
  const ending = draftEnding(options.signer.publicKey);
  removeLeft(shelf, ending);
  const folder = freeName(shelf, options.now);
  const draft = `${folder}${ending}`;
  try {
    makePrivateFolder(draft, undefined);
    const backup = randomBytes(16).toString("hex");
    const files = await dumpAll(open, { folder: draft, backup, options });
    const manifest: Manifest = {
      v: 1,
      backup,
      made: options.now.toISOString(),
      expires: new Date(options.now.getTime() + BACKUP_DAYS * DAY_MS).toISOString(),
      program: options.program,
      recipients: options.recipients,
      signer: options.signer.publicKey,
      files,
    };
    writeManifest(draft, manifest, options.signer);
    syncFolder(draft);
    renameSync(draft, folder);
    syncFolder(shelf);
    return { folder, manifest };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw NO_ROOM.has(code) ? new BackupError("no-room", { detail: shelf, cause: error }) : error;
  }
}
