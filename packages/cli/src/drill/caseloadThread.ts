import { Worker } from "node:worker_threads";

import type { CaseloadTask, RunHooks, Written } from "@sinetti/drill";

import type { CaseloadSaid, CaseloadWork } from "./caseloadWorker.ts";

const PROGRAM = new URL("./caseloadWorker.ts", import.meta.url);
const LISTEN_MS = 500;

/** Does one therapist's work in a thread of its own: each signs with the keys of their own device. */
export function runInThread(
  task: CaseloadTask,
  devices: string,
  { onDone, isStopped }: RunHooks,
): Promise<Written> {
  return new Promise((resolve, reject) => {
    const workerData: CaseloadWork = { task, devices };
    const worker = new Worker(PROGRAM, { workerData });
    let written: Written | undefined;
    const listen = setInterval(() => {
      if (isStopped()) worker.postMessage("stop", []);
    }, LISTEN_MS);
    worker.on("message", (said: CaseloadSaid) => {
      if (said.say === "done") onDone(said.patients);
      else written = said.written;
    });
    worker.once("error", reject);
    worker.once("exit", (code) => {
      clearInterval(listen);
      if (written === undefined) reject(new Error(`a thread ended with ${code} before its work`));
      else resolve(written);
    });
  });
}
