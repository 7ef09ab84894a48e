import { WIRE, bytesToHex } from "@sinetti/core";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";

import { assembleGate, type Gate, type GateDeps } from "./gate.ts";
import { mayReadMetrics } from "./metricsAccess.ts";
import { problemResponse, Refusal, toRefusal } from "./problem.ts";
import { serveRoutes, type App } from "./serveRoutes.ts";

export { openDatabase, type Sql } from "./store/database.ts";
export { exportRun } from "./rebuild/exportRun.ts";
export { importRun, type TakenRun } from "./rebuild/importRun.ts";
export { markRestored } from "./rebuild/markRestored.ts";
export { migrate } from "./store/migrate.ts";
export { systemClock, type Clock } from "./clock.ts";
export { InstallationCode } from "./installationCode.ts";
export { createLog, silentLog, type Log } from "./log.ts";
export type { GateDeps, GateKeys } from "./gate.ts";

const REQUEST_HEADERS = [
  "content-type",
  "content-digest",
  "sinetti-service",
  "signature-input",
  "signature",
];
const PREFLIGHT_SECONDS = 600;

function servePublic(app: App, gate: Gate, metricsToken: string | null): void {
  app.get("/healthz", async (call) => {
    await gate.sql`select 1`;
    return call.json({ ok: true });
  });
  app.get("/metrics", async (call) => {
    const header = (name: string): string | undefined => call.req.header(name);
    const address = call.env?.incoming?.socket?.remoteAddress;
    if (!mayReadMetrics({ address, header }, metricsToken))
      return problemResponse(new Refusal("unknown-route"));
    return call.text(await gate.metrics.registry.metrics());
  });
  app.get("/.well-known/sinetti", (call) =>
    call.json({ v: 1, wire: WIRE, service: "gate", key: bytesToHex(gate.publicKey) }),
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
  servePublic(app, gate, deps.metricsToken ?? null);
  app.notFound(() => problemResponse(new Refusal("unknown-route")));
  app.onError((error, call) => {
    const refusal = toRefusal(error);
    call.set("cause", refusal.cause ?? error);
    return problemResponse(refusal);
  });
  return app;
}
