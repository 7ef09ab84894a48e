import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** From large to small, so that nothing is left over. */
const PIECES = [1 << 20, 1 << 12, 1];

/** A file system of its own, small enough to be filled. */
export class SmallDisk {
  readonly #ballast: string;

  constructor(folder: string) {
    this.#ballast = join(folder, "ballast");
  }

  /** Writes until the system says that there is no room. */
  fill(): void {
    const file = openSync(this.#ballast, "a", 0o600);
    try {
      for (const size of PIECES) writeUntilFull(file, new Uint8Array(size));
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }
}

function writeUntilFull(file: number, piece: Uint8Array): void {
  try {
    while (writeSync(file, piece) === piece.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}
