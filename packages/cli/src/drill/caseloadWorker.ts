import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

import { initSuite } from "@sinetti/core";
import { runCaseload, type CaseloadTask, type Written } from "@sinetti/drill";

import { openProfile } from "../profile/profile.ts";

/** What a thread is started with: one therapist's work, and where the devices are. */
export interface CaseloadWork {
  readonly task: CaseloadTask;
  readonly devices: string;
}

/** What it says: patients done, and at last what it wrote. */
export type CaseloadSaid =
  | { readonly say: "done"; readonly patients: number }
  | { readonly say: "written"; readonly written: Written };

if (parentPort === null) throw new TypeError("this program runs as a thread");
const port = parentPort;
const { task, devices } = workerData as CaseloadWork;
let isStopped = false;
port.on("message", () => (isStopped = true));
await initSuite((length) => randomBytes(length));
const written = await runCaseload(
  task,
  (name) => openProfile(join(devices, name), { mayMake: true }),
  {
    onDone: (patients) => port.postMessage({ say: "done", patients } satisfies CaseloadSaid),
    isStopped: () => isStopped,
  },
);
port.postMessage({ say: "written", written } satisfies CaseloadSaid);
port.close();
