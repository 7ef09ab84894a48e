import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { boardFile } from "../posture/postureBoards.ts";
import { PostureRounds } from "../posture/postureRounds.ts";
import { buildSite } from "../site/buildSite.ts";
import { SiteFiles } from "../site/siteFiles.ts";
import { isRoutineLine } from "../start/routineLine.ts";
import { startAppServer } from "./appServer.ts";
import type { AppConfig, ServeConfig, ServiceConfig } from "./serveConfig.ts";
import { ServeError } from "./serveError.ts";
import { startServiceChild } from "./serviceChild.ts";
import { serviceEnvironment } from "./serviceEnvironment.ts";
import { ensureServiceSafe, exceptionsFile, postureTarget } from "./serviceSafety.ts";

/** A part while it is served. */
interface ServedPart {
  /** What the first line says of it. */
  readonly said: Readonly<Record<string, string>>;
  /** Settles when it has ended: as asked, or with why not. */
  readonly ended: Promise<void>;
  renew(): void;
  stop(): void;
}

/** The name under which clients know the address of a part. */
const NAMES = { who: "vaultWho", what: "vaultWhat", gate: "gate" } as const;

/** Routine is for who asks for it; a person at the terminal sees what they should act on. */
function log(source: string, line: string): void {
  if (process.env["SINETTI_LOG"] !== "all" && isRoutineLine(source, line)) return;
  process.stderr.write(`[${source}] ${line}\n`);
}

async function endedWith(ended: Promise<void>, stop: () => Promise<void>): Promise<void> {
  try {
    await ended;
  } finally {
    await stop();
  }
}

async function serveService(config: ServiceConfig, configFile: string): Promise<ServedPart> {
  const { part } = config;
  // Once: what the start was judged by is what the rounds judge by.
  const target = postureTarget(config);
  await ensureServiceSafe(target, { configFile, onLog: (line) => log("posture", line) });
  const entry = part === "gate" ? "@sinetti/gate" : "@sinetti/vault";
  // Of systemd; without one, what became of a finding is remembered until this ends.
  const folder = process.env["STATE_DIRECTORY"];
  const boards = folder ?? mkdtempSync(join(tmpdir(), "sinetti-posture-"));
  const clear = (): void => {
    if (folder === undefined) rmSync(boards, { recursive: true, force: true });
  };
  const child = await startServiceChild(
    fileURLToPath(import.meta.resolve(entry)),
    { ...serviceEnvironment(config), SINETTI_POSTURE_FILE: boardFile(boards, part) },
    { onLog: (line) => log(part, line) },
  ).catch((error: unknown) => {
    clear();
    throw error;
  });
  const rounds = new PostureRounds({
    targets: [target],
    exceptionsFile: exceptionsFile(configFile),
    folder,
    boards,
    metricsFile: process.env["SINETTI_METRICS_FILE"],
    onLog: (line) => log("posture", line),
  });
  return {
    said: { [NAMES[part]]: child.url },
    ended: endedWith(child.ended, async () => {
      await rounds.stop();
      clear();
    }),
    renew: () => {
      if (config.tls !== undefined) child.signal("SIGHUP");
    },
    stop: () => child.signal("SIGTERM"),
  };
}

async function serveApp(config: AppConfig): Promise<ServedPart> {
  const folder = config.site ?? (await buildSite());
  const server = await startAppServer(config, new SiteFiles(folder));
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    said: { web: config.origin, listening: server.url },
    ended: promise,
    renew: () => server.renew(),
    stop: () => void server.stop().then(resolve),
  };
}

function renew(part: string, served: ServedPart): void {
  try {
    served.renew();
    log("serve", `${part}: takes the certificate as it is now`);
  } catch (error) {
    if (!(error instanceof ServeError)) throw error;
    log("serve", `${part} serves on with the certificate from before: ${error.message}`);
  }
}

/**
 * Serves one part in the foreground: the first line on standard output says that it takes requests; SIGTERM or SIGINT ends it,
 * SIGHUP has it take a new certificate. Errors: ServeError, SiteError, StartError `database-unsafe`.
 */
export async function servePart(
  config: ServeConfig,
  { configFile }: { configFile: string },
): Promise<void> {
  const { part } = config;
  const starting = config.part === "app" ? serveApp(config) : serveService(config, configFile);
  // Also what comes while things are still starting; that it did not start is said below.
  const onSignal = (name: NodeJS.Signals, act: (served: ServedPart) => void): unknown =>
    process.on(name, () => void starting.then(act, () => undefined));
  onSignal("SIGTERM", (served) => served.stop());
  onSignal("SIGINT", (served) => served.stop());
  onSignal("SIGHUP", (served) => renew(part, served));
  const served = await starting;
  process.stdout.write(`${JSON.stringify({ ready: true, part, ...served.said })}\n`);
  log("serve", `${part} is ready; SIGTERM stops it, SIGHUP takes a new certificate`);
  await served.ended;
}
