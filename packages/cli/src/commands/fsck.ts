import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";

import { initSuite, type PracticeId } from "@sinetti/core";
import {
  BlindRoleError,
  runFsck,
  type FsckOptions,
  type FsckReport,
  type StoreAddresses,
} from "@sinetti/drill";
import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { UsageError } from "../inputError.ts";
import { readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { defaultData, type Shell } from "../shell.ts";
import { databaseUrlToOptions } from "../start/databaseUrl.ts";
import { findStores, ownMigrations } from "../start/storeAddresses.ts";
import { Unanswered } from "../unanswered.ts";
import { addCommand, type Words } from "./command.ts";

/** How long work may be on its way from the gate to a vault. */
const SECOND_LOOK_SECONDS = 5;
const MAX_THREADS = 8;
/** What the driver says when nobody listens. */
const SILENT = new Set([
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "ECONNREFUSED",
  "ENOENT",
  "ENOTFOUND",
  "57P03",
]);

/** `sinetti fsck`. */
export function addFsckCommand(program: Command): void {
  addCommand(program, {
    usage: "fsck",
    summary: "Verify the three databases without any key; the system keeps running",
    options: [
      ["--data <dir>", "data folder of `start` (SINETTI_DATA; .data in the repository)"],
      ["--who <url>", "postgres:// of vault who, as a role with BYPASSRLS; with --what and --gate"],
      ["--what <url>", "postgres:// of vault what"],
      ["--gate <url>", "postgres:// of the gate"],
      ["--practice <id>", "this practice alone"],
      ["--threads <number>", "threads that verify; one for each processor when left out"],
    ],
    example: "sinetti fsck --data ./practice-data",
    run,
  });
}

function readUrl(text: string, option: string): StoreAddresses["who"] {
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new UsageError(`--${option}: not a postgres:// address`);
  return databaseUrlToOptions(text);
}

function addressesOf(words: Words): StoreAddresses {
  const [who, what, gate] = [words.text("who"), words.text("what"), words.text("gate")];
  if (who !== undefined && what !== undefined && gate !== undefined)
    return {
      who: readUrl(who, "who"),
      what: readUrl(what, "what"),
      gate: readUrl(gate, "gate"),
    };
  if (who !== undefined || what !== undefined || gate !== undefined)
    throw new UsageError("--who, --what and --gate come together");
  const data = words.text("data");
  return findStores(data === undefined ? defaultData() : resolve(data));
}

function readThreads(text: string | undefined): number {
  if (text === undefined) return Math.min(availableParallelism(), MAX_THREADS);
  if (!/^\d{1,2}$/.test(text)) throw new UsageError("--threads: a number up to 99");
  return Number(text);
}

async function check(options: FsckOptions): Promise<FsckReport> {
  try {
    return await runFsck(options);
  } catch (error) {
    if (error instanceof BlindRoleError) throw new UsageError(error.message);
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!SILENT.has(code)) throw error;
    throw new Unanswered(
      "The databases do not answer. Is `sinetti start` running on this data folder? Nothing was looked at",
      { cause: error },
    );
  }
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const practice = words.text("practice");
  const options = {
    addresses: addressesOf(words),
    migrations: ownMigrations(),
    practice: practice === undefined ? null : readId<PracticeId>(practice, "--practice"),
    threads: readThreads(words.text("threads")),
    secondLookSeconds: SECOND_LOOK_SECONDS,
  };
  await initSuite((length) => randomBytes(length));
  const report = await shell.output.progress((onProgress) => check({ ...options, onProgress }));
  const { chains, entries, statements, seconds, broken } = report;
  const json = { chains, entries, broken, statements, seconds };
  const exit = broken.length === 0 ? EXIT.done : EXIT.verification;
  return { json, text: reportText(report), exit };
}

function reportText({ chains, entries, seconds, broken }: FsckReport): string {
  const counted = `${chains} chains and ${entries} entries verified in ${seconds.toFixed(1)} s`;
  if (broken.length === 0) return `Sound: ${counted}.`;
  const rows = broken.map(({ service, practice, file, table: name, what, where, mend }) => [
    what,
    service,
    name,
    where,
    file ?? practice,
    mend,
  ]);
  const head = ["what", "service", "table", "where", "record or practice", "what to do"];
  return `Broken: ${broken.length}. ${counted}.\n${table([head, ...rows])}`;
}
