import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, describe, expect, it } from "vitest";

import { Metrics } from "../../packages/gate/src/metrics.ts";
import { mayReadMetrics } from "../../packages/gate/src/metricsAccess.ts";
import { EMPTY_BOOK, readAlarms, type AlarmBook } from "../../packages/cli/src/watch/alarmBook.ts";
import { readBook } from "../../packages/cli/src/watch/bookFile.ts";
import { runWatch } from "../../packages/cli/src/watch/runWatch.ts";
import { finished } from "../../packages/cli/test/commands/startedPractice.ts";
import { makePlace, until } from "../../packages/cli/test/start/startedSystem.ts";

const LOOK_MS = 10_000;
const gateNumbers = (): Metrics => new Metrics({ hintStreams: () => 0 });

/** A watch whose looks are steps of the test. */
class TestWatch {
  metrics = gateNumbers();
  isSilent = false;
  wrong: string[] = [];
  everyMs = LOOK_MS;
  isDeaf = false;
  book: AlarmBook = EMPTY_BOOK;
  readonly told: string[] = [];
  #passedMs = 0;

  /** So many looks, as one process makes them. */
  async look(times = 1): Promise<string[]> {
    const from = this.told.length;
    let left = times;
    await runWatch(this.book, {
      everyMs: this.everyMs,
      world: {
        readGate: async () => {
          if (this.isSilent) throw new Error("nobody answers");
          return this.metrics.registry.metrics();
        },
        wrongHere: () => this.wrong,
        tell: async (kinds) => {
          if (this.isDeaf) throw new Error("nobody listens");
          this.told.push(kinds.join(","));
        },
        keep: (book) => {
          this.book = book;
        },
        monotonic: () => this.#passedMs,
        sleep: async (ms) => {
          this.#passedMs += ms;
          left -= 1;
        },
        isOver: () => left <= 0,
        onLog: () => undefined,
      },
    });
    return this.told.slice(from);
  }
}

describe("a watch over the gate's alarms", () => {
  it("tells each alarm once, the first of its kind and the next, and nothing where none is", async () => {
    const watch = new TestWatch();
    expect(await watch.look(3)).toEqual([]);
    watch.metrics.raise("canary");
    watch.metrics.raise("freeze");
    expect(await watch.look(3)).toEqual(["canary,freeze"]);
    watch.metrics.raise("canary");
    expect(await watch.look(3)).toEqual(["canary"]);
  });

  it("tells what was raised while it did not run, and after the gate was started anew", async () => {
    const watch = new TestWatch();
    watch.metrics.raise("crisis");
    expect(await watch.look()).toEqual(["crisis"]);
    // The new process has counted as many as the old one had.
    const book = watch.book;
    watch.book = { ...book, startedAt: (book.startedAt ?? 0) - 100 };
    expect(await watch.look()).toEqual(["crisis"]);
    expect(await watch.look()).toEqual([]);
  });

  it("tells again until somebody could be told", async () => {
    const watch = new TestWatch();
    watch.metrics.raise("canary");
    watch.isDeaf = true;
    expect(await watch.look(4)).toEqual([]);
    expect(watch.book.untold).toEqual(["canary"]);
    watch.isDeaf = false;
    watch.metrics.raise("fork");
    expect(await watch.look(2)).toEqual(["canary,fork"]);
  });

  it("tells of a gate that has been silent for a minute, once a day, and of a late backup", async () => {
    const watch = new TestWatch();
    watch.isSilent = true;
    expect(await watch.look(5)).toEqual([]);
    expect(await watch.look(20)).toEqual(["unreachable"]);
    watch.isSilent = false;
    watch.wrong = ["backup"];
    expect(await watch.look(20)).toEqual(["backup"]);
  });

  it("tells again of what was right for a while, and of what still lasts after a day", async () => {
    const watch = new TestWatch();
    watch.wrong = ["posture"];
    watch.everyMs = 3_600_000;
    expect(await watch.look(25)).toEqual(["posture", "posture"]);
    watch.wrong = [];
    expect(await watch.look(2)).toEqual([]);
    watch.wrong = ["posture"];
    expect(await watch.look(2)).toEqual(["posture"]);
  });

  it("takes no other page for the gate's numbers", async () => {
    expect(readAlarms("<html>sinetti</html>")).toBeNull();
    expect(readAlarms("process_start_time_seconds 1700000000\n")).toBeNull();
    expect(readAlarms(await gateNumbers().registry.metrics())?.counts).toMatchObject({ canary: 0 });
  });
});

describe("sinetti watch", () => {
  const place = makePlace();
  afterAll(() => place.remove());
  const at = (name: string): string => join(place.path, name);
  const main = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
  const TOKEN = "5c".repeat(32);

  it("reads the gate with its token, runs the program with a kind and one sentence, and remembers", async () => {
    const metrics = gateNumbers();
    metrics.raise("break-glass");
    const gate = createServer((request, response) => {
      const header = (name: string): string | undefined => request.headers[name]?.toString();
      const isLet = mayReadMetrics({ address: "10.0.0.9", header }, TOKEN);
      const text = isLet ? metrics.registry.metrics() : Promise.resolve("no such route");
      void text.then((said) => response.writeHead(isLet ? 200 : 404).end(said));
    }).listen(0, "127.0.0.1");
    await once(gate, "listening");
    writeFileSync(at("token"), `${TOKEN}\n`, { mode: 0o600 });
    writeFileSync(
      at("tell"),
      `#!/bin/sh\nenv > ${at("told.draft")}\nmv ${at("told.draft")} ${at("told")}\n`,
    );
    chmodSync(at("tell"), 0o755);
    const words = ["watch", "--gate", `http://127.0.0.1:${(gate.address() as AddressInfo).port}`];
    words.push("--token-file", at("token"), "--run", at("tell"), "--state", at("state.json"));
    const child = spawn(process.execPath, [main, "--json", ...words], {
      env: { ...process.env, SECRET_OF_THE_OPERATOR: "hunter2" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ran = finished(child);
    await until(() => child.exitCode !== null || existsSync(at("told")));
    child.kill("SIGTERM");
    expect((await ran).json()).toEqual({ told: 1 });
    gate.close();
    const told = readFileSync(at("told"), "utf8").split("\n");
    expect(told).toContain("SINETTI_ALARMS=break-glass");
    expect(
      told.filter((line) => line.startsWith("SINETTI_TEXT=Sinetti has raised an alarm")),
    ).toHaveLength(1);
    expect(told.join("\n")).not.toContain("hunter2");
    expect(readBook(at("state.json"))).toMatchObject({ untold: [], counts: { "break-glass": 1 } });
  });

  it("sends no token in clear to another host, and runs no program that others may write", async () => {
    writeFileSync(at("token"), `${TOKEN}\n`, { mode: 0o600 });
    writeFileSync(at("open"), "#!/bin/sh\n");
    chmodSync(at("open"), 0o775);
    const said = async (...words: string[]): Promise<string> => {
      const child = spawn(process.execPath, [main, "watch", ...words], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      const { exit, stderr } = await finished(child);
      expect(exit).not.toBe(0);
      return stderr;
    };
    const clear = ["--gate", "http://gate.example.org", "--token-file", at("token")];
    expect(await said(...clear, "--run", "/bin/true")).toContain("over https alone");
    expect(await said("--gate", "https://gate.example.org", "--run", at("open"))).toContain(
      "chmod go-w",
    );
  });
});
