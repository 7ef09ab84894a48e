import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";

import { finishDevice, reconcile, type Client, type Endpoints } from "@sinetti/client";
import { initSuite, type FileId, type MemberId } from "@sinetti/core";
import { MixedLoad, Random, faultyFetch, findAll, type Found, type Reported } from "@sinetti/drill";

import { openProfile } from "../profile/profile.ts";

/** What a worker is started with, as its one argument, in JSON. */
export interface WorkerTask {
  readonly profile: string;
  readonly password: string;
  readonly endpoints: Endpoints;
  readonly seed: string;
  readonly name: string;
  readonly from: number;
  readonly shared: readonly FileId[];
  readonly colleague: MemberId;
  /** One request in so many meets a fault of the network. */
  readonly oneIn: number;
  /** Whether it works, or says what it finds when all is over. */
  readonly mode: "work" | "find";
}

/** What a worker says, one JSON object a line. */
export type WorkerSaid =
  | { readonly say: "reported"; readonly reported: Reported }
  | { readonly say: "failed"; readonly code: string }
  | { readonly say: "fault"; readonly fault: string }
  | {
      readonly say: "found";
      readonly found: readonly Found[];
      readonly waiting: number;
      readonly unknownReleases: number;
    };

const STANDARD_OUTPUT = 1;

/** Has left the program when it returns, so that a kill right after it takes nothing back. */
function say(said: WorkerSaid): void {
  const line = Buffer.from(`${JSON.stringify(said)}\n`);
  for (let at = 0; at < line.length;) {
    try {
      at += writeSync(STANDARD_OUTPUT, line, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function work(client: Client, task: WorkerTask, random: Random): Promise<void> {
  let isStopped = false;
  process.once("SIGTERM", () => {
    isStopped = true;
  });
  await client.resume().catch(() => undefined);
  const load = new MixedLoad(client, {
    random,
    name: task.name,
    from: task.from,
    shared: task.shared,
    colleague: task.colleague,
    report: (reported) => say({ say: "reported", reported }),
    onFailure: (code) => say({ say: "failed", code }),
    isStopped: () => isStopped,
  });
  await load.run();
}

/** Finishes what was left, forgets what was verified, and opens all of it again. */
async function find(client: Client, world: ReturnType<typeof openProfile>["world"]): Promise<void> {
  const { waiting } = await client.resume();
  const { unknown } = await reconcile(client.context);
  const names = await world.storage.list("file/");
  await world.storage.write(names.map((name) => ({ name, value: null })));
  client.lock();
  say({
    say: "found",
    found: await findAll(client),
    waiting,
    unknownReleases: unknown.length,
  });
}

const task = JSON.parse(process.argv[2] ?? "") as WorkerTask;
await initSuite((count) => randomBytes(count));
const profile = openProfile(task.profile, { mayMake: false });
try {
  const random = new Random(task.seed);
  const fetch = faultyFetch(profile.world.fetch, {
    random: random.fork("network"),
    oneIn: task.oneIn,
    onFault: (fault) => say({ say: "fault", fault }),
  });
  const isWork = task.mode === "work";
  const world = isWork ? { ...profile.world, fetch } : profile.world;
  const client = await finishDevice(world, { password: task.password, endpoints: task.endpoints });
  if (isWork) await work(client, task, random.fork("work"));
  else await find(client, world);
  client.lock();
} finally {
  profile.close();
}
