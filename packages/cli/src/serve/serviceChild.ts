import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { compileCacheSetting } from "../compileCache.ts";
import { ServeError, toServeErrorCode } from "./serveError.ts";

/** The program of a part while it runs. */
export interface ServiceChild {
  readonly url: string;
  /** Settles when it has ended: as asked, or with why not. */
  readonly ended: Promise<void>;
  signal(name: "SIGTERM" | "SIGHUP"): void;
}

interface Said {
  readonly listening?: unknown;
  readonly level?: unknown;
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly fault?: unknown;
}

/** pino's level of what ends a program. */
const FATAL_LEVEL = 60;

function parseLine(line: string): Said {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** What the program said last of why it does not go on. */
class LastWords {
  #error: ServeError | null = null;

  hear(line: string): void {
    const { level, code, reason, fault } = parseLine(line);
    if (level !== FATAL_LEVEL) return;
    const said = [reason, fault].find((text) => typeof text === "string");
    const details = typeof said === "string" ? said.split("\n") : [];
    this.#error = new ServeError(toServeErrorCode(code) ?? "ended", details);
  }

  toError(): ServeError {
    return this.#error ?? new ServeError("ended");
  }
}

function start(entry: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = "", TZ = "UTC" } = process.env;
  return spawn(process.execPath, [entry], {
    cwd: "/",
    // Nothing of the surroundings but what is meant for it.
    env: { PATH, TZ, ...compileCacheSetting(), ...environment, SINETTI_ENDS_WITH_INPUT: "yes" },
    // It ends when its standard input does, so it never outlives this process, however that ends.
    stdio: ["pipe", "pipe", "pipe"],
    // Its own session: Ctrl-C in a terminal reaches this process, which then stops it in order.
    detached: true,
  });
}

/** Starts the program of a part; resolves when it takes requests. Errors: ServeError. */
export async function startServiceChild(
  entry: string,
  environment: Readonly<Record<string, string>>,
  { onLog }: { onLog: (line: string) => void },
): Promise<ServiceChild> {
  const child = start(entry, environment);
  const words = new LastWords();
  let isAsked = false;
  const close = async (): Promise<void> => {
    await once(child, "close");
    if (!isAsked || child.exitCode !== 0) throw words.toError();
  };
  const closed = close();
  // Whoever waits for the first line hears of it there.
  closed.catch(() => undefined);
  if (child.stdout === null || child.stderr === null) throw new TypeError("not piped");
  createInterface({ input: child.stderr }).on("line", (line) => {
    words.hear(line);
    onLog(line);
  });
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> }).on(
      "line",
      (line) => {
        const { listening: url } = parseLine(line);
        if (typeof url === "string") resolve(url);
      },
    );
  });
  const url = await Promise.race([
    listening,
    closed.then(() => {
      throw words.toError();
    }),
  ]);
  return {
    url,
    ended: closed,
    signal: (name) => {
      isAsked ||= name === "SIGTERM";
      child.kill(name);
    },
  };
}
