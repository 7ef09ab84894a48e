import { fork, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { inject } from "vitest";

import { copyData } from "../../../../tools/copyData.ts";
import { makePlace } from "../start/startedSystem.ts";
import { startSystem, type RunningSystem } from "../../src/start/startSystem.ts";
import type { Asked, Left } from "./fixtures/residentMain.ts";

const resident = fileURLToPath(new URL("fixtures/residentMain.ts", import.meta.url));
const main = fileURLToPath(new URL("fixtures/shiftedMain.ts", import.meta.url));
const service = fileURLToPath(new URL("fixtures/shiftedService.ts", import.meta.url));
const compileCache = fileURLToPath(
  new URL("../../../../node_modules/.cache/sinetti", import.meta.url),
);
const PASSWORD = "a password of a test";

/** What a command left behind. */
export interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON; fails where it is none. */
  readonly json: <T = Record<string, unknown>>() => T;
}

/** A real system in a place of its own, and the command line on it. */
export interface StartedPractice {
  readonly path: string;
  readonly web: string;
  /** Runs a command with `--json` on a profile by its name, after those before it. */
  run(profile: string, ...args: string[]): Promise<Ran>;
  /** Starts a command and lets it run. */
  begin(profile: string, args: readonly string[]): ChildProcess;
  /** Writes a file and gives its path. */
  file(name: string, content: unknown): string;
  /** Puts every clock ahead. */
  passTime(seconds: number): void;
  /** Stops the services; `startOn` starts them again, perhaps on another data folder. */
  halt(): Promise<void>;
  startOn(folder: string): Promise<void>;
  stop(): Promise<void>;
}

/** Waits for a command that was begun. */
export async function finished(child: ChildProcess): Promise<Ran> {
  if (child.stdout === null || child.stderr === null) throw new TypeError("not piped");
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null ? once(child, "close") : undefined,
  ]);
  const left = { exit: child.exitCode, stdout, stderr };
  return { ...left, json: <T>() => readJson(left) as T };
}

const readJson = ({ exit, stdout, stderr }: Omit<Ran, "json">): unknown => {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no JSON, exit ${exit}: ${stdout} ${stderr}`);
  }
};

/** Runs commands in one process that stays, in the order in which they are asked for. */
class Resident {
  readonly #child: ChildProcess;
  readonly #waiting: PromiseWithResolvers<Left>[] = [];

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#child = fork(resident, {
      cwd,
      env,
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (left: Left) => this.#waiting.shift()?.resolve(left));
    this.#child.once("exit", (code) => {
      for (const { reject } of this.#waiting) reject(new Error(`the process ended with ${code}`));
    });
  }

  async run(asked: Asked): Promise<Ran> {
    const waiting = Promise.withResolvers<Left>();
    this.#waiting.push(waiting);
    this.#child.send(asked);
    const left = await waiting.promise;
    return { ...left, json: <T>() => readJson(left) as T };
  }

  /** The process ends by itself: no command has left anything behind that keeps it. */
  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`the process of the commands ended with ${code}`);
  }
}

/** Starts the three services of ours; commands that are `apart` have a process each, as whoever types them. */
export async function startPractice({ apart = false } = {}): Promise<StartedPractice> {
  const place = makePlace();
  const { path } = place;
  const clock = join(path, "clock");
  const stretched = join(path, "stretched");
  mkdirSync(stretched, { mode: 0o700 });
  let ahead = 0;
  writeFileSync(clock, "0");
  let dataDir = join(path, "data");
  const serviceEntry = { who: service, what: service, gate: service };
  const startOn = (folder: string): Promise<RunningSystem> =>
    startSystem({ dataDir: folder, port: 0, serviceEntry, onLog: () => undefined });
  await copyData(inject("preparedData"), dataDir);
  let system = await startOn(dataDir);
  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    SINETTI_DATA: dataDir,
    SINETTI_PASSWORD: PASSWORD,
    TEST_CLOCK: clock,
    TEST_STRETCHED: stretched,
    NODE_COMPILE_CACHE: compileCache,
  });
  const argsOf = (profile: string, args: readonly string[]): string[] => [
    "--server",
    system.web,
    "--profile",
    join(path, profile),
    "--json",
    ...args,
  ];
  const begin = (profile: string, args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [main, ...argsOf(profile, args)], {
      cwd: path,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
  const commands = apart ? undefined : new Resident(path, environment());
  return {
    path,
    get web() {
      return system.web;
    },
    begin,
    halt: () => system.stop(),
    startOn: async (folder) => {
      dataDir = folder;
      system = await startOn(folder);
    },
    run: (profile, ...args) =>
      commands?.run({ args: argsOf(profile, args), environment: environment() }) ??
      finished(begin(profile, args)),
    file: (name, content) => {
      const written = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(join(path, name), written);
      return join(path, name);
    },
    passTime: (seconds) => writeFileSync(clock, String((ahead += seconds))),
    stop: async () => {
      await commands?.stop();
      await system.stop();
      place.remove();
    },
  };
}
