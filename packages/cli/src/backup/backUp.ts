import { join } from "node:path";

import { lockData } from "../start/dataLock.ts";
import { StartError } from "../start/startError.ts";
import { BackupError } from "./backupError.ts";
import { readNotes, writeNotes } from "./backupNotes.ts";
import { openSigner, type BackupSigner } from "./backupSigner.ts";
import { makeBackup } from "./makeBackup.ts";
import type { Manifest } from "./manifest.ts";
import { openData } from "./openData.ts";
import { pruneBackups } from "./pruneBackups.ts";
import { checkBesideGate } from "./shelfPlace.ts";

const LOCK_FILE = "backup.lock";

/** One backup of a data folder. */
export interface BackUp {
  readonly shelf: string;
  readonly recipients: readonly string[];
  readonly program: string;
  readonly now: Date;
  readonly moved: (done: number, total: number) => void;
  /** Which older ones are removed afterwards; null: none. */
  readonly pruning: { readonly keep: number | null } | null;
  /** Hands a new identity over; when that fails, its recipient is not remembered. */
  readonly handOver?: (signer: BackupSigner) => void;
}

function lockBackups(data: string): () => void {
  try {
    return lockData(join(data, LOCK_FILE), { waitMs: 0 });
  } catch (error) {
    if (error instanceof StartError && error.code === "data-in-use")
      throw new BackupError("busy", { cause: error });
    throw error;
  }
}

function remember(data: string, { folder, shelf, recipients, made }: Remembered): void {
  const { shelves } = readNotes(data);
  writeNotes(data, {
    recipients,
    last: { made, folder },
    failed: null,
    shelves: [...new Set([...shelves, shelf])],
  });
}

interface Remembered extends Pick<BackUp, "shelf" | "recipients"> {
  readonly folder: string;
  readonly made: string;
}

/** Makes one backup, notes it, and only then removes older ones. Errors: `busy`, `gate-beside`, `no-room`. */
export async function backUp(
  path: string,
  { shelf, recipients, program, now, moved, pruning, handOver }: BackUp,
): Promise<{ folder: string; manifest: Manifest; pruned: string[] }> {
  checkBesideGate(shelf, readNotes(path));
  const open = await openData(path);
  try {
    const unlock = lockBackups(open.data);
    try {
      const signer = openSigner(open.data);
      const made = await makeBackup(open, { shelf, recipients, signer, program, now, moved });
      const { folder, manifest } = made;
      handOver?.(signer);
      // Last: recipients whose identity nobody was handed must not be remembered.
      remember(open.data, { folder, shelf, recipients, made: manifest.made });
      const own = signer.publicKey;
      const pruned =
        pruning === null ? [] : pruneBackups(shelf, { now, signer: own, keep: pruning.keep });
      return { folder, manifest, pruned };
    } finally {
      unlock();
    }
  } finally {
    await open.close();
  }
}
