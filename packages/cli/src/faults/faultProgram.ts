import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { initSuite } from "@sinetti/core";
import { runFsck, type Broken } from "@sinetti/drill";

import { CLUSTER_POINTER } from "../start/dataFolder.ts";
import { startSystem, type RunningSystem } from "../start/startSystem.ts";
import { findStores, ownMigrations } from "../start/storeAddresses.ts";
import { setClocks } from "./driftingClocks.ts";
import type { FaultSaid, FaultTask } from "./faultTask.ts";
import { DISK_NAMES } from "./ownDisks.ts";
import { FaultRun } from "./runFaults.ts";
import { SmallDisk } from "./smallDisk.ts";

const SERVICES = ["who", "what", "gate"] as const;
const SERVICE = fileURLToPath(new URL("./shiftedService.ts", import.meta.url));
const SECOND_LOOK_SECONDS = 5;
/** What the parts of the system said last, for whoever looks into why it broke off. */
const LAST_LINES = 40;

function say(said: FaultSaid): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

/** Every chain, box, wrap, share and log line of the three databases, after all that. */
async function verify(system: RunningSystem): Promise<readonly Broken[]> {
  const { broken } = await runFsck({
    addresses: findStores(system.data),
    migrations: ownMigrations(),
    practice: null,
    threads: 1,
    secondLookSeconds: SECOND_LOOK_SECONDS,
    onProgress: () => undefined,
  });
  return broken;
}

/** Where PostgreSQL's account cannot walk into the data folder, the launcher keeps the clusters on the machine's own disk. */
function clustersElsewhere(): string | null {
  const isElsewhere = SERVICES.some((name) => existsSync(join(data, name, CLUSTER_POINTER)));
  return isElsewhere ? "the databases could not be put on the drill's disks" : null;
}

let isStopped = false;
/** Who started it closes this to stop it, and cannot help closing it when it ends itself. */
process.stdin.resume().once("close", () => {
  isStopped = true;
});
process.on("SIGINT", () => undefined);

const { data, missing, ...task } = JSON.parse(process.argv[2] ?? "") as FaultTask;
await initSuite((count) => randomBytes(count));
setClocks(data, SERVICES, 0);
const lines: string[] = [];
const system = await startSystem({
  dataDir: data,
  port: 0,
  serviceEntry: { who: SERVICE, what: SERVICE, gate: SERVICE },
  onLog: (source, line) => lines.push(`${source}: ${line}`),
});
try {
  const notFilled = missing ?? clustersElsewhere();
  const disks = notFilled === null ? DISK_NAMES : [];
  const report = await new FaultRun({
    ...task,
    system,
    folder: join(data, "clients"),
    disks: new Map(disks.map((name) => [name, new SmallDisk(join(data, name))])),
    notFilled,
    lines,
    onProgress: (done, total) => say({ say: "progress", done, total }),
    isStopped: () => isStopped,
  }).run();
  say({ say: "outcome", outcome: { ...report, broken: await verify(system) } });
} catch (error) {
  process.stderr.write(`${lines.slice(-LAST_LINES).join("\n")}\n`);
  throw error;
} finally {
  await system.stop();
}
process.stdin.destroy();
