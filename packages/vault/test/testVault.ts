import {
  VAULT_ROUTES,
  decodeShape,
  encodeShape,
  generateNonce,
  problemShape,
  requestHeaders,
  requestSignatureBase,
  serviceKeyId,
  type Author,
  type Problem,
  type Route,
  type SignPublicKey,
} from "@sinetti/core";
import { generateSignKey, signRequest, type SignKey } from "@sinetti/core/secret";
import { pino } from "pino";
import type postgres from "postgres";

import { openTestDatabase, type TestDatabase } from "../../../tools/testDatabase.ts";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import { createVault, migrate, openSql, type VaultDeps } from "../src/app.ts";

/** Monday 2026-11-16, noon. */
const START = 1_794_830_400;

/** Who signs a request, and with what. */
export interface Signer {
  readonly author: Author;
  readonly key: SignKey;
}

export interface Sent {
  readonly practice: string;
  readonly signer: Signer;
  readonly created?: number;
  readonly service?: string;
}

export type Reply<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly problem: Problem };

export function deviceOf({ device, request }: TestMember): Signer {
  return { author: { by: "device", id: device }, key: request };
}

export function kitOf({ member, kit }: TestMember): Signer {
  return { author: { by: "kit", id: member }, key: kit };
}

/** A vault on a database of its own, with the gate that a test signs for. */
export class TestVault {
  readonly service: "who" | "what";
  readonly gate: SignKey;
  readonly key: SignPublicKey;
  readonly database: TestDatabase;
  readonly sql: postgres.Sql;
  /** Statements since the last reset. */
  readonly queries: string[] = [];
  readonly logged: string[] = [];
  now = START;
  readonly app: ReturnType<typeof createVault>;

  private constructor(
    service: "who" | "what",
    made: {
      database: TestDatabase;
      limits?: VaultDeps["limits"];
      gate?: SignKey;
      key?: SignPublicKey;
      stopping?: AbortSignal;
      postureFile?: string;
    },
  ) {
    this.service = service;
    this.database = made.database;
    this.gate = made.gate ?? generateSignKey();
    this.key = made.key ?? generateSignKey().publicKey;
    this.sql = openSql(made.database.appUrl, { onQuery: (text) => this.queries.push(text) });
    this.app = createVault({
      sql: this.sql,
      keys: { service: this.key, gate: this.gate.publicKey },
      clock: { now: () => this.now, monotonic: () => this.now },
      service,
      origins: ["https://app.example"],
      limits: made.limits ?? {},
      ...(made.stopping === undefined ? {} : { stopping: made.stopping }),
      postureFile: made.postureFile ?? null,
      log: pino({ base: null }, { write: (line: string) => void this.logged.push(line) }),
    });
  }

  static async open(service: "who" | "what", limits: VaultDeps["limits"] = {}): Promise<TestVault> {
    await loadSuite();
    const database = await openTestDatabase();
    const owner = openSql(database.ownerUrl, { max: 1 });
    await migrate(owner);
    await owner.end();
    return new TestVault(service, { database, limits });
  }

  /** Another process of the same vault: same keys, same database, its own memory. */
  twin(more: { stopping?: AbortSignal; postureFile?: string } = {}): TestVault {
    const { database, gate, key } = this;
    return new TestVault(this.service, { database, gate, key, ...more });
  }

  async close(): Promise<void> {
    await this.sql.end({ timeout: 5 });
    await this.database.stop();
  }

  /** A practice that this vault and its gate keep, handed over. */
  async practice(
    options: ConstructorParameters<typeof TestPractice>[0] = {},
  ): Promise<TestPractice> {
    const practice = this.strangePractice(options);
    await this.handOver(practice);
    return practice;
  }

  /** A practice that names this vault and gate and that the vault has not seen. */
  strangePractice(options: ConstructorParameters<typeof TestPractice>[0] = {}): TestPractice {
    const week = Math.floor((this.now / 86_400 - 4) / 7);
    return new TestPractice({
      services: { [this.service]: this.key },
      gate: this.gate,
      week,
      ...options,
    });
  }

  /** Hands the whole chain of a practice to the vault. */
  async handOver(practice: TestPractice): Promise<void> {
    const sent = { practice: practice.id, signer: deviceOf(practice.founder) };
    await this.done(VAULT_ROUTES.practiceTake, { links: practice.links }, sent);
  }

  /** Sends what must succeed. */
  async done<Q, A>(route: Route<Q, A>, request: Q, sent: Sent): Promise<A> {
    const reply = await this.send(route, request, sent);
    if (!reply.ok) throw new Error(`${route.path}: ${reply.problem.code} ${reply.problem.index}`);
    return reply.value;
  }

  /** Reads the database as its superuser, past every policy. */
  async asSuper<T>(read: (sql: postgres.Sql) => Promise<T>): Promise<T> {
    const sql = openSql(this.database.superUrl, { max: 1 });
    try {
      return await read(sql);
    } finally {
      await sql.end();
    }
  }

  /** What was asked of the database, but for beginnings and ends of transactions. */
  statements(): string[] {
    return this.queries.filter((text) => !/^(begin|commit|rollback)/.test(text));
  }

  raw(path: string, init: RequestInit): Promise<Response> {
    return Promise.resolve(this.app.request(path, init));
  }

  sign(path: string, body: Uint8Array, sent: Sent): Record<string, string> {
    const parameters = {
      path,
      service: sent.service ?? serviceKeyId(this.key),
      created: sent.created ?? this.now,
      nonce: generateNonce(),
      keyId: { practice: sent.practice as TestPractice["id"], author: sent.signer.author },
    };
    const signature = signRequest(sent.signer.key, requestSignatureBase(parameters, body));
    return {
      "content-type": "application/cbor",
      ...requestHeaders(parameters, body, signature),
    };
  }

  async send<Q, A>(route: Route<Q, A>, request: Q, sent: Sent): Promise<Reply<A>> {
    const body = encodeShape(route.request, request);
    const headers = this.sign(route.path, body, sent);
    return readReply(
      route,
      await this.raw(route.path, { method: "POST", headers, body: new Uint8Array(body) }),
    );
  }
}

export async function readReply<Q, A>(route: Route<Q, A>, response: Response): Promise<Reply<A>> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.ok) return { ok: true, value: decodeShape(route.answer, bytes) };
  return { ok: false, problem: decodeShape(problemShape, bytes) };
}
