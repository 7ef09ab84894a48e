import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { StartError } from "./startError.ts";

export interface ServiceUrls {
  readonly vaultWho: string;
  readonly vaultWhat: string;
  readonly gate: string;
}

export interface WebServer {
  readonly port: number;
  readonly url: string;
  /** Until then it answers that it is not ready. */
  announce(urls: ServiceUrls): void;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const HEALTH_WITHIN_MS = 3_000;

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(HEALTH_WITHIN_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

async function askHealth(urls: ServiceUrls): Promise<Answer> {
  const [vaultWho, vaultWhat, gate] = await Promise.all([
    isHealthy(urls.vaultWho),
    isHealthy(urls.vaultWhat),
    isHealthy(urls.gate),
  ]);
  const ok = vaultWho && vaultWhat && gate;
  return { status: ok ? 200 : 503, body: { ok, vaultWho, vaultWhat, gate } };
}

async function answerRequest(
  request: IncomingMessage,
  port: number,
  urls: ServiceUrls | undefined,
): Promise<Answer> {
  // A page of another site whose name was pointed at this machine sends its own name here.
  const { host } = request.headers;
  if (host !== `${HOST}:${port}` && host !== `localhost:${port}`)
    return { status: 421, body: { error: "wrong-host" } };
  if (request.method !== "GET" && request.method !== "HEAD")
    return { status: 405, body: { error: "method" } };
  if (!urls) return { status: 503, body: { error: "starting" } };
  if (request.url === "/.well-known/sinetti") return { status: 200, body: { v: 1, ...urls } };
  if (request.url === "/healthz") return askHealth(urls);
  return { status: 404, body: { error: "not-found" } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { ...SECURITY_HEADERS, "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new StartError("port-in-use", `${HOST}:${port}`, { cause })),
    );
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The launcher's own address: where the services are, and whether they are well. Port 0 takes any that is free. */
export async function startWebServer(askedPort: number): Promise<WebServer> {
  let urls: ServiceUrls | undefined;
  const server = createServer((request, response) => {
    answerRequest(request, port, urls).then(
      (answer) => send(response, answer),
      () => send(response, { status: 500, body: { error: "internal" } }),
    );
  });
  const port = await listen(server, askedPort);
  return {
    port,
    url: `http://${HOST}:${port}`,
    announce: (found) => {
      urls = found;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
