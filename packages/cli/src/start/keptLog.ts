import { appendFileSync, chmodSync, renameSync, statSync } from "node:fs";

const OWN_ALONE = 0o600;
/** Of each of its two files; some six thousand connections. */
const MOST_BYTES = 4_000_000;

/** A log on disk, for its owner alone, that never grows past twice its bound: what is older is gone. */
export class KeptLog {
  readonly #path: string;
  readonly #onLog: (line: string) => void;
  readonly #mostBytes: number;
  #isStuck = false;

  constructor(
    path: string,
    { onLog, mostBytes = MOST_BYTES }: { onLog: (line: string) => void; mostBytes?: number },
  ) {
    this.#path = path;
    this.#onLog = onLog;
    this.#mostBytes = mostBytes;
  }

  /** A disk that is full is said once, and stops nothing. */
  write(line: string): void {
    try {
      this.#turn(Buffer.byteLength(line) + 1);
      appendFileSync(this.#path, `${line}\n`, { mode: OWN_ALONE });
      this.#isStuck = false;
    } catch {
      if (!this.#isStuck) this.#onLog(`ALARM: ${this.#path} cannot be written`);
      this.#isStuck = true;
    }
  }

  #turn(more: number): void {
    const found = statSync(this.#path, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.size + more > this.#mostBytes) renameSync(this.#path, `${this.#path}.1`);
    else if ((found.mode & 0o077) !== 0) chmodSync(this.#path, OWN_ALONE);
  }
}
