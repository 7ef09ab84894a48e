import { hash, randomFillSync } from "node:crypto";
import { once } from "node:events";

import { initSuite, parseId, weekOf, type PracticeId, type RestoreId } from "@sinetti/core";

import { exportRun } from "./catchUp/exportRun.ts";
import { importRun } from "./catchUp/importRun.ts";
import { markRestored } from "./catchUp/markRestored.ts";
import { systemClock } from "./clock.ts";
import { readConfig, type Config } from "./config.ts";
import { migrate, migrationsUpTo } from "./migrate.ts";
import { openSql } from "./openSql.ts";
import { prepareDatabase } from "./prepareDatabase.ts";
import { Refusal } from "./problem.ts";
import type { Sql } from "./store/transaction.ts";

/** Works as the application role while no service runs. */
async function withSql<T>({ databaseUrl }: Config, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = openSql(databaseUrl, { max: 2 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Makes the tables as they were when a backup was made. */
async function prepare({ ownerUrl }: Config, [schema = "[]"]: readonly string[]): Promise<object> {
  const owner = openSql(ownerUrl, { max: 1 });
  try {
    await migrate(owner, migrationsUpTo(JSON.parse(schema)));
  } finally {
    await owner.end({ timeout: 5 });
  }
  return {};
}

/**
 * Brings the tables up to this code, refuses a database that is not safe, and marks each practice as restored by a run: from the
 * next start on the service is still.
 */
async function settle(
  config: Config,
  [restore = "", ...practices]: readonly string[],
): Promise<object> {
  await prepareDatabase(config);
  const run = parseId<RestoreId>(restore);
  return withSql(config, async (sql) => {
    for (const practice of practices)
      await markRestored(sql, { practice: parseId<PracticeId>(practice), restore: run });
    return {};
  });
}

async function write(config: Config, [practice = ""]: readonly string[]): Promise<null> {
  await withSql(config, async (sql) => {
    for await (const bytes of exportRun(sql, parseId<PracticeId>(practice)))
      if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
  });
  return null;
}

async function take(config: Config, [practice = ""]: readonly string[]): Promise<object> {
  const { service, keys } = config;
  const trust = { service, key: keys.service, gate: keys.gate };
  const week = weekOf(systemClock.now());
  const into = { practice: parseId<PracticeId>(practice), trust, week };
  return withSql(config, (sql) => importRun(sql, into, process.stdin));
}

const COMMANDS = { prepare, settle, export: write, import: take } as const;

/** What the operator's command line has this service do while it does not run; one JSON object on standard output. */
try {
  await initSuite((count) => randomFillSync(new Uint8Array(count)), {
    sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
  });
  const [command = "", ...words] = process.argv.slice(2);
  if (!Object.hasOwn(COMMANDS, command)) throw new TypeError("an unknown command");
  const done = await COMMANDS[command as keyof typeof COMMANDS](readConfig(process.env), words);
  if (done !== null) process.stdout.write(`${JSON.stringify(done)}\n`);
} catch (error) {
  const code =
    error instanceof Refusal || (error instanceof Error && "code" in error) ? error.code : null;
  const fault = error instanceof Error ? error.name : typeof error;
  process.stderr.write(`${JSON.stringify({ fault, code })}\n`);
  process.exitCode = 1;
}
