import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { writeSecretFile } from "../start/secretFile.ts";

/** What a data folder remembers of its backups; nothing of it opens one. */
export interface BackupNotes {
  /** Recipients of the backups when none are named; empty: none was made yet. */
  readonly recipients: readonly string[];
  /** Recipients of the gate's keys. */
  readonly gateRecipients: readonly string[];
  readonly last: { readonly made: string; readonly folder: string } | null;
  /** When the gate's keys were last written out, ISO 8601. */
  readonly gateMade: string | null;
  /** Folders in which backups were made. */
  readonly shelves: readonly string[];
  /** Files into which the gate's keys were written. */
  readonly gateFiles: readonly string[];
  /** How often `backup --every` was last asked to make one; null: never. */
  readonly everySeconds: number | null;
  /** The last attempt, if it failed; a code, never content. */
  readonly failed: { readonly at: string; readonly code: string } | null;
  /** The last verification of a backup of this system. */
  readonly verified: {
    readonly at: string;
    readonly made: string;
    readonly isSound: boolean;
  } | null;
}

const FILE = "backup.json";
const NONE: BackupNotes = {
  recipients: [],
  gateRecipients: [],
  last: null,
  gateMade: null,
  shelves: [],
  gateFiles: [],
  everySeconds: null,
  failed: null,
  verified: null,
};

/** The notes of a data folder. */
export function readNotes(data: string): BackupNotes {
  const path = join(data, FILE);
  if (!existsSync(path)) return NONE;
  try {
    return { ...NONE, ...(JSON.parse(readFileSync(path, "utf8")) as Partial<BackupNotes>) };
  } catch {
    // Recipients are named anew then; nothing else hangs on it.
    return NONE;
  }
}

/** Changes the notes of a data folder. */
export function writeNotes(data: string, change: Partial<BackupNotes>): void {
  writeSecretFile(join(data, FILE), JSON.stringify({ ...readNotes(data), ...change }, null, 2));
}
