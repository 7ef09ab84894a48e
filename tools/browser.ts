import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

import { unpackChromium } from "./unpackChromium.ts";

/** A Chromium for tests, and what it must find around it. */
export interface FoundBrowser {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
}

declare module "vitest" {
  interface ProvidedContext {
    browser: FoundBrowser;
  }
}

const NAMED_BY = "SINETTI_CHROMIUM";
const USUAL = ["/usr/bin/chromium", "/usr/bin/google-chrome-stable"];
const LINES_SHOWN = 5;

/** Whatever a machine does: no drawing hardware, nothing fetched or told in the background. */
export const BROWSER_FLAGS: readonly string[] = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program said last. */
function runOrSay(command: string, args: readonly string[]): string | undefined {
  const done = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.error) return done.error.message;
  if (done.status === 0) return undefined;
  return `${command} ${args.join(" ")}:\n${done.stderr.trim().split("\n").slice(-LINES_SHOWN).join("\n")}`;
}

function installAsRoot(): string | undefined {
  return (
    runOrSay("apt-get", ["update"]) ??
    runOrSay("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"])
  );
}

function whyNone(tried: string): Error {
  return new Error(
    [
      "The browser tests need Chromium, and it could not be installed.",
      tried,
      `Install it (Debian, Ubuntu: apt-get install chromium), or name one: ${NAMED_BY}=/path/to/chromium`,
    ].join("\n"),
  );
}

/** Finds Chromium, or installs it: as root from the system's packages, otherwise into a folder of one's own. */
export function findBrowser(onInstall: (how: string) => void): FoundBrowser {
  const named = process.env[NAMED_BY];
  if (named !== undefined && named !== "") {
    if (!isProgram(named)) throw new Error(`${NAMED_BY} names no program: ${named}`);
    return { executable: named, environment: {} };
  }
  const usual = USUAL.find(isProgram);
  if (usual !== undefined) return { executable: usual, environment: {} };
  if (process.getuid?.() !== 0) {
    try {
      return unpackChromium(onInstall);
    } catch (error) {
      throw whyNone(error instanceof Error ? error.message : "");
    }
  }
  onInstall("Installing Chromium for the browser tests (apt-get install chromium) …");
  const failure = installAsRoot();
  const [installed] = USUAL;
  if (failure !== undefined || installed === undefined || !isProgram(installed))
    throw whyNone(failure ?? "apt-get installed something else.");
  return { executable: installed, environment: {} };
}
