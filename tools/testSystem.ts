import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import postgres from "postgres";

import {
  RunReader,
  SERVICES,
  bytesToId,
  encodeRunFrame,
  weekOf,
  type PracticeId,
  type RestoreId,
  type RunFrame,
  type ServiceName,
} from "@sinetti/core";
import {
  gateEncryptionKey,
  gateLookupKey,
  generateSignKey,
  signKeyFromSeed,
} from "@sinetti/core/service";
import {
  InstallationCode,
  createGate,
  exportRun as exportGateRun,
  importRun as importGateRun,
  markRestored as markGateRestored,
  migrate as migrateGate,
  silentLog,
  type TakenRun as GateRun,
} from "@sinetti/gate/app";
import {
  createVault,
  exportRun as exportVaultRun,
  importRun as importVaultRun,
  markRestored as markVaultRestored,
  migrate as migrateVault,
  type TakenRun as VaultRun,
} from "@sinetti/vault/app";

import { databaseUrlToOptions } from "../packages/cli/src/start/databaseUrl.ts";
import { copyTestDatabase, openTestDatabase, type TestDatabase } from "./testDatabase.ts";
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

type App = {
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  fetch(request: Request): Response | Promise<Response>;
};

/** The three real services in this process, each on a database of its own, reached without sockets. */
export interface TestSystem {
  readonly clock: TestClock;
  readonly endpoints: { who: string; what: string; gate: string };
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** What a service answers by its own table: `POST /v1/status` and so on. */
  readonly routesOf: (service: ServiceName) => readonly string[];
  readonly databases: Record<ServiceName, TestDatabase>;
  /** What root on the gate's machine reads from its files of keys. */
  readonly gateSeeds: { readonly encryption: Uint8Array; readonly service: Uint8Array };
  /** The installation code that is good now. */
  readonly code: () => string;
  /** SQL statements since the last call, by service, in order; BEGIN and COMMIT among them. */
  readonly takeStatements: () => Record<ServiceName, string[]>;
  /** Remembers what a service holds now; the answer puts it back, as a backup does, in a new process. */
  keep(service: ServiceName): Promise<() => Promise<void>>;
  /** Takes a service's database away and gives it an empty one. */
  lose(service: ServiceName): Promise<void>;
  /** What a service hands another one after a restore; `change` is a hostile one's work. */
  handOver(practice: PracticeId, options: HandOver): Promise<VaultRun | GateRun>;
  /** Marks a practice as restored in these services; gives the run. */
  markRestored(practice: PracticeId, services: readonly ServiceName[]): Promise<RestoreId>;
  stop(): Promise<void>;
}

/** Who hands what it holds to whom. */
export interface HandOver {
  readonly from: ServiceName;
  readonly to: ServiceName;
  readonly change?: (frame: RunFrame) => RunFrame[];
}

/** Where the web client of a test would stand. */
export const TEST_ORIGIN = "http://localhost:4600";
const ENDPOINTS = {
  who: "http://who.test",
  what: "http://what.test",
  gate: "http://gate.test",
} as const;

async function* changeRun(
  run: AsyncIterable<Uint8Array>,
  change: (frame: RunFrame) => RunFrame[],
): AsyncGenerator<Uint8Array> {
  const reader = new RunReader();
  for await (const bytes of run)
    for (const frame of reader.take(bytes)) yield* change(frame).map(encodeRunFrame);
}

/** Starts the services on fresh databases; in the folder `boards` each is told what was found of its own, `posture.who.cbor`. */
export async function startTestSystem(
  clock: TestClock = new TestClock(),
  { boards }: { boards?: string } = {},
): Promise<TestSystem> {
  await loadSuite();
  const log = pino({ level: "silent" });
  const statements: Record<ServiceName, string[]> = { who: [], what: [], gate: [] };
  const databases = {
    who: await openTestDatabase(),
    what: await openTestDatabase(),
    gate: await openTestDatabase(),
  };
  const open = (service: ServiceName): postgres.Sql =>
    postgres({
      ...databaseUrlToOptions(databases[service].appUrl),
      max: 8,
      onnotice: () => undefined,
      debug: (_connection, query) => statements[service].push(query),
    });
  const sqls = { who: open("who"), what: open("what"), gate: open("gate") };
  const gateSeeds = { encryption: randomBytes(32), service: randomBytes(32) };
  const keys = {
    who: generateSignKey(),
    what: generateSignKey(),
    gate: signKeyFromSeed(Uint8Array.from(gateSeeds.service)),
  };
  const migrate = async (service: ServiceName): Promise<void> => {
    const owner = postgres({
      ...databaseUrlToOptions(databases[service].ownerUrl),
      max: 1,
      onnotice: () => undefined,
    });
    await (service === "gate" ? migrateGate(owner) : migrateVault(owner));
    await owner.end();
  };
  for (const service of SERVICES) await migrate(service);
  const folder = mkdtempSync(join(tmpdir(), "sinetti-test-"));
  const codeFile = join(folder, "installation.code");
  const installationCode = new InstallationCode(codeFile);
  installationCode.replace();
  const boardOf = (service: ServiceName): string | null =>
    boards === undefined ? null : join(boards, `posture.${service}.cbor`);
  const vault = (service: "who" | "what"): App =>
    createVault({
      sql: sqls[service],
      keys: { service: keys[service].publicKey, gate: keys.gate.publicKey },
      clock,
      service,
      origins: [],
      log,
      postureFile: boardOf(service),
    });
  const gateKeys = {
    service: keys.gate,
    encryption: gateEncryptionKey(gateSeeds.encryption),
    lookup: gateLookupKey(randomBytes(32)),
  };
  const gate = (): App =>
    createGate({
      sql: sqls.gate,
      keys: gateKeys,
      clock,
      origins: [TEST_ORIGIN],
      log: silentLog,
      installationCode,
      postureFile: boardOf("gate"),
    });
  const make = (service: ServiceName): App => (service === "gate" ? gate() : vault(service));
  const apps: Record<string, App> = {};
  for (const service of SERVICES) apps[ENDPOINTS[service]] = make(service);
  const left: TestDatabase[] = [];
  const replace = async (service: ServiceName, database: TestDatabase): Promise<void> => {
    await sqls[service].end({ timeout: 2 });
    left.push(databases[service]);
    databases[service] = database;
    sqls[service] = open(service);
    apps[ENDPOINTS[service]] = make(service);
  };
  const exportFrom = (practice: PracticeId, { from, to }: HandOver): AsyncIterable<Uint8Array> => {
    if (from !== "gate") return exportVaultRun(sqls[from], practice);
    if (to === "gate") throw new TypeError("to a vault");
    return exportGateRun({ sql: sqls.gate, practice, vault: to });
  };
  return {
    clock,
    endpoints: ENDPOINTS,
    databases,
    gateSeeds,
    code: () => readFileSync(codeFile, "utf8").trim(),
    fetch: async (url, init) => {
      const app = apps[new URL(url).origin];
      if (app === undefined) throw new TypeError("no such service");
      return app.fetch(new Request(url, init));
    },
    routesOf: (service) =>
      (apps[ENDPOINTS[service]]?.routes ?? [])
        .filter(({ method }) => method !== "ALL")
        .map(({ method, path }) => `${method} ${path}`),
    takeStatements: () => {
      const taken = {
        who: statements.who.splice(0),
        what: statements.what.splice(0),
        gate: statements.gate.splice(0),
      };
      return taken;
    },
    keep: async (service) => {
      await sqls[service].end({ timeout: 2 });
      const kept = await copyTestDatabase(databases[service]);
      sqls[service] = open(service);
      apps[ENDPOINTS[service]] = make(service);
      return () => replace(service, kept);
    },
    lose: async (service) => {
      await replace(service, await openTestDatabase());
      await migrate(service);
    },
    handOver: async (practice, options) => {
      const { to, change } = options;
      const run = exportFrom(practice, options);
      const brought = change === undefined ? run : changeRun(run, change);
      const now = clock.now();
      if (to === "gate")
        return importGateRun(sqls.gate, { keys: gateKeys, practice, now }, brought);
      const trust = { service: to, key: keys[to].publicKey, gate: keys.gate.publicKey };
      return importVaultRun(sqls[to], { practice, trust, week: weekOf(now) }, brought);
    },
    markRestored: async (practice, services) => {
      const restore = bytesToId<RestoreId>(new Uint8Array(randomBytes(16)));
      for (const service of services) {
        if (service === "gate")
          await markGateRestored(sqls.gate, { practice, restore, now: clock.now() });
        else await markVaultRestored(sqls[service], { practice, restore });
        apps[ENDPOINTS[service]] = make(service);
      }
      return restore;
    },
    stop: async () => {
      await Promise.all(Object.values(sqls).map((sql) => sql.end({ timeout: 2 })));
      rmSync(folder, { recursive: true });
      await Promise.all([...Object.values(databases), ...left].map((database) => database.stop()));
    },
  };
}
