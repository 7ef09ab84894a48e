import {
  bytesToHex,
  decodeShape,
  encodeShape,
  GATE_ROUTES,
  type Route,
  type Shaped,
} from "@sinetti/core";
import { Hono, type Context } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";

import { assembleGate, type Gate, type GateDeps } from "./gate.ts";
import { allow, problemResponse, Refusal, toRefusal } from "./problem.ts";
import { RequestBody } from "./requestBody.ts";
import type { Handler } from "./routes/exchange.ts";
import {
  HANDLERS,
  SIGNERS,
  WHILE_RESTORED,
  type OtherRoute,
  type SignedRoute,
} from "./routes/handlers.ts";
import { openHints } from "./routes/hints.ts";
import { answerInvitation, getInvitation } from "./routes/invitationSlip.ts";
import { createPractice } from "./routes/practiceCreate.ts";
import { getRendezvous, putRendezvous } from "./routes/rendezvous.ts";
import { checkMoving } from "./stillness.ts";
import { readSignedBody, verifySignedRequest, type IncomingRequest } from "./signedRequest.ts";

export { openDatabase, type Sql } from "./store/database.ts";
export { exportRun } from "./rebuild/exportRun.ts";
export { importRun, type TakenRun } from "./rebuild/importRun.ts";
export { markRestored } from "./rebuild/markRestored.ts";
export { migrate } from "./store/migrate.ts";
export { systemClock, type Clock } from "./clock.ts";
export { InstallationCode } from "./installationCode.ts";
export { createLog, silentLog, type Log } from "./log.ts";
export type { GateDeps, GateKeys } from "./gate.ts";

/** Under Node's server the connection is at hand; in-process there is none. */
interface Bindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
}
type Routes = typeof GATE_ROUTES;
type App = Hono<{ Bindings: Bindings; Variables: { route: string; cause: unknown } }>;
type Call = Context<{ Bindings: Bindings; Variables: { route: string; cause: unknown } }>;

const REQUEST_HEADERS = [
  "content-type",
  "content-digest",
  "sinetti-service",
  "signature-input",
  "signature",
];
const PREFLIGHT_SECONDS = 600;

function addressOf(call: Call): string {
  return call.env?.incoming?.socket?.remoteAddress ?? "in-process";
}

/** Answers a request whose body is not read yet; when it is answered, nobody holds the body. */
async function serve(
  call: Call,
  gate: Gate,
  {
    route,
    name,
    answer,
  }: {
    route: Route<unknown, unknown>;
    name: string;
    answer: (incoming: IncomingRequest) => Promise<Response>;
  },
): Promise<Response> {
  call.set("route", name);
  const address = addressOf(call);
  allow(gate.byAddress.take(address), "rate-limited");
  const body = new RequestBody(call.req.raw, route.maxBytes);
  const header = (field: string): string | undefined => call.req.header(field);
  const time = gate.clock.now();
  try {
    return await answer({ path: route.path, header, body, address, time });
  } finally {
    body.release();
  }
}

function respond<A>(route: Route<unknown, A>, answer: A): Response {
  const body = encodeShape(route.answer, answer) as Uint8Array<ArrayBuffer>;
  return new Response(body, { headers: { "content-type": "application/cbor" } });
}

function serveSigned<Q, A>(
  app: App,
  gate: Gate,
  { route, name, handler }: { route: Route<Q, A>; name: SignedRoute; handler: Handler<Q, A> },
): void {
  const signers = SIGNERS[name] ?? ["device"];
  const mayBeStill = WHILE_RESTORED.has(name);
  const answer = async (incoming: IncomingRequest): Promise<Response> => {
    const request = await verifySignedRequest(gate, incoming, { signers, mayBeStill });
    if (!mayBeStill) await checkMoving(gate, request.practice);
    const bytes = await readSignedBody(gate, incoming, request);
    const body = decodeShape(route.request, bytes, route.maxBytes);
    return respond(route, await handler({ gate, request, body }));
  };
  app.post(route.path, (call) => serve(call, gate, { route, name, answer }));
}

/** The route whose answer goes on. */
function serveHints(app: App, gate: Gate): void {
  const { hints: route } = GATE_ROUTES;
  const answer = async (incoming: IncomingRequest): Promise<Response> => {
    const checked = { signers: ["device"] as const, mayBeStill: false };
    const request = await verifySignedRequest(gate, incoming, checked);
    await checkMoving(gate, request.practice);
    decodeShape(route.request, await readSignedBody(gate, incoming, request), route.maxBytes);
    return new Response(await openHints(gate, request), {
      // A proxy that gathered the answer would keep every hint until the end.
      headers: { "content-type": "application/cbor-seq", "x-accel-buffering": "no" },
    });
  };
  app.post(route.path, (call) => serve(call, gate, { route, name: "hints", answer }));
}

/** A route of somebody whom no chain names yet. */
function serveUnsigned<K extends Exclude<OtherRoute, "practiceCreate" | "hints">>(
  app: App,
  gate: Gate,
  {
    name,
    answer,
  }: {
    name: K;
    answer: (asked: {
      gate: Gate;
      address: string;
      body: Shaped<Routes[K]["request"]>;
    }) => Shaped<Routes[K]["answer"]> | Promise<Shaped<Routes[K]["answer"]>>;
  },
): void {
  const route = GATE_ROUTES[name] as unknown as Route<
    Shaped<Routes[K]["request"]>,
    Shaped<Routes[K]["answer"]>
  >;
  const answerIt = async ({ body: unread, address }: IncomingRequest): Promise<Response> => {
    const reading = { budget: gate.unsignedBodies, name: address, digest: null };
    const body = decodeShape(route.request, await unread.read(reading), route.maxBytes);
    return respond(route, await answer({ gate, address, body }));
  };
  app.post(route.path, (call) => serve(call, gate, { route, name, answer: answerIt }));
}

function serveRoutes(app: App, gate: Gate): void {
  for (const name of Object.keys(HANDLERS) as SignedRoute[]) {
    const handler = HANDLERS[name] as Handler<unknown, unknown>;
    serveSigned(app, gate, { route: GATE_ROUTES[name], name, handler });
  }
  const { practiceCreate } = GATE_ROUTES;
  const create = async (incoming: IncomingRequest): Promise<Response> =>
    respond(practiceCreate, await createPractice(gate, incoming));
  app.post(practiceCreate.path, (call) =>
    serve(call, gate, { route: practiceCreate, name: "practiceCreate", answer: create }),
  );
  serveHints(app, gate);
  serveUnsigned(app, gate, { name: "rendezvousPut", answer: putRendezvous });
  serveUnsigned(app, gate, { name: "rendezvousGet", answer: getRendezvous });
  serveUnsigned(app, gate, { name: "invitationGet", answer: getInvitation });
  serveUnsigned(app, gate, { name: "invitationAnswer", answer: answerInvitation });
}

function servePublic(app: App, gate: Gate): void {
  app.get("/healthz", async (call) => {
    await gate.sql`select 1`;
    return call.json({ ok: true });
  });
  app.get("/metrics", async (call) => call.text(await gate.metrics.registry.metrics()));
  app.get("/.well-known/sinetti", (call) =>
    call.json({ v: 1, service: "gate", key: bytesToHex(gate.publicKey) }),
  );
}

/** One line for each request: what was asked and how it ended, never by whom or about what. */
function observe(app: App, gate: Gate): void {
  app.use(async (call, next) => {
    const from = gate.clock.monotonic();
    await next();
    const { status } = call.res;
    const route = call.get("route") ?? "other";
    const seconds = Math.max(0, gate.clock.monotonic() - from);
    gate.metrics.countRequest(route, { status, seconds });
    const line = { request: crypto.randomUUID(), route, status, ms: Math.round(seconds * 1000) };
    if (status < 500) return gate.log.info(line);
    const cause = call.get("cause");
    // The kind of fault and where it arose; its text could carry what the request carried.
    const where =
      cause instanceof Error ? cause.stack?.split("\n").slice(1, 8).join("\n") : undefined;
    gate.log.error({ ...line, fault: cause instanceof Error ? cause.name : typeof cause, where });
  });
}

/** The gate as an application: `app.request()` in-process, or behind a server. */
export function createGate(deps: GateDeps): App {
  const gate = assembleGate(deps);
  const app: App = new Hono();
  observe(app, gate);
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"] } }));
  app.use(async (call, next) => {
    await next();
    call.res.headers.set("cache-control", "no-store");
  });
  const crossOrigin = cors({
    origin: [...deps.origins],
    allowMethods: ["POST", "GET"],
    allowHeaders: REQUEST_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  // Only browsers say where they come from; for others it would copy every answer into a stream to add one header.
  app.use((call, next) =>
    call.req.header("origin") === undefined ? next() : crossOrigin(call, next),
  );
  serveRoutes(app, gate);
  servePublic(app, gate);
  app.notFound(() => problemResponse(new Refusal("unknown-route")));
  app.onError((error, call) => {
    const refusal = toRefusal(error);
    call.set("cause", refusal.cause ?? error);
    return problemResponse(refusal);
  });
  return app;
}
