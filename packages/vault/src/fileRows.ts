import type { FileId, PracticeId } from "@sinetti/core";

import type { FileRow } from "./store/files.ts";

const HELD_ROWS = 20_000;

/**
 * Rows of files as they were last seen. They may be old: who decides by them writes only what the database still finds
 * standing on them.
 */
export class FileRows {
  readonly #held = new Map<string, FileRow>();

  find(practice: PracticeId, file: FileId): FileRow | undefined {
    return this.#held.get(`${practice}:${file}`);
  }

  keep(practice: PracticeId, rows: Iterable<FileRow>): void {
    for (const row of rows) {
      const key = `${practice}:${row.file}`;
      this.#held.delete(key);
      this.#held.set(key, row);
      const [oldest] = this.#held.keys();
      if (this.#held.size > HELD_ROWS && oldest !== undefined) this.#held.delete(oldest);
    }
  }
}
