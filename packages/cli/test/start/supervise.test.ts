import { describe, expect, it } from "vitest";

import type { Running } from "../../src/start/running.ts";
import { supervise } from "../../src/start/supervise.ts";
import { until } from "./startedSystem.ts";

interface Started extends Running {
  die(): void;
  readonly stops: number;
}

/** Something that runs until it is told to die or to stop. */
function begin(pid: number): Started {
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  let stops = 0;
  return {
    pid,
    exited,
    die: resolve,
    get stops() {
      return stops;
    },
    stop: async () => {
      stops++;
      resolve();
    },
  };
}

describe("supervision", () => {
  it("says so when the first start fails, and does not try again", async () => {
    let tries = 0;
    const start = async (): Promise<Running> => {
      tries++;
      throw new Error("no");
    };
    await expect(supervise("part", start, { onLog: () => undefined })).rejects.toThrow("no");
    expect(tries).toBe(1);
  });

  it("starts again what died, also after a start that failed", async () => {
    const started: Started[] = [];
    const logged: string[] = [];
    let fails = 0;
    const start = async (): Promise<Running> => {
      if (started.length === 1 && fails++ === 0) throw new Error("not yet");
      const running = begin(started.length + 1);
      started.push(running);
      return running;
    };
    const part = await supervise("part", start, { onLog: (line) => logged.push(line) });
    expect(part.pid()).toBe(1);
    started[0]?.die();
    await until(() => part.pid() === 2);
    expect(logged).toEqual([
      "part ended and is started again",
      "part did not start again: not yet",
    ]);
    await part.stop();
    expect(started.map(({ stops }) => stops)).toEqual([0, 1]);
    expect(part.pid()).toBeUndefined();
  });

  it("stops what was just being started again", async () => {
    const first = begin(1);
    const second = begin(2);
    const release = Promise.withResolvers<void>();
    let tries = 0;
    const start = async (): Promise<Running> => {
      if (++tries === 1) return first;
      await release.promise;
      return second;
    };
    const part = await supervise("part", start, { onLog: () => undefined });
    first.die();
    await until(() => tries === 2);
    const stopped = part.stop();
    release.resolve();
    await stopped;
    expect(second.stops).toBe(1);
    expect(part.pid()).toBeUndefined();
  });

  it("does not start again while it waits to, once it is stopped", async () => {
    const first = begin(1);
    let tries = 0;
    const start = async (): Promise<Running> => {
      tries++;
      return first;
    };
    const part = await supervise("part", start, { onLog: () => undefined });
    first.die();
    await first.exited;
    await part.stop();
    expect(tries).toBe(1);
  });
});
