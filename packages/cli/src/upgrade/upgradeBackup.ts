import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { encryptFile } from "../backup/ageFile.ts";
import { dumpRows, readFacts, type Connection } from "../backup/databaseRows.ts";
import type { ServiceName } from "../start/compartment.ts";
import { seedToPublicKey } from "../start/serviceSecrets.ts";
import { syncFolder } from "../start/syncFolder.ts";

/** Where the rows of one service go before they are migrated. */
export interface UpgradeShelf {
  readonly service: ServiceName;
  readonly folder: string;
  readonly recipients: readonly string[];
  /** Its public half is named in the file; the seed of a vault goes along, the gate's never does. */
  readonly serviceKeyFile: string;
  /** Seed of the key that signs this system's backups, which go on under it. */
  readonly backupKey: string;
  readonly now: Date;
}

/** `who-20261121T104500Z.age` */
function nameOf(service: ServiceName, now: Date): string {
  return `${service}-${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}.age`;
}

/** Writes what a service's database holds, encrypted, from inside a transaction that sees all of it; whole under its name or not there. */
export async function writeUpgradeBackup(
  sql: Connection,
  { service, folder, recipients, serviceKeyFile, backupKey, now }: UpgradeShelf,
): Promise<string> {
  const seed = readFileSync(serviceKeyFile, "utf8").trim();
  const facts = await readFacts(sql, service);
  const header = {
    format: 1 as const,
    backup: randomBytes(16).toString("hex"),
    service,
    ...facts,
    publicKey: seedToPublicKey(seed),
    serviceKey: service === "gate" ? null : seed,
    backupKey,
  };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const place = join(folder, nameOf(service, now));
  const draft = `${place}.draft`;
  rmSync(draft, { force: true });
  await encryptFile(
    draft,
    dumpRows(sql, header, () => undefined),
    recipients,
  );
  renameSync(draft, place);
  syncFolder(folder);
  return place;
}
