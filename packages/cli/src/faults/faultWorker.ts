import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";

import { ClientError, finishDevice, reconcile, type Client } from "@sinetti/client";
import { initSuite } from "@sinetti/core";
import { MixedLoad, Random, faultyFetch, findAll } from "@sinetti/drill";

import { openProfile, type Profile } from "../profile/profile.ts";
import { shiftClock } from "./shiftClock.ts";
import { TRY_AGAIN, type WorkerSaid, type WorkerTask } from "./workerTask.ts";

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
async function find(client: Client, world: Profile["world"]): Promise<void> {
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
shiftClock(task.clock);
await initSuite((count) => randomBytes(count));
let profile: Profile | undefined;
try {
  profile = openProfile(task.profile, { mayMake: false });
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
} catch (error) {
  const mayPass = error instanceof ClientError && error.code !== "verification-failed";
  if (!mayPass) throw error;
  say({ say: "failed", code: `signing in: ${error.code} ${error.detail ?? ""}`.trim() });
  process.exitCode = TRY_AGAIN;
} finally {
  profile?.close();
}
