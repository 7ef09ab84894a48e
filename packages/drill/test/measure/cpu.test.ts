import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";

import { afterEach, expect, it } from "vitest";

import { CpuWatch } from "../../src/measure/cpu.ts";

/** Only Linux tells; elsewhere nothing is told, and that is what is held there. */
const IS_TOLD = existsSync("/proc/self/stat");
/** Works for a while of its own processor time. */
const WORK =
  "const since = process.cpuUsage(); let sum = 0; while (process.cpuUsage(since).user < 300_000) for (let n = 0; n < 1e6; n++) sum += Math.sqrt(n);";

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0))
    if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
});

async function run(program: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      "-e",
      `process.stdin.once("data", () => { ${program} console.log("done"); }); console.log("ready");`,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  started.push(child);
  await once(child.stdout, "data");
  return child;
}

async function work(child: ChildProcess): Promise<void> {
  child.stdin?.write("go\n");
  if (child.stdout !== null) await once(child.stdout, "data");
}

it("counts the processor time of each process from when it began to watch, not what came before", async () => {
  const [idle, busy] = [await run(""), await run(WORK)];
  const pidsOf = () =>
    new Map([
      ["idle", [idle.pid ?? 0]],
      ["busy", [busy.pid ?? 0]],
    ]);
  const during = new CpuWatch(pidsOf);
  await work(busy);
  const after = new CpuWatch(pidsOf);
  const [quiet, worked] = during.times.map(({ seconds }) => seconds);
  expect(worked).toBeGreaterThanOrEqual(IS_TOLD ? 0.25 : 0);
  expect(quiet).toBeLessThan(IS_TOLD ? (worked ?? 0) : 1);
  expect(after.times[1]?.seconds).toBeLessThan(0.25);
});

it("counts what a process has started, once that has ended", async () => {
  const child = await run(
    `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(WORK)}]);`,
  );
  const watch = new CpuWatch(() => new Map([["both", [child.pid ?? 0]]]));
  await work(child);
  expect(watch.times[0]?.seconds).toBeGreaterThanOrEqual(IS_TOLD ? 0.25 : 0);
});
