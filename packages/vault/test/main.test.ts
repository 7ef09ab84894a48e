import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { openTestDatabase, type TestDatabase } from "../../../tools/testDatabase.ts";
import { openSql } from "../src/app.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
let database: TestDatabase;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), "sinetti-vault-"));
  const keyFile = join(folder, "service.key");
  writeFileSync(keyFile, randomBytes(32).toString("hex"), { mode: 0o600 });
  environment = {
    SINETTI_SERVICE: "who",
    SINETTI_LISTEN: "127.0.0.1:0",
    SINETTI_DATABASE_URL: database.appUrl,
    SINETTI_OWNER_URL: database.ownerUrl,
    SINETTI_KEY_FILE: keyFile,
    SINETTI_GATE_KEY: randomBytes(32).toString("hex"),
    SINETTI_ORIGINS: "http://127.0.0.1:4600",
  };
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.stop();
});

const started = (env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [MAIN], { env, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
  });

const addressOf = async ({ stdout }: ChildProcess): Promise<string> => {
  const line = await new Promise<string>((resolve) => {
    if (stdout) createInterface({ input: stdout }).once("line", resolve);
  });
  return (JSON.parse(line) as { listening: string }).listening;
};

async function complaintOf(
  env: Record<string, string>,
): Promise<{ code: number | null; text: string }> {
  const child = started(env);
  let text = "";
  child.stderr?.on("data", (data: Buffer) => {
    text += data.toString();
  });
  return { code: await ended(child), text };
}

test("the vault says what setting is missing and ends", async () => {
  const { code, text } = await complaintOf({ ...environment, SINETTI_GATE_KEY: "short" });
  expect(code).toBe(1);
  expect(text).toContain("SINETTI_GATE_KEY");
});

test("the vault does not start as a superuser, and names the mend", async () => {
  const { code, text } = await complaintOf({
    ...environment,
    SINETTI_DATABASE_URL: database.superUrl,
  });
  expect(code).toBe(1);
  expect(text).toContain("app-role-powers");
  expect(text).toContain("ALTER ROLE postgres NOSUPERUSER");
});

test("the vault says where it listens, answers there, and ends when asked", async () => {
  const child = started(environment);
  const exit = ended(child);
  const listening = await addressOf(child);
  const known = await fetch(`${listening}/.well-known/sinetti`);
  expect(await known.json()).toMatchObject({ v: 1, service: "who" });
  expect((await fetch(`${listening}/healthz`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await exit).toBe(0);
});

/** A request that goes on: its headers have no end. */
const ask = async (listening: string): Promise<Socket> => {
  const { hostname, port } = new URL(listening);
  const socket = connect(Number(port), hostname).on("error", () => undefined);
  await new Promise((resolve) => socket.write("GET / HTTP/1.1\r\n", resolve));
  return socket;
};
const isAnswering = (listening: string): Promise<boolean> =>
  fetch(`${listening}/healthz`, { headers: { connection: "close" } }).then(
    () => true,
    () => false,
  );

test.each([
  { during: "its work", isStopping: false },
  { during: "its stop", isStopping: true },
])("the vault ends with a connection to its database during $during", async ({ isStopping }) => {
  const child = started(environment);
  const exit = ended(child);
  const listening = await addressOf(child);
  expect(await isAnswering(listening)).toBe(true);
  const asking = await ask(listening);
  if (isStopping) {
    child.kill("SIGTERM");
    while (await isAnswering(listening));
  }
  const admin = openSql(database.superUrl, { max: 1 });
  const [lost] = await admin`
    select count(pg_terminate_backend(pid))::int as count from pg_stat_activity
    where usename = 'sinetti_app' and datname = current_database()`;
  await admin.end();
  expect(lost?.["count"]).toBe(1);
  expect(await exit).toBe(1);
  asking.destroy();
});
