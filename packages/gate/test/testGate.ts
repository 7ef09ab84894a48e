import { randomBytes as nodeRandom } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  decodeShape,
  encodeShape,
  GATE_ROUTES,
  generateNonce,
  hashRequest,
  problemShape,
  requestHeaders,
  requestSignatureBase,
  serviceKeyId,
  type Author,
  type Hash,
  type PracticeId,
  type ProblemCode,
  type RequestHeaders,
  type RequestParameters,
  type Route,
  type Shaped,
} from "@sinetti/core";
import {
  gateEncryptionKey,
  gateLookupKey,
  generateSignKey,
  type SignKey,
} from "@sinetti/core/service";
import { signRequest } from "@sinetti/core/secret";

import { loadSuite } from "../../../tools/testPractice.ts";
import { openTestDatabase, type TestDatabase } from "../../../tools/testDatabase.ts";
import {
  createGate,
  InstallationCode,
  migrate,
  openDatabase,
  silentLog,
  type GateDeps,
  type Sql,
} from "../src/app.ts";

export const ORIGIN = "http://localhost:4600";
type Routes = typeof GATE_ROUTES;
type RouteName = keyof Routes;
type Request<K extends RouteName> = Shaped<Routes[K]["request"]>;
type Answer<K extends RouteName> = Shaped<Routes[K]["answer"]>;

/** A clock that moves when a test says so. */
export class TestClock {
  time = 1_790_000_000;
  elapsed = 0;
  now = (): number => this.time;
  monotonic = (): number => this.elapsed;
  /** Both clocks, as time does. */
  pass(seconds: number): void {
    this.time += seconds;
    this.elapsed += seconds;
  }
}

/** Who signs: a member's device, or any author with a key. */
export interface Signer {
  readonly practice: PracticeId;
  readonly author: Author;
  readonly key: SignKey;
}

/** What a refused request said. */
export class Refused extends Error {
  readonly code: ProblemCode;
  readonly index: number | undefined;
  readonly status: number;
  constructor(code: ProblemCode, { index, status }: { index: number | undefined; status: number }) {
    super(code);
    this.code = code;
    this.index = index;
    this.status = status;
  }
}

type More = Pick<GateDeps, "bodies" | "hints" | "stopping" | "postureFile">;

/** One gate in this process, on its own database, with a device's half of the protocol. */
export class TestGate {
  readonly clock = new TestClock();
  readonly keys: {
    service: SignKey;
    encryption: ReturnType<typeof gateEncryptionKey>;
    lookup: ReturnType<typeof gateLookupKey>;
  };
  readonly codeFile: string;
  readonly statements: string[] = [];
  readonly database: TestDatabase;
  readonly owner: Sql;
  readonly sql: Sql;
  readonly app: ReturnType<typeof createGate>;
  private readonly folder: string;

  private constructor(database: TestDatabase, more: More) {
    this.database = database;
    this.folder = mkdtempSync(join(tmpdir(), "sinetti-gate-"));
    this.codeFile = join(this.folder, "installation.code");
    writeFileSync(this.codeFile, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE\n");
    chmodSync(this.codeFile, 0o600);
    this.keys = {
      service: generateSignKey(),
      encryption: gateEncryptionKey(nodeRandom(32)),
      lookup: gateLookupKey(nodeRandom(32)),
    };
    this.owner = openDatabase(database.ownerUrl, { max: 1 });
    this.sql = openDatabase(database.appUrl, {
      max: 6,
      debug: (query) => this.statements.push(query),
    });
    this.app = this.assemble(more);
  }

  static async open(more: More = {}): Promise<TestGate> {
    await loadSuite();
    const gate = new TestGate(await openTestDatabase(), more);
    await migrate(gate.owner);
    return gate;
  }

  /** Another process of the same gate. */
  assemble(more: More = {}): ReturnType<typeof createGate> {
    return createGate({
      ...more,
      sql: this.sql,
      keys: this.keys,
      clock: this.clock,
      origins: [ORIGIN],
      log: silentLog,
      installationCode: new InstallationCode(this.codeFile),
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.owner.end({ timeout: 5 }), this.sql.end({ timeout: 5 })]);
    await this.database.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readCode(): string {
    return readFileSync(this.codeFile, "utf8").trim();
  }

  sign(
    signer: Signer,
    path: string,
    body: Uint8Array,
    change: Partial<RequestParameters> = {},
  ): {
    headers: RequestHeaders;
    hash: Hash;
  } {
    const parameters: RequestParameters = {
      path,
      service: serviceKeyId(this.keys.service.publicKey),
      created: this.clock.now(),
      nonce: generateNonce(),
      keyId: { practice: signer.practice, author: signer.author },
      ...change,
    };
    const base = requestSignatureBase(parameters, body);
    const signature = signRequest(signer.key, base);
    return { headers: requestHeaders(parameters, body, signature), hash: hashRequest(base) };
  }

  async send(
    path: string,
    body: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.app.request(path, {
      method: "POST",
      body: body as Uint8Array<ArrayBuffer>,
      headers: { "content-type": "application/cbor", ...headers },
    });
  }

  /** The answer to a signed request; a problem is thrown as `Refused`. */
  async call<K extends RouteName>(
    signer: Signer,
    name: K,
    request: Request<K>,
    change: Partial<RequestParameters> = {},
  ): Promise<Answer<K> & { requestHash: Hash }> {
    const route = GATE_ROUTES[name] as unknown as Route<Request<K>, Answer<K>>;
    const body = encodeShape(route.request, request);
    const { headers, hash } = this.sign(signer, route.path, body, change);
    const response = await this.send(route.path, body, { ...headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.status !== 200) {
      const { code, index } = decodeShape(problemShape, bytes);
      throw new Refused(code, { index, status: response.status });
    }
    return { ...decodeShape(route.answer, bytes), requestHash: hash };
  }
}
