import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import type { ServiceName } from "../start/compartment.ts";
import { hashFile } from "./ageFile.ts";
import { BackupError } from "./backupError.ts";
import { isSignedBy, type BackupSigner } from "./backupSigner.ts";

/** What lies in clear beside the encrypted files of a backup: enough to see that it is whole, and when it may go. */
export interface Manifest {
  readonly v: 1;
  readonly backup: string;
  /** ISO 8601, UTC. */
  readonly made: string;
  readonly expires: string;
  readonly program: string;
  readonly recipients: readonly string[];
  /** Ed25519, hexadecimal. */
  readonly signer: string;
  readonly files: readonly {
    readonly service: ServiceName;
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

const DRAFT = ".draft";
/** Clocks of two machines that share a shelf may differ so much. */
const AHEAD_MS = 86_400_000;
const MANIFEST = "manifest.json";
const SIGNATURE = "manifest.sig";
const HEX_ID = /^[0-9a-f]{32}$/;
const HEX_HASH = /^[0-9a-f]{64}$/;
const SERVICE_NAMES = ["who", "what", "gate"];

function writeSynced(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes a manifest and its signature into the folder of a backup. */
export function writeManifest(folder: string, manifest: Manifest, signer: BackupSigner): void {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeSynced(join(folder, MANIFEST), text);
  writeSynced(join(folder, SIGNATURE), `${signer.sign(text)}\n`);
}

type Fields = Readonly<Record<string, unknown>>;
const isText = (value: unknown): value is string => typeof value === "string";

function isFile(value: unknown): boolean {
  const { service, name, bytes, sha256 } = (value ?? {}) as Fields;
  return (
    isText(service) &&
    SERVICE_NAMES.includes(service) &&
    name === `${service}.age` &&
    Number.isSafeInteger(bytes) &&
    isText(sha256) &&
    HEX_HASH.test(sha256)
  );
}

function toManifest(value: unknown): Manifest {
  const fields = (value ?? {}) as Fields;
  const { v, backup, made, expires, program, recipients, signer, files } = fields;
  if (typeof v === "number" && v > 1) throw new BackupError("newer-format");
  const isWhole =
    v === 1 &&
    isText(backup) &&
    HEX_ID.test(backup) &&
    [made, expires].every((time) => isText(time) && !Number.isNaN(Date.parse(time))) &&
    isText(program) &&
    Array.isArray(recipients) &&
    recipients.every(isText) &&
    isText(signer) &&
    HEX_HASH.test(signer) &&
    Array.isArray(files) &&
    files.every(isFile) &&
    new Set(files.map(({ service }: Fields) => service)).size === SERVICE_NAMES.length &&
    files.length === SERVICE_NAMES.length;
  if (!isWhole) throw new BackupError("damaged", { detail: MANIFEST });
  return fields as unknown as Manifest;
}

/** The manifest of a backup, its signature checked. Errors: `incomplete`, `damaged`, `newer-format`. */
export function readManifest(folder: string): Manifest {
  const [text, signature] = [MANIFEST, SIGNATURE].map((name) => {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch (cause) {
      throw new BackupError("incomplete", { detail: join(folder, name), cause });
    }
  }) as [string, string];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BackupError("damaged", { detail: MANIFEST, cause });
  }
  const manifest = toManifest(value);
  if (!isSignedBy(manifest.signer, { text, signature: signature.trim() }))
    throw new BackupError("damaged", { detail: SIGNATURE });
  return manifest;
}

/** Compares every file with the manifest. Errors: `incomplete`, `damaged`. */
export async function verifyFiles(folder: string, { files }: Manifest): Promise<void> {
  for (const { name, bytes, sha256 } of files) {
    const found = await hashFile(join(folder, name));
    if (found.bytes !== bytes || found.sha256 !== sha256)
      throw new BackupError("damaged", { detail: name });
  }
}

/** What the name of a backup ends with while this system writes or removes it; a process that was killed leaves it. */
export function draftEnding(signer: string): string {
  return `.${signer.slice(0, 8)}${DRAFT}`;
}

/** Whether a backup is dated so far ahead that the clock, now or then, was wrong. */
export function isAhead({ made }: Pick<Manifest, "made">, now: Date): boolean {
  return Date.parse(made) - now.getTime() > AHEAD_MS;
}

/** Whether a folder is one backup. */
export function isBackup(folder: string): boolean {
  return existsSync(join(folder, MANIFEST));
}

/** The whole backups in a folder, oldest first. */
export function listBackups(shelf: string): { folder: string; manifest: Manifest }[] {
  if (!existsSync(shelf)) return [];
  const found = readdirSync(shelf, { withFileTypes: true }).flatMap((entry) => {
    const folder = join(shelf, entry.name);
    if (!entry.isDirectory() || entry.name.endsWith(DRAFT) || !isBackup(folder)) return [];
    try {
      return [{ folder, manifest: readManifest(folder) }];
    } catch (error) {
      if (error instanceof BackupError) return [];
      throw error;
    }
  });
  return found.toSorted((a, b) => a.manifest.made.localeCompare(b.manifest.made));
}

/** The backup that a path names: itself, or the newest in it. Errors: `incomplete`, `dated-ahead`. */
export function findBackup(
  path: string,
  now: Date = new Date(Date.now()),
): { folder: string; manifest: Manifest } {
  if (isBackup(path)) return { folder: path, manifest: readManifest(path) };
  const newest = listBackups(path).at(-1);
  if (newest === undefined) throw new BackupError("incomplete", { detail: path });
  if (isAhead(newest.manifest, now))
    throw new BackupError("dated-ahead", { detail: newest.folder });
  return newest;
}
