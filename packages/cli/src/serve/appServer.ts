import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext, type SecureContextOptions } from "node:tls";

import { WIRE } from "@sinetti/core";

import { HOST_HEADERS } from "../site/siteHeaders.ts";
import type { SiteFiles } from "../site/siteFiles.ts";
import { serveSite } from "../site/siteServer.ts";
import { pairFault } from "./configFiles.ts";
import type { AppConfig } from "./serveConfig.ts";
import { ServeError } from "./serveError.ts";

const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 3_000;
const TWO_YEARS_SECONDS = 63_072_000;
const OWN_HEADERS = {
  ...HOST_HEADERS,
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  "content-type": "application/json",
} as const;

/** The host of the web client while it serves. */
export interface AppServer {
  readonly url: string;
  /** Takes the certificate as its files are now; who is connected stays so. Error: ServeError `certificate`. */
  renew(): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What the host answers by itself; null: it is a matter of the web client. */
function ownAnswer({ method, url, headers }: IncomingMessage, config: AppConfig): Answer | null {
  // A page of another site whose name was pointed here sends its own name.
  const { host } = new URL(config.origin);
  if (headers.host !== host) return { status: 421, body: { error: "wrong-host" } };
  if (method !== "GET" && method !== "HEAD") return { status: 405, body: { error: "method" } };
  const { who, what, gate } = config.services;
  if (url === "/.well-known/sinetti")
    return { status: 200, body: { v: 1, wire: WIRE, vaultWho: who, vaultWhat: what, gate } };
  // Whether the services are well is not asked from here: this host needs no way to them.
  return url === "/healthz" ? { status: 200, body: { ok: true } } : null;
}

function readContext(files: NonNullable<AppConfig["tls"]>): SecureContextOptions {
  // Also of what took its place while it served: a half-renewed pair is none.
  const fault = pairFault(files);
  if (fault !== null) throw new ServeError("certificate", [fault]);
  const { certificate, key } = files;
  try {
    const cert = readFileSync(certificate);
    const options = { minVersion: "TLSv1.3" as const, cert, key: readFileSync(key) };
    createSecureContext(options);
    return options;
  } catch (cause) {
    throw new ServeError("certificate", [certificate], { cause });
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function makeServer(config: AppConfig, handler: Handler): Server | SecureServer {
  const times = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
  return config.tls === undefined
    ? createServer(times, handler)
    : createSecureServer({ ...times, ...readContext(config.tls) }, handler);
}

function listen(
  server: Server | SecureServer,
  { host, port }: AppConfig["listen"],
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(new ServeError("port", [`${host}:${port}`], { cause })));
    server.listen(port, host.replaceAll(/[[\]]/g, ""), () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

/** Serves the web client, and tells it where the services are. Errors: ServeError `certificate`, `port`. */
export async function startAppServer(config: AppConfig, files: SiteFiles): Promise<AppServer> {
  const services = Object.values(config.services);
  const isSecure = config.origin.startsWith("https:");
  const server = makeServer(config, (request, response) => {
    if (isSecure) response.setHeader("strict-transport-security", `max-age=${TWO_YEARS_SECONDS}`);
    const answer = ownAnswer(request, config);
    if (answer === null && serveSite({ files, services }, request, response)) return;
    const { status, body } = answer ?? { status: 404, body: { error: "not-found" } };
    response.writeHead(status, OWN_HEADERS);
    response.end(request.method === "HEAD" ? undefined : JSON.stringify(body));
  });
  const port = await listen(server, config.listen);
  return {
    url: `${config.tls === undefined ? "http" : "https"}://${config.listen.host}:${port}`,
    renew: () => {
      if (config.tls !== undefined && "setSecureContext" in server)
        server.setSecureContext(readContext(config.tls));
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS).unref();
      }),
  };
}
