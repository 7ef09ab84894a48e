import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

import { compileCacheSetting } from "../compileCache.ts";
import { environmentOf, type Compartment } from "../start/compartment.ts";
import { gateEnvironment } from "../start/serviceSecrets.ts";
import { BackupError, type BackupErrorCode } from "./backupError.ts";

/** A service that works for the operator while it does not serve. */
export interface Operated {
  readonly compartment: Compartment;
  /** Public key of the gate, for a vault that hears of a practice for the first time; hexadecimal. */
  readonly gateKey: string;
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

function entryOf({ name }: Compartment): string {
  const entry = name === "gate" ? "@sinetti/gate/operate" : "@sinetti/vault/operate";
  return fileURLToPath(import.meta.resolve(entry));
}

function start(
  { compartment, gateKey }: Operated,
  words: readonly string[],
  input: "ignore" | "pipe",
): ChildProcess {
  const { PATH = "" } = process.env;
  const own =
    compartment.name === "gate"
      ? gateEnvironment(compartment.folder)
      : { SINETTI_GATE_KEY: gateKey };
  return spawn(process.execPath, [entryOf(compartment), ...words], {
    cwd: "/",
    env: {
      PATH,
      ...compileCacheSetting(),
      ...environmentOf(compartment, "127.0.0.1:0"),
      SINETTI_ORIGINS: "",
      ...own,
    },
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
  if (exit !== 0) throw faultOf(service.compartment.name, said);
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
  if (sourceExit !== 0) throw faultOf(from.service.compartment.name, sourceSaid);
  if (targetExit !== 0) throw faultOf(to.service.compartment.name, targetSaid);
  return JSON.parse(taken) as TakenRun;
}
