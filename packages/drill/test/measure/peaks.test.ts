import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";

import { afterEach, describe, expect, it } from "vitest";

import { PeakWatch, descendantsOf } from "../../src/measure/peaks.ts";

/** Only Linux tells; elsewhere nothing is told, and that is what is held there. */
const IS_TOLD = existsSync("/proc/self/status");
const MEGABYTE = 1024 * 1024;

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0))
    if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
});

/** A process that runs a program and says when it is done with it. */
async function start(program: string): Promise<number> {
  const child = spawn(
    process.execPath,
    ["-e", `${program}; console.log("ready"); setInterval(() => {}, 1000);`],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  started.push(child);
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

describe("the peak of a process", () => {
  it("is the most that it held, also when it has given it back", async () => {
    const [small, large] = [
      await start(""),
      await start(`Buffer.alloc(${200 * MEGABYTE}, 1); globalThis.gc?.()`),
    ];
    const watch = new PeakWatch(
      () =>
        new Map([
          ["small", [small]],
          ["large", [large]],
        ]),
    );
    const peaks = new Map(watch.end().map(({ process, peakBytes }) => [process, peakBytes]));
    expect([...peaks.keys()]).toEqual(IS_TOLD ? ["small", "large"] : []);
    const more = (peaks.get("large") ?? 0) - (peaks.get("small") ?? 0);
    expect(IS_TOLD ? more : Infinity).toBeGreaterThan(150 * MEGABYTE);
  });

  it("is that of the heaviest where several go by one name", async () => {
    const [small, large] = [
      await start(""),
      await start(`globalThis.kept = Buffer.alloc(${200 * MEGABYTE}, 1)`),
    ];
    const peakOf = (...pids: number[]): number =>
      new PeakWatch(() => new Map([["all", pids]])).end()[0]?.ownBytes ?? (IS_TOLD ? 0 : Infinity);
    expect(peakOf(small, large)).toBeGreaterThan(200 * MEGABYTE);
    expect(peakOf(large, small)).toBeGreaterThan(200 * MEGABYTE);
  });

  it("is not told of a process that is gone", () => {
    expect(new PeakWatch(() => new Map([["gone", [2 ** 22 + 1]]])).end()).toEqual([]);
  });
});

it("finds what a process has started, and what that has started", async () => {
  const inner = `require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"])`;
  const outer = await start(
    `const child = ${inner}; process.on("SIGTERM", () => { child.kill("SIGKILL"); process.exit(); })`,
  );
  try {
    expect(descendantsOf([outer])).toHaveLength(IS_TOLD ? 1 : 0);
    expect(descendantsOf([process.pid]).includes(outer)).toBe(IS_TOLD);
    expect(descendantsOf([process.pid]).length).toBeGreaterThan(IS_TOLD ? 1 : -1);
  } finally {
    const [child] = started;
    child?.kill("SIGTERM");
    if (child !== undefined) await once(child, "exit");
  }
});
