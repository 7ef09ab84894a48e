import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { generateIdentity, identityToRecipient } from "age-encryption";

import { readNotes } from "../backup/backupNotes.ts";
import { identityText } from "../backup/ageFile.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { makeBackup } from "../backup/makeBackup.ts";
import { listBackups } from "../backup/manifest.ts";
import type { OpenData } from "../backup/openData.ts";
import { withSuper } from "../backup/superConnection.ts";
import { SERVICE_NAMES } from "../start/compartment.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { findPending, knownMigrations } from "./migrations.ts";

const SHELF = "before-upgrade";
const IDENTITY = "identity.txt";

export interface BeforeUpgrade {
  readonly program: string;
  readonly now: Date;
  readonly onLog: (line: string) => void;
}

async function countPending({ compartments }: Pick<OpenData, "compartments">): Promise<number> {
  let pending = 0;
  for (const name of SERVICE_NAMES) {
    const found = await withSuper(compartments[name], (sql) =>
      findPending(sql, name, knownMigrations(name)),
    );
    pending += found?.length ?? 0;
  }
  return pending;
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
 * Backs a data folder up, inside it, when a service is about to migrate what an older version left. Errors: ServeError
 * `newer-data`, `changed-migration`, before anything is done.
 */
export async function backUpBeforeUpgrade(
  open: Pick<OpenData, "data" | "compartments">,
  { program, now, onLog }: BeforeUpgrade,
): Promise<string | null> {
  const shelf = join(open.data, SHELF);
  dropOver(shelf, now);
  if ((await countPending(open)) === 0) return null;
  makePrivateFolder(shelf, undefined);
  const signer = openSigner(open.data);
  const recipients = await recipientsOf(open.data, shelf, signer.publicKey);
  const whole = { ...open, close: () => Promise.resolve() };
  const moved = (): void => undefined;
  const { folder } = await makeBackup(whole, { shelf, recipients, signer, program, now, moved });
  onLog(`an older version left this data; before it is upgraded, it is backed up in ${folder}`);
  return folder;
}
