import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { generateIdentity, identityToRecipient } from "age-encryption";
import postgres from "postgres";

import { readNotes } from "../backup/backupNotes.ts";
import { identityText } from "../backup/ageFile.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { makeBackup } from "../backup/makeBackup.ts";
import { listBackups } from "../backup/manifest.ts";
import type { OpenData } from "../backup/openData.ts";
import { withSuper } from "../backup/superConnection.ts";
import {
  SERVICE_NAMES,
  environmentOf,
  type Compartment,
  type ServiceName,
} from "../start/compartment.ts";
import { databaseUrlToOptions } from "../start/databaseUrl.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { findPending, knownMigrations } from "./migrations.ts";
import { upgradePart, type Upgraded } from "./upgradePart.ts";

const SHELF = "before-upgrade";
const IDENTITY = "identity.txt";

export interface DataUpgrade {
  readonly program: string;
  readonly now: Date;
  readonly onLog: (line: string) => void;
}

async function findOlder({ compartments }: Pick<OpenData, "compartments">): Promise<ServiceName[]> {
  const older: ServiceName[] = [];
  for (const name of SERVICE_NAMES) {
    const pending = await withSuper(compartments[name], (sql) =>
      findPending(sql, name, knownMigrations(name)),
    );
    if (pending !== null && pending.length > 0) older.push(name);
  }
  return older;
}

async function upgradeOne(compartment: Compartment, backup: string): Promise<Upgraded> {
  const { SINETTI_OWNER_URL = "" } = environmentOf(compartment, "");
  const address = databaseUrlToOptions(SINETTI_OWNER_URL);
  const pool = postgres({ ...address, max: 1, max_lifetime: null, onnotice: () => undefined });
  const sql = await pool.reserve();
  try {
    const { name: service } = compartment;
    const backUp = (): Promise<string> => Promise.resolve(backup);
    return await upgradePart(sql, { service, migrations: knownMigrations(service), backUp });
  } finally {
    sql.release();
    await pool.end({ timeout: 5 });
  }
}

/**
 * Who opens it: whoever opens this system's other backups, or else an identity that lies beside it. That protects nothing, and
 * gives nothing away either: the folder around it holds the same rows, and the keys.
 */
async function recipientsOf(
  data: string,
  shelf: string,
  signer: string,
): Promise<readonly string[]> {
  const { recipients } = readNotes(data);
  if (recipients.length > 0) return recipients;
  const file = join(shelf, IDENTITY);
  const held = existsSync(file) ? readFileSync(file, "utf8") : "";
  const found = held.split("\n").find((line) => line.startsWith("AGE-SECRET-KEY-"));
  const identity = found ?? (await generateIdentity());
  const recipient = await identityToRecipient(identity);
  if (found === undefined)
    writeSecretFile(file, identityText({ identity, recipient, signer }).trimEnd());
  return [recipient];
}

/** What was erased since must not stay in them for longer than backups live. */
function dropOver(shelf: string, now: Date): void {
  for (const { folder, manifest } of listBackups(shelf))
    if (Date.parse(manifest.expires) <= now.getTime()) rmSync(folder, { recursive: true });
}

/**
 * Upgrades what an older version left in a data folder, each database as it was or as this version needs it, after all of them
 * were backed up inside it. What is stopped in between goes on at the next start. Errors: ServeError `newer-data`,
 * `changed-migration`, before anything is done; `lossy-migration`.
 */
export async function upgradeData(
  open: Pick<OpenData, "data" | "compartments">,
  { program, now, onLog }: DataUpgrade,
): Promise<void> {
  const shelf = join(open.data, SHELF);
  dropOver(shelf, now);
  const older = await findOlder(open);
  if (older.length === 0) return;
  makePrivateFolder(shelf, undefined);
  const signer = openSigner(open.data);
  const recipients = await recipientsOf(open.data, shelf, signer.publicKey);
  const whole = { ...open, close: () => Promise.resolve() };
  const moved = (): void => undefined;
  const { folder } = await makeBackup(whole, { shelf, recipients, signer, program, now, moved });
  onLog(`an older version left this data; before it is upgraded, it is backed up in ${folder}`);
  for (const name of older) {
    const { applied, rows } = await upgradeOne(open.compartments[name], folder);
    onLog(`${name}: upgraded by ${applied.join(", ")}; ${rows} rows are what they were`);
  }
}
