import { hash, webcrypto } from "node:crypto";
import { once } from "node:events";

import { initSuite, parseId, type PracticeId, type RestoreId } from "@sinetti/core";

import { systemClock } from "./clock.ts";
import { readConfig, readKeys, type Config } from "./config.ts";
import { prepareDatabase } from "./prepareDatabase.ts";
import { Refusal } from "./problem.ts";
import { exportRun } from "./rebuild/exportRun.ts";
import { importRun } from "./rebuild/importRun.ts";
import { markRestored } from "./rebuild/markRestored.ts";
import { openDatabase, type Sql } from "./store/database.ts";
import { migrate, migrationsUpTo } from "./store/migrate.ts";

/** Works as the application role while no service runs. */
async function withSql<T>(config: Config, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = openDatabase(config.SINETTI_DATABASE_URL, { max: 2 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Makes the tables as they were when a backup was made. */
async function prepare(config: Config, [schema = "[]"]: readonly string[]): Promise<object> {
  const owner = openDatabase(config.SINETTI_OWNER_URL, { max: 1 });
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
  return withSql(config, async (sql) => {
    const run = { restore: parseId<RestoreId>(restore), now: systemClock.now() };
    for (const practice of practices)
      await markRestored(sql, { practice: parseId<PracticeId>(practice), ...run });
    return {};
  });
}

async function write(
  config: Config,
  [practice = "", vault = ""]: readonly string[],
): Promise<null> {
  if (vault !== "who" && vault !== "what") throw new TypeError("an unknown vault");
  await withSql(config, async (sql) => {
    const source = { sql, practice: parseId<PracticeId>(practice), vault } as const;
    for await (const bytes of exportRun(source))
      if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
  });
  return null;
}

async function take(config: Config, [practice = ""]: readonly string[]): Promise<object> {
  const keys = readKeys(config);
  const into = { keys, practice: parseId<PracticeId>(practice), now: systemClock.now() };
  return withSql(config, (sql) => importRun(sql, into, process.stdin));
}

const COMMANDS = { prepare, settle, export: write, import: take } as const;

/** What the operator's command line has the gate do while it does not run; one JSON object on standard output. */
try {
  await initSuite((count) => webcrypto.getRandomValues(new Uint8Array(count)), {
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
