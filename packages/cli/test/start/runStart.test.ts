import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { isProcessAlive, isWell, makePlace, until } from "./startedSystem.ts";

const launcherProgram = fileURLToPath(new URL("fixtures/launcher.ts", import.meta.url));

interface Launcher {
  readonly child: ChildProcess;
  readonly ready: Record<string, unknown> & { web: string };
  readonly stdout: string[];
  readonly stderr: string[];
}

async function startLauncher(data: string): Promise<Launcher> {
  const child = spawn(process.execPath, [launcherProgram, data], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line));
  const lines = createInterface({ input: child.stdout }).on("line", (line) => stdout.push(line));
  await Promise.race([once(lines, "line"), once(child, "exit")]);
  if (stdout[0] === undefined) throw new Error(stderr.join("\n"));
  return { child, ready: JSON.parse(stdout[0]) as Launcher["ready"], stdout, stderr };
}

async function end({ child }: Launcher, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, "exit");
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}

/** The processes that a data folder's pid files name. */
function readPids(data: string): { services: number[]; postmasters: number[] } {
  const read = (pattern: string, pidOf: (text: string) => number): number[] =>
    globSync(`${data}/*/${pattern}`).map((path) => pidOf(readFileSync(path, "utf8")));
  return {
    services: read("service.pid", (text) => (JSON.parse(text) as { pid: number }).pid),
    postmasters: read("postgres/postmaster.pid", (text) => Number(text.split("\n")[0])),
  };
}

describe("the start command", () => {
  let place: ReturnType<typeof makePlace>;
  let data: string;
  const launched: Launcher[] = [];

  const launch = async (): Promise<Launcher> => {
    const launcher = await startLauncher(data);
    launched.push(launcher);
    return launcher;
  };

  // One folder for all of them: each starts on what the last one left.
  beforeAll(() => {
    place = makePlace();
    data = join(place.path, "data");
  });

  afterAll(() => place.remove());

  // Also after a test that failed half way.
  afterEach(async () => {
    for (const launcher of launched.splice(0)) {
      if (launcher.child.exitCode === null && launcher.child.signalCode === null)
        await end(launcher, "SIGTERM");
    }
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "says in its first line that all is up, and ends cleanly on %s",
    async (signal) => {
      const launcher = await launch();
      const local: unknown = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(launcher.ready).toEqual({
        ready: true,
        web: local,
        vaultWho: local,
        vaultWhat: local,
        gate: local,
        data: realpathSync(data),
      });
      expect(await isWell(launcher.ready.web)).toBe(true);
      expect(launcher.stderr.filter((line) => line.includes("installation code: "))).toHaveLength(
        1,
      );
      const { services, postmasters } = readPids(data);
      // Twice: a terminal and a parent both pass it on.
      launcher.child.kill(signal);
      expect(await end(launcher, signal)).toBe(0);
      expect(launcher.stdout).toHaveLength(1);
      expect([...services, ...postmasters]).toHaveLength(6);
      expect([...services, ...postmasters].filter(isProcessAlive)).toEqual([]);
    },
  );

  it("goes on when nobody reads its output any more", async () => {
    const launcher = await launch();
    launcher.child.stdout?.destroy();
    launcher.child.stderr?.destroy();
    process.kill(readPids(data).services[0] ?? 0, "SIGKILL");
    await until(async () => !(await isWell(launcher.ready.web)));
    await until(() => isWell(launcher.ready.web));
    expect(await end(launcher, "SIGTERM")).toBe(0);
  });

  it("takes over what a killed launcher left running", async () => {
    const killed = await launch();
    const left = readPids(data);
    await end(killed, "SIGKILL");
    expect([...left.services, ...left.postmasters].filter(isProcessAlive)).toHaveLength(6);
    const next = await launch();
    expect([...left.services, ...left.postmasters].filter(isProcessAlive)).toEqual([]);
    expect(await isWell(next.ready.web)).toBe(true);
    expect(await end(next, "SIGTERM")).toBe(0);
  });

  it("starts again after everything was killed at once", async () => {
    const killed = await launch();
    await fetch(`${String(killed.ready["gate"])}/add`);
    const { services, postmasters } = readPids(data);
    const exited = once(killed.child, "exit");
    for (const pid of [killed.child.pid ?? 0, ...services, ...postmasters])
      process.kill(pid, "SIGKILL");
    await exited;
    await until(() => ![...services, ...postmasters].some(isProcessAlive));
    const next = await launch();
    const kept: unknown = await (await fetch(String(next.ready["gate"]))).json();
    expect(await end(next, "SIGTERM")).toBe(0);
    expect(kept).toMatchObject({ count: 1 });
  });
});
