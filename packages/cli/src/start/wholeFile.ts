import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

import { syncFolder } from "./syncFolder.ts";

/**
 * Writes a file whole or not at all, also when the machine stops in the middle, and whatever the umask says. The draft beside it
 * is always a new file: one that lies there, or a link that somebody laid, is taken away and never written through.
 */
export function writeWholeFile(path: string, content: string | Uint8Array, mode: number): void {
  const draft = `${path}.draft`;
  rmSync(draft, { force: true });
  const file = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(file, content);
    fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}
