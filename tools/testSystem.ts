import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import postgres from "postgres";

import { gateEncryptionKey, gateLookupKey, generateSignKey } from "@sinetti/core/service";
import { InstallationCode, createGate, migrate as migrateGate, silentLog } from "@sinetti/gate/app";
import { createVault, migrate as migrateVault } from "@sinetti/vault/app";

import { databaseUrlToOptions } from "../packages/cli/src/start/databaseUrl.ts";
import { openTestDatabase, type TestDatabase } from "./testDatabase.ts";
import { loadSuite } from "./testPractice.ts";

/** A clock that a test moves. */
export class TestClock {
  #now: number;
  constructor(start: number = Math.floor(Date.now() / 1000)) {
    this.#now = start;
  }
  now(): number {
    return this.#now;
  }
  monotonic(): number {
    return this.#now;
  }
  advance(seconds: number): void {
    this.#now += seconds;
  }
}

type App = { fetch(request: Request): Response | Promise<Response> };

/** The three real services in this process, each on a database of its own, reached without sockets. */
export interface TestSystem {
  readonly clock: TestClock;
  readonly endpoints: { who: string; what: string; gate: string };
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly databases: Record<"who" | "what" | "gate", TestDatabase>;
  /** The installation code that is good now. */
  readonly code: () => string;
  /** SQL statements since the last call, by service, in order; BEGIN and COMMIT among them. */
  readonly takeStatements: () => Record<"who" | "what" | "gate", string[]>;
  stop(): Promise<void>;
}

const ENDPOINTS = {
  who: "http://who.test",
  what: "http://what.test",
  gate: "http://gate.test",
} as const;

/** Starts the services on fresh databases. */
export async function startTestSystem(clock: TestClock = new TestClock()): Promise<TestSystem> {
  await loadSuite();
  const log = pino({ level: "silent" });
  const statements: Record<"who" | "what" | "gate", string[]> = { who: [], what: [], gate: [] };
  const databases = {
    who: await openTestDatabase(),
    what: await openTestDatabase(),
    gate: await openTestDatabase(),
  };
  const open = (service: "who" | "what" | "gate"): postgres.Sql =>
    postgres({
      ...databaseUrlToOptions(databases[service].appUrl),
      max: 8,
      onnotice: () => undefined,
      debug: (_connection, query) => statements[service].push(query),
    });
  const sqls = { who: open("who"), what: open("what"), gate: open("gate") };
  const keys = { who: generateSignKey(), what: generateSignKey(), gate: generateSignKey() };
  for (const service of ["who", "what", "gate"] as const) {
    const owner = postgres({
      ...databaseUrlToOptions(databases[service].ownerUrl),
      max: 1,
      onnotice: () => undefined,
    });
    await (service === "gate" ? migrateGate(owner) : migrateVault(owner));
    await owner.end();
  }
  const folder = mkdtempSync(join(tmpdir(), "sinetti-test-"));
  const codeFile = join(folder, "installation.code");
  const installationCode = new InstallationCode(codeFile);
  installationCode.replace();
  const vault = (service: "who" | "what"): App =>
    createVault({
      sql: sqls[service],
      keys: { service: keys[service].publicKey, gate: keys.gate.publicKey },
      clock,
      service,
      origins: [],
      log,
    });
  const gateKeys = {
    service: keys.gate,
    encryption: gateEncryptionKey(randomBytes(32)),
    lookup: gateLookupKey(randomBytes(32)),
  };
  const apps: Record<string, App> = {
    [ENDPOINTS.who]: vault("who"),
    [ENDPOINTS.what]: vault("what"),
    [ENDPOINTS.gate]: createGate({
      sql: sqls.gate,
      keys: gateKeys,
      clock,
      origins: [],
      log: silentLog,
      installationCode,
    }),
  };
  return {
    clock,
    endpoints: ENDPOINTS,
    databases,
    code: () => readFileSync(codeFile, "utf8").trim(),
    fetch: async (url, init) => {
      const app = apps[new URL(url).origin];
      if (app === undefined) throw new TypeError("no such service");
      return app.fetch(new Request(url, init));
    },
    takeStatements: () => {
      const taken = {
        who: statements.who.splice(0),
        what: statements.what.splice(0),
        gate: statements.gate.splice(0),
      };
      return taken;
    },
    stop: async () => {
      await Promise.all(Object.values(sqls).map((sql) => sql.end({ timeout: 2 })));
      rmSync(folder, { recursive: true });
      await Promise.all(Object.values(databases).map((database) => database.stop()));
    },
  };
}
