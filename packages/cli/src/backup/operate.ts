import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

import { compileCacheSetting } from "../compileCache.ts";
import { environmentOf, type Compartment, type ServiceName } from "../start/compartment.ts";
import { gateEnvironment } from "../start/serviceSecrets.ts";
import { BackupError, type BackupErrorCode } from "./backupError.ts";

/** A service that works for the operator while it does not serve. */
export interface Operated {
  readonly name: ServiceName;
  /** What its program is told: addresses and paths. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A service of a data folder; `gateKey`, hexadecimal, is for a vault that hears of a practice for the first time. */
export function operatedOf(compartment: Compartment, gateKey: string): Operated {
  const { name, folder } = compartment;
  const own = name === "gate" ? gateEnvironment(folder) : { SINETTI_GATE_KEY: gateKey };
  const environment = {
    ...environmentOf(compartment, "127.0.0.1:0"),
    SINETTI_ORIGINS: "",
    ...own,
  };
  return { name, environment };
}

/** What a service took from another. */
export interface TakenRun {
  readonly links: number;
  readonly statements: number;
  readonly stops: number;
  readonly erased?: number;
  readonly lostWraps?: readonly {
    readonly file: string;
    readonly subject: { readonly type: string; readonly id: string };
  }[];
}

function entryOf({ name }: Operated): string {
  const entry = name === "gate" ? "@sinetti/gate/operate" : "@sinetti/vault/operate";
  return fileURLToPath(import.meta.resolve(entry));
}

function start(
  service: Operated,
  words: readonly string[],
  input: "ignore" | "pipe",
): ChildProcess {
  const { PATH = "" } = process.env;
  return spawn(process.execPath, [entryOf(service), ...words], {
    cwd: "/",
    env: { PATH, ...compileCacheSetting(), ...service.environment },
    stdio: [input, "pipe", "pipe"],
  });
}

const CODES: Readonly<Record<string, BackupErrorCode | undefined>> = {
  "newer-data": "newer-format",
  "changed-migration": "newer-format",
  "wrong-service": "gate-key-other",
  "open-failed": "gate-key-other",
  "secret-missing": "gate-secrets-missing",
};

/** What a service that failed has said of it: a code, never content. */
function faultOf(service: string, said: string): BackupError {
  const line = said.trim().split("\n").at(-1) ?? "";
  let code = "fault";
  let fault = "";
  try {
    const value = JSON.parse(line) as { code?: unknown; fault?: unknown };
    code = typeof value.code === "string" ? value.code : code;
    fault = typeof value.fault === "string" ? value.fault : fault;
  } catch {
    // It ended without a word; the code says that.
  }
  const isRefused = fault === "Refusal" || fault === "CoreError";
  const known = CODES[code] ?? (isRefused ? "catch-up-refused" : "service-failed");
  return new BackupError(known, { detail: `${service}: ${code}` });
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return child.exitCode;
}

/** Has a service do one thing and gives what it answered. */
export async function operate(service: Operated, words: readonly string[]): Promise<unknown> {
  const child = start(service, words, "ignore");
  if (child.stdout === null || child.stderr === null) throw new TypeError("not piped");
  const [out, said, exit] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended(child),
  ]);
  if (exit !== 0) throw faultOf(service.name, said);
  return JSON.parse(out);
}

/** Hands one service what another one holds of a practice; memory stays flat. */
export async function handRun(
  from: { readonly service: Operated; readonly words: readonly string[] },
  to: { readonly service: Operated; readonly words: readonly string[] },
): Promise<TakenRun> {
  const source = start(from.service, from.words, "ignore");
  const target = start(to.service, to.words, "pipe");
  const { stdout, stderr } = source;
  const { stdin, stdout: answer, stderr: fault } = target;
  if (!stdout || !stderr || !stdin || !answer || !fault) throw new TypeError("not piped");
  const [sourceSaid, targetSaid, taken, sourceExit, targetExit] = await Promise.all([
    text(stderr),
    text(fault),
    text(answer),
    ended(source),
    ended(target),
    // Whoever fails says so; that the other one's pipe breaks then is no news.
    pipeline(stdout, stdin).catch(() => undefined),
  ]);
  if (sourceExit !== 0) throw faultOf(from.service.name, sourceSaid);
  if (targetExit !== 0) throw faultOf(to.service.name, targetSaid);
  return JSON.parse(taken) as TakenRun;
}

/** Has a service write what it holds of a practice into a file that is not there yet. */
export async function writeRun(
  service: Operated,
  words: readonly string[],
  path: string,
): Promise<void> {
  const child = start(service, words, "ignore");
  if (child.stdout === null || child.stderr === null) throw new TypeError("not piped");
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  const [said, exit, written] = await Promise.all([
    text(child.stderr),
    ended(child),
    pipeline(child.stdout, file).then(
      () => null,
      (error: unknown) => error,
    ),
  ]);
  if (exit !== 0) throw faultOf(service.name, said);
  if (written !== null) throw written;
}

/** Hands a service what another one has written into a file. */
export async function takeRun(
  service: Operated,
  words: readonly string[],
  path: string,
): Promise<TakenRun> {
  const child = start(service, words, "pipe");
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new TypeError("not piped");
  const [said, taken, exit] = await Promise.all([
    text(stderr),
    text(stdout),
    ended(child),
    // Whoever does not want more says why.
    pipeline(createReadStream(path), stdin).catch(() => undefined),
  ]);
  if (exit !== 0) throw faultOf(service.name, said);
  return JSON.parse(taken) as TakenRun;
}
