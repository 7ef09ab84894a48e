import { decodeShape, encodeShape, GATE_ROUTES, type Route, type Shaped } from "@sinetti/core";
import type { Context, Hono } from "hono";

import type { Gate } from "./gate.ts";
import { allow } from "./problem.ts";
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
import { senderOf } from "./sender.ts";
import { readSignedBody, verifySignedRequest, type IncomingRequest } from "./signedRequest.ts";
import { checkMoving } from "./stillness.ts";

type Routes = typeof GATE_ROUTES;
/** What goes along with a request; under Node's server the connection is at hand, in-process there is none. */
interface Environment {
  readonly Bindings: {
    readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
  };
  readonly Variables: { route: string; cause: unknown };
}
export type App = Hono<Environment>;
type Call = Context<Environment>;

function addressOf(call: Call): string {
  return senderOf(call.env?.incoming?.socket?.remoteAddress ?? "in-process");
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

/** Every POST route of the gate. */
export function serveRoutes(app: App, gate: Gate): void {
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
