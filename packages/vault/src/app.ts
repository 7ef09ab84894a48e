import { WIRE, bytesToHex, serviceKeyId } from "@sinetti/core";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";

import { AccessStates } from "./accessStates.ts";
import { commitAppends } from "./appendCommit.ts";
import { AppendQueue } from "./appendQueue.ts";
import { BodyBudget } from "./bodyBudget.ts";
import { FileMeter } from "./fileMeter.ts";
import { FileRows } from "./fileRows.ts";
import { HintStreams } from "./hintStreams.ts";
import { LookupMeter } from "./lookupMeter.ts";
import { makeMetrics } from "./metrics.ts";
import { mayReadMetrics } from "./metricsAccess.ts";
import { PostureFile } from "./postureFile.ts";
import { PracticeStates } from "./practiceStates.ts";
import { Refusal, problemResponse, refuse, toRefusal } from "./problem.ts";
import { RateLimit } from "./rateLimit.ts";
import { RequestBody } from "./requestBody.ts";
import { observeRequest, type Served } from "./requestLog.ts";
import { ENDPOINTS, type Endpoint } from "./routes.ts";
import { senderOf } from "./sender.ts";
import type { Limits, Vault, VaultDeps } from "./vault.ts";

export { exportRun } from "./catchUp/exportRun.ts";
export { importRun, type TakenRun } from "./catchUp/importRun.ts";
export { markRestored } from "./catchUp/markRestored.ts";
export { migrate } from "./migrate.ts";
export { openSql } from "./openSql.ts";
export type { VaultDeps } from "./vault.ts";

const MIB = 1024 * 1024;
const LIMITS: Limits = {
  device: { perSecond: 200, burst: 5000 },
  address: { perSecond: 1000, burst: 20_000 },
  signedBodies: { each: 64 * MIB, inAll: 512 * MIB },
  strangeBodies: { each: 8 * MIB, inAll: 32 * MIB },
  filesPerDay: 2000,
  lookupTokensPerDay: 400,
  hints: {
    perDevice: 4,
    perMember: 16,
    inAll: 5000,
    lifeSeconds: 900,
    beatMs: 20_000,
    gatherMs: 250,
  },
};
const PREFLIGHT_SECONDS = 600;
const SIGNED_HEADERS = ["content-digest", "sinetti-service", "signature-input", "signature"];

function makeVault(deps: VaultDeps): Vault {
  const { sql, keys, clock, service } = deps;
  const limits = { ...LIMITS, ...deps.limits };
  const hints: HintStreams = new HintStreams({
    clock,
    limits: limits.hints,
    renew: (practice) => practices.renew(practice),
  });
  const practices = new PracticeStates(sql, {
    onChange: (before, held) => hints.practiceChanged(before, held),
  });
  deps.stopping?.addEventListener("abort", () => hints.end());
  const parts = {
    sql,
    hints,
    practices,
    accessStates: new AccessStates(),
    fileRows: new FileRows(),
    posture: new PostureFile(deps.postureFile ?? null, service),
    metrics: makeMetrics({ hintStreams: () => hints.size }),
  };
  return {
    ...deps,
    ...parts,
    keyId: serviceKeyId(keys.service),
    trust: { service, key: keys.service, gate: keys.gate },
    appends: new AppendQueue(commitAppends(parts)),
    byDevice: new RateLimit(clock, limits.device),
    byAddress: new RateLimit(clock, limits.address),
    signedBodies: new BodyBudget(limits.signedBodies),
    strangeBodies: new BodyBudget(limits.strangeBodies),
    fileMeter: new FileMeter(clock, { limit: limits.filesPerDay }),
    lookupMeter: new LookupMeter(clock, { limit: limits.lookupTokensPerDay }),
  };
}

async function answer(vault: Vault, endpoint: Endpoint, served: Served): Promise<Response> {
  const { request, address } = served;
  if (!vault.byAddress.take(address)) refuse("rate-limited");
  if (request.headers.get("content-type") !== "application/cbor") refuse("malformed");
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  const body = new RequestBody(request, endpoint.maxBytes);
  const answered = await endpoint
    .answer(vault, { header, body, address })
    .finally(() => body.release());
  if (answered instanceof ReadableStream)
    return new Response(answered, {
      // A proxy that gathered the answer would keep every hint until the end.
      headers: { "content-type": "application/cbor-seq", "x-accel-buffering": "no" },
    });
  return new Response(answered as Uint8Array<ArrayBuffer>, {
    headers: { "content-type": "application/cbor" },
  });
}

interface Bindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
}

/**
 * The vault as an application that answers requests; `initSuite` comes first. The database is as `migrate` leaves it,
 * reached as the application role.
 */
export function createVault(deps: VaultDeps): Hono<{ Bindings: Bindings }> {
  const vault = makeVault(deps);
  const app = new Hono<{ Bindings: Bindings }>();
  const crossOrigin = cors({
    origin: [...deps.origins],
    allowMethods: ["POST", "GET"],
    allowHeaders: ["content-type", ...SIGNED_HEADERS],
    maxAge: PREFLIGHT_SECONDS,
  });
  // Only browsers say where they come from; for others it would copy every answer into a stream to add one header.
  app.use((context, next) =>
    context.req.header("origin") === undefined ? next() : crossOrigin(context, next),
  );
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"] } }));
  app.use(async (context, next) => {
    await next();
    context.res.headers.set("cache-control", "no-store");
  });
  app.get("/healthz", async (context) => {
    await deps.sql`select 1`;
    return context.json({ ok: true });
  });
  app.get("/metrics", async (context) => {
    const header = (name: string): string | undefined => context.req.header(name);
    const address = context.env?.incoming?.socket?.remoteAddress;
    if (!mayReadMetrics({ address, header }, deps.metricsToken ?? null))
      return problemResponse(new Refusal("unknown-route"));
    return context.text(await vault.metrics.registry.metrics());
  });
  app.get("/.well-known/sinetti", (context) =>
    context.json({ v: 1, wire: WIRE, service: deps.service, key: bytesToHex(deps.keys.service) }),
  );
  for (const endpoint of ENDPOINTS)
    if (!endpoint.whoOnly || deps.service === "who")
      app.post(endpoint.path, (context) =>
        observeRequest(
          vault,
          {
            request: context.req.raw,
            address: senderOf(context.env?.incoming?.socket?.remoteAddress ?? ""),
            route: endpoint.path,
          },
          (served) => answer(vault, endpoint, served),
        ),
      );
  app.notFound(() => problemResponse(new Refusal("unknown-route")));
  app.onError((error) => problemResponse(toRefusal(error)));
  return app;
}
