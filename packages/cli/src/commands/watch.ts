import { statSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ClientError, findEndpoints } from "@sinetti/client";
import type { Command } from "commander";

import { backupAges } from "../backup/backupAges.ts";
import { failureOf } from "../failure.ts";
import { replaceFault } from "../input/changeFault.ts";
import { readBytes } from "../input/readBytes.ts";
import { readInterval } from "../input/interval.ts";
import { InputError, UsageError } from "../inputError.ts";
import { postureSummary, type PostureSummary } from "../posture/postureSummary.ts";
import type { Printed } from "../output.ts";
import { isLocalHost } from "../serve/serveConfig.ts";
import type { Shell } from "../shell.ts";
import { EMPTY_BOOK } from "../watch/alarmBook.ts";
import { readBook, writeBook } from "../watch/bookFile.ts";
import { runProgram } from "../watch/runProgram.ts";
import { runWatch } from "../watch/runWatch.ts";
import { addCommand, needed, type Words } from "./command.ts";

const EVERY = "10s";
const ANSWER_MS = 5000;
const STEP_MS = 250;
const TOKEN = /^[0-9a-f]{64}$/;

/** `sinetti watch`. */
export function addWatchCommand(program: Command): void {
  addCommand(program, {
    usage: "watch",
    summary:
      "Run a program of yours whenever the gate raises an alarm or falls silent, backups are late, or posture found something; it is told the kind and nothing else",
    options: [
      ["--run <program>", "absolute path; SINETTI_ALARMS and SINETTI_TEXT say what", "required"],
      ["--gate <url>", "address of the gate; that of --server when left out"],
      ["--token-file <file>", "the token of the gate's numbers, for a gate on another host"],
      ["--state <file>", "remember what was told, across starts"],
      ["--data <dir>", "also watch the age of the backups of this data folder"],
      [
        "--posture <dir>",
        "also watch what posture found: the data folder, or a part's StateDirectory",
      ],
      ["--every <time>", `how often to look (${EVERY})`],
    ],
    example:
      "sinetti watch --run /usr/local/bin/tell-the-officer --state /var/lib/sinetti/watch.json",
    run: watch,
  });
}

function readProgram(words: Words): string {
  const program = needed(words, "run");
  const found = statSync(program, { throwIfNoEntry: false });
  if (!program.startsWith("/") || found === undefined || !found.isFile())
    throw new UsageError("--run: the absolute path of a program that is there");
  const fault = replaceFault(program);
  if (fault !== null) throw new UsageError(`--run: ${fault}`);
  return program;
}

function readToken(file: string | undefined): string | null {
  if (file === undefined) return null;
  const text = Buffer.from(readBytes(resolve(file)))
    .toString("utf8")
    .trim();
  if (!TOKEN.test(text))
    throw new UsageError("--token-file: it does not hold 64 hexadecimal digits");
  return text;
}

async function gateOf({ server }: Shell, words: Words): Promise<string> {
  const given = words.text("gate");
  if (given === undefined) return (await findEndpoints({ fetch }, server)).gate;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError("--gate: an address like https://gate.example.org");
  return url.origin;
}

/** Whoever reads the token on its way reads the gate's numbers, and whether a canary sang. */
function checkTokenWay(gate: string, token: string | null): void {
  const { protocol, hostname } = new URL(gate);
  if (token !== null && protocol !== "https:" && !isLocalHost(hostname))
    throw new UsageError("--token-file: the token goes to another host over https alone");
}

async function readNumbers(gate: string, token: string | null): Promise<string> {
  const answer = await fetch(`${gate}/metrics`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new ClientError("unreachable", { detail: `status ${answer.status}` });
  return text;
}

/** A state that cannot be read tells nothing, and ends no watch. */
function summaryOf(folder: string, now: Date): PostureSummary | null {
  try {
    return postureSummary(folder, now);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Nobody having looked is as wrong as what a look finds; whoever was let in for a time is told by itself. */
function wrongInPosture(folder: string, now: Date): string[] {
  const summary = summaryOf(folder, now);
  if (summary === null || summary.isLate) return ["posture"];
  const { critical, high } = summary.open;
  return [
    ...(critical + high > 0 ? ["posture"] : []),
    ...(summary.temporary.length > 0 ? ["temporary-access"] : []),
  ];
}

function wrongHere(words: Words, now: Date): string[] {
  const [data, posture] = [words.text("data"), words.text("posture")];
  const isLate = data !== undefined && (backupAges(resolve(data), now)?.isLate ?? true);
  const wrong = posture === undefined ? [] : wrongInPosture(resolve(posture), now);
  return [...(isLate ? ["backup"] : []), ...wrong];
}

async function watch(shell: Shell, words: Words): Promise<Printed> {
  const program = readProgram(words);
  const token = readToken(words.text("tokenFile"));
  const everyMs = readInterval(words.text("every") ?? EVERY, "--every");
  const state = words.text("state");
  const gate = await gateOf(shell, words);
  checkTokenWay(gate, token);
  const stopping = new AbortController();
  process.once("SIGTERM", () => stopping.abort());
  const isOver = (): boolean => stopping.signal.aborted || shell.interrupt.isAsked;
  const begun = state === undefined ? EMPTY_BOOK : readBook(resolve(state));
  let kept = state === undefined ? "" : JSON.stringify(begun);
  let told = 0;
  const log = (line: string): void => shell.output.log(`${new Date().toISOString()} ${line}`);
  log(`watching ${gate} every ${words.text("every") ?? EVERY}`);
  await runWatch(begun, {
    everyMs,
    world: {
      readGate: () => readNumbers(gate, token),
      wrongHere: () => wrongHere(words, new Date()),
      tell: async (kinds) => {
        log(`alarm: ${kinds.join(", ")}`);
        await runProgram(program, kinds);
        told += 1;
      },
      keep: (book) => {
        const text = JSON.stringify(book);
        if (state === undefined || text === kept) return;
        try {
          writeBook(resolve(state), book);
          kept = text;
        } catch (error) {
          // A full disk must not end the watch over it.
          log(`not remembered: ${failureOf(error).code}`);
        }
      },
      monotonic: () => performance.now(),
      isOver,
      onLog: log,
      sleep: async (ms) => {
        const until = performance.now() + ms;
        while (performance.now() < until && !isOver()) await sleep(STEP_MS);
      },
    },
  });
  return { json: { told }, text: `${told} times told.` };
}
