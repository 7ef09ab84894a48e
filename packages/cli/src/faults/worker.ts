import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { WorkerSaid, WorkerTask } from "./workerTask.ts";

const PROGRAM = fileURLToPath(new URL("./faultWorker.ts", import.meta.url));

/** One client as a process of its own, so that it can be killed as a program is. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #ended: Promise<{ code: number | null; errors: string }>;

  constructor(task: WorkerTask, onSaid: (said: WorkerSaid) => void) {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(task)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const errors: string[] = [];
    child.stderr.on("data", (part: Buffer) => errors.push(part.toString("utf8")));
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      // The last line of a killed program may be half there.
      if (line.endsWith("}")) onSaid(JSON.parse(line) as WorkerSaid);
    });
    const read = new Promise<void>((resolve) => lines.on("close", () => resolve()));
    this.#ended = new Promise((resolve) => {
      child.on("close", (code) => void read.then(() => resolve({ code, errors: errors.join("") })));
    });
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null
      ? this.#child.pid
      : undefined;
  }

  /** Resolves when it has ended and everything that it said was read; its exit code, null for a signal. */
  get ended(): Promise<{ code: number | null; errors: string }> {
    return this.#ended;
  }

  /** Lets it finish what it is at. */
  async stop(): Promise<{ code: number | null; errors: string }> {
    this.#child.kill("SIGTERM");
    return this.#ended;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
