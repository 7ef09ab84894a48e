import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { copyData } from "../../../../tools/copyData.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const MAIN = join(ROOT, "packages", "cli", "src", "main.ts");
const SHIFTED = join(ROOT, "tools", "shiftedStart.ts");
const LINES_KEPT = 30;

interface Ready {
  readonly web: string;
  readonly vaultWho: string;
  readonly vaultWhat: string;
  readonly gate: string;
}

/** `sinetti start` as anybody runs it, on a folder of its own. */
export interface Launcher {
  /** `http://localhost:PORT`, as a person types it. */
  readonly origin: string;
  /** The origins of the three services. */
  readonly services: Readonly<Record<"who" | "what" | "gate", string>>;
  /** The folder that it keeps everything in. */
  readonly data: string;
  installationCode(): string;
  /** Puts the clocks of the services so many seconds off; for a launcher of `startShifted`. */
  shift(seconds: number): void;
  stop(): Promise<void>;
}

function readReady(line: string): Ready | undefined {
  try {
    const said = JSON.parse(line) as Ready & { ready?: boolean };
    return said.ready === true ? said : undefined;
  } catch {
    return undefined;
  }
}

/** The first line on standard output; what it logged, when it ends before. */
function waitForReady(child: ChildProcess): Promise<Ready> {
  const logged: string[] = [];
  return new Promise((resolve, reject) => {
    if (child.stderr)
      createInterface({ input: child.stderr }).on("line", (line) => {
        logged.push(line);
        if (logged.length > LINES_KEPT) logged.shift();
      });
    if (child.stdout)
      createInterface({ input: child.stdout }).on("line", (line) => {
        const ready = readReady(line);
        if (ready !== undefined) resolve(ready);
      });
    child.once("error", reject);
    child.once("exit", () =>
      reject(new Error(`the launcher ended before it was ready:\n${logged.join("\n")}`)),
    );
  });
}

/** Starts the launcher, on a copy of a data folder that is `prepared`; resolves when the system takes requests. */
export const startLauncher = (args: readonly string[] = [], prepared?: string): Promise<Launcher> =>
  launch((data) => [MAIN, "start", "--data", data, "--port", "0", ...args], prepared);

/** The same with services whose clocks are so many seconds off, until the test moves them. */
export const startShifted = (seconds: number): Promise<Launcher> =>
  launch((data) => [SHIFTED, data, String(seconds)]);

async function launch(
  command: (data: string) => readonly string[],
  prepared?: string,
): Promise<Launcher> {
  const folder = mkdtempSync(join(tmpdir(), "sinetti-browser-"));
  // The databases may run under an account of their own.
  chmodSync(folder, 0o755);
  const data = join(folder, "data");
  if (prepared !== undefined) await copyData(prepared, data);
  const child = spawn(process.execPath, [...command(data)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { web, vaultWho, vaultWhat, gate } = await waitForReady(child);
    return {
      origin: web.replace("127.0.0.1", "localhost"),
      services: { who: vaultWho, what: vaultWhat, gate },
      data,
      installationCode: () =>
        readFileSync(join(data, "gate", "secrets", "installation.code"), "utf8").trim(),
      shift: (seconds) => writeFileSync(join(folder, "clock"), String(seconds)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
