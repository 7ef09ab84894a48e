import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

import { ClientError, type ClientErrorCode } from "@sinetti/client";
import { initSuite } from "@sinetti/core";
import { runCaseload, type CaseloadTask, type Written } from "@sinetti/drill";

import { openProfile } from "../profile/profile.ts";

/** What a thread is started with: where the devices are. */
export interface CaseloadThread {
  readonly devices: string;
}

/** What it is asked: one therapist's work after the other; to stop between two groups of patients. */
export type CaseloadAsked =
  | { readonly ask: "work"; readonly task: CaseloadTask }
  | { readonly ask: "stop" };

/** What it says: patients done, and at last what it wrote, or why it could not go on. */
export type CaseloadSaid =
  | { readonly say: "done"; readonly patients: number }
  | { readonly say: "written"; readonly written: Written }
  | { readonly say: "failed"; readonly code: ClientErrorCode; readonly detail: string | null };

if (parentPort === null) throw new TypeError("this program runs as a thread");
const port = parentPort;
const say = (said: CaseloadSaid): void => port.postMessage(said);
const { devices } = workerData as CaseloadThread;
let isStopped = false;
port.on("message", (asked: CaseloadAsked) => {
  if (asked.ask === "stop") isStopped = true;
  else void tell(asked.task);
});

/** An error loses its class on the way out of a thread, so what a person has to know is told by its code. */
async function tell(task: CaseloadTask): Promise<void> {
  try {
    say({ say: "written", written: await work(task) });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    say({ say: "failed", code: error.code, detail: error.detail });
  }
}

async function work(task: CaseloadTask): Promise<Written> {
  await initSuite((length) => randomBytes(length));
  const openDevice = (name: string) => openProfile(join(devices, name), { mayMake: true });
  return runCaseload(task, openDevice, {
    onDone: (patients) => say({ say: "done", patients }),
    isStopped: () => isStopped,
  });
}
