import {
  CoreError,
  WIRE,
  decodeShape,
  encodeShape,
  generateNonce,
  hashRequest,
  hexToBytes,
  problemShape,
  requestHeaders,
  requestSignatureBase,
  serviceKeyId,
  type Author,
  type Hash,
  type PracticeId,
  type Route,
  type ServiceName,
  type SignPublicKey,
} from "@sinetti/core";
import { ClientError, ServiceRefusal, hardStop } from "./errors.ts";
import type { World } from "./world.ts";

/** Where the services are; addresses are never trusted, keys come from the chain. */
export type Endpoints = Readonly<Record<ServiceName, string>>;

/** Who signs requests, and how: the key may be one that cannot leave the platform. */
export interface Caller {
  readonly practice: PracticeId;
  readonly author: Author;
  sign(base: Uint8Array): Promise<Uint8Array>;
}

/** What a call gave, with the hash that answers and receipts name it by. */
export interface Called<A> {
  readonly answer: A;
  readonly request: Hash;
}

/** The three services as one caller reaches them. */
export class Services {
  readonly #world: World;
  readonly #endpoints: Endpoints;
  readonly #keys: () => Readonly<Record<ServiceName, SignPublicKey>>;
  readonly #caller: Caller;

  /** Services as `caller` reaches them, with the keys that its chain names now. */
  constructor(
    world: World,
    options: {
      endpoints: Endpoints;
      keys: () => Readonly<Record<ServiceName, SignPublicKey>>;
      caller: Caller;
    },
  ) {
    this.#world = world;
    this.#endpoints = options.endpoints;
    this.#keys = options.keys;
    this.#caller = options.caller;
  }

  /** The same services as another caller reaches them. */
  as(caller: Caller): Services {
    return new Services(this.#world, { endpoints: this.#endpoints, keys: this.#keys, caller });
  }

  /** Calls a route. Errors: `unreachable`, ServiceRefusal, `verification-failed` for an answer out of shape. */
  async call<Q, A>(
    service: ServiceName,
    route: Route<Q, A>,
    body: Q,
    nonce: Uint8Array = generateNonce(),
  ): Promise<Called<A>> {
    const { bytes, base, headers } = await this.#sign(service, route, { body, nonce });
    const answer = await post(this.#world, this.#endpoints[service], {
      service,
      route,
      bytes,
      headers,
    });
    return { answer, request: hashRequest(base) };
  }

  /** Opens a route whose answer goes on. Errors as of `call`. */
  async open<Q>(
    service: ServiceName,
    route: Route<Q, unknown>,
    { request, signal }: { request: Q; signal: AbortSignal },
  ): Promise<ReadableStream<Uint8Array>> {
    const { bytes, headers } = await this.#sign(service, route, {
      body: request,
      nonce: generateNonce(),
    });
    const response = await send(this.#world, this.#endpoints[service] + route.path, {
      service,
      init: { headers, body: bytes as Uint8Array<ArrayBuffer>, signal },
    });
    if (response.ok && response.body !== null) return response.body;
    throw refusalIn(response, { service, bytes: await bytesOf(response, service) });
  }

  async #sign<Q>(
    service: ServiceName,
    route: Route<Q, unknown>,
    { body, nonce }: { body: Q; nonce: Uint8Array },
  ): Promise<{ bytes: Uint8Array; base: Uint8Array; headers: Record<string, string> }> {
    const bytes = encodeShape(route.request, body);
    const parameters = {
      path: route.path,
      service: serviceKeyId(this.#keys()[service]),
      created: Math.floor(this.#world.clock.now()),
      nonce,
      keyId: { practice: this.#caller.practice, author: this.#caller.author },
    };
    const base = requestSignatureBase(parameters, bytes);
    const signature = await this.#caller.sign(base);
    const headers = {
      "content-type": "application/cbor",
      ...requestHeaders(parameters, bytes, signature),
    };
    return { bytes, base, headers };
  }
}

async function send(
  world: World,
  url: string,
  { service, init }: { service: ServiceName; init: RequestInit },
): Promise<Response> {
  try {
    return await world.fetch(url, { method: "POST", ...init });
  } catch (cause) {
    throw new ClientError("unreachable", { detail: service, cause });
  }
}

async function bytesOf(response: Response, service: ServiceName): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new ClientError("unreachable", { detail: service, cause });
  }
}

/** Why a service did not answer. */
function refusalIn(
  response: Response,
  { service, bytes }: { service: ServiceName; bytes: Uint8Array },
): ClientError {
  if (response.headers.get("content-type")?.startsWith("application/problem+cbor") !== true)
    return new ClientError("unreachable", { detail: service });
  const problem = inShape(service, () => decodeShape(problemShape, bytes));
  if (problem.code === "restored") return new ClientError("restored", { detail: service });
  if (problem.code === "unavailable") return new ClientError("unreachable", { detail: service });
  return new ServiceRefusal(service, problem.code, problem.index ?? null);
}

function inShape<T>(service: ServiceName, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CoreError) throw hardStop(`${service}: answer out of shape`, error);
    throw error;
  }
}

async function post<Q, A>(
  world: World,
  base: string,
  call: {
    service: ServiceName;
    route: Route<Q, A>;
    bytes: Uint8Array;
    headers: Record<string, string>;
  },
): Promise<A> {
  const { service, route, headers } = call;
  const response = await send(world, base + route.path, {
    service,
    init: { headers, body: call.bytes as Uint8Array<ArrayBuffer> },
  });
  const bytes = await bytesOf(response, service);
  const isProblem =
    response.headers.get("content-type")?.startsWith("application/problem+cbor") === true;
  if (isProblem || !response.ok) throw refusalIn(response, { service, bytes });
  return inShape(service, () => decodeShape(route.answer, bytes));
}

/** Calls a route that nobody signs (device ceremonies). */
export async function callUnsigned<Q, A>(
  world: World,
  endpoints: Endpoints,
  call: { service: ServiceName; route: Route<Q, A>; body: Q },
): Promise<A> {
  const { service, route } = call;
  const bytes = encodeShape(route.request, call.body);
  return post(world, endpoints[service], {
    service,
    route,
    bytes,
    headers: { "content-type": "application/cbor" },
  });
}

async function getJson(
  world: Pick<World, "fetch">,
  url: string,
  detail: string,
): Promise<Record<string, unknown>> {
  try {
    const response = await world.fetch(url, { method: "GET" });
    if (!response.ok) throw new ClientError("unreachable", { detail });
    return (await response.json()) as Record<string, unknown>;
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    throw new ClientError("unreachable", { detail, cause });
  }
}

/** Hosts from before versions were said speak the first one. Errors: `other-version`, `verification-failed`. */
function checkWire(wire: unknown): void {
  if (wire === undefined) return;
  const { oldest, newest } = (wire ?? {}) as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(oldest) || !Number.isSafeInteger(newest))
    throw hardStop("server: versions out of shape");
  if (Number(oldest) > WIRE.newest || Number(newest) < WIRE.newest)
    throw new ClientError("other-version", {
      detail: `they: ${Number(oldest)} to ${Number(newest)}, this program: ${WIRE.newest}`,
    });
}

/** TLS, or nothing that a network carries. */
function isSafeAddress({ protocol, hostname }: URL): boolean {
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return protocol === "https:" || (protocol === "http:" && isLocal);
}

/** Asks the launcher or static host where the services are. Errors: `unreachable`, `other-version`, `verification-failed`. */
export async function findEndpoints(
  world: Pick<World, "fetch">,
  server: string,
): Promise<Endpoints> {
  const found = await getJson(world, `${server.replace(/\/$/, "")}/.well-known/sinetti`, "server");
  checkWire(found["wire"]);
  const url = (name: string): string => {
    const value = found[name];
    if (typeof value !== "string" || !URL.canParse(value))
      throw hardStop("server: addresses out of shape");
    if (!isSafeAddress(new URL(value))) throw hardStop("server: a service without TLS");
    return value.replace(/\/$/, "");
  };
  return { who: url("vaultWho"), what: url("vaultWhat"), gate: url("gate") };
}

/** The keys that the services say are theirs: used once, when a practice is created and its genesis fixes them. */
export async function readServiceKeys(
  world: World,
  endpoints: Endpoints,
): Promise<Record<ServiceName, SignPublicKey>> {
  const read = async (service: ServiceName): Promise<SignPublicKey> => {
    const found = await getJson(world, `${endpoints[service]}/.well-known/sinetti`, service);
    if (
      found["service"] !== service ||
      typeof found["key"] !== "string" ||
      !/^[0-9a-f]{64}$/.test(found["key"])
    )
      throw hardStop(`${service}: identity out of shape`);
    return hexToBytes(found["key"]) as SignPublicKey;
  };
  const [who, what, gate] = await Promise.all([read("who"), read("what"), read("gate")]);
  return { who, what, gate };
}
