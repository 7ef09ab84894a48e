import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { WIRE } from "@sinetti/core";

import { HOST_HEADERS } from "../site/siteHeaders.ts";
import type { SiteFiles } from "../site/siteFiles.ts";
import { serveSite, type ServedSite } from "../site/siteServer.ts";
import { StartError } from "./startError.ts";

export interface ServiceUrls {
  readonly vaultWho: string;
  readonly vaultWhat: string;
  readonly gate: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A request for the demonstration, already known to come from our own page. */
export type AnswerDemo = (path: string, body: string | null) => Promise<Answer | null>;

export interface Announced {
  /** Undefined: only the addresses are served. */
  readonly site?: SiteFiles | undefined;
  readonly demo?: AnswerDemo | undefined;
}

export interface WebServer {
  readonly port: number;
  readonly url: string;
  /** Until then it answers that it is not ready. */
  announce(urls: ServiceUrls, also?: Announced): void;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const HEALTH_WITHIN_MS = 3_000;

const SECURITY_HEADERS = {
  ...HOST_HEADERS,
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
} as const;
const MOST_BODY_BYTES = 4096;

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

/** What the launcher answers by itself; null: it is a matter of the web client. */
async function answerRequest(
  request: IncomingMessage,
  port: number,
  { urls, also }: { urls: ServiceUrls | undefined; also: Announced },
): Promise<Answer | null> {
  // A page of another site whose name was pointed at this machine sends its own name here.
  const { host } = request.headers;
  if (host !== `${HOST}:${port}` && host !== `localhost:${port}`)
    return { status: 421, body: { error: "wrong-host" } };
  const isDemo = request.url?.startsWith("/demo/") === true && also.demo !== undefined;
  if (isDemo) return answerDemo(request, also.demo);
  if (request.method !== "GET" && request.method !== "HEAD")
    return { status: 405, body: { error: "method" } };
  if (!urls) return { status: 503, body: { error: "starting" } };
  if (request.url === "/.well-known/sinetti")
    return { status: 200, body: { v: 1, wire: WIRE, ...urls } };
  if (request.url === "/healthz") return askHealth(urls);
  return null;
}

/** Whatever changes something comes from the page that this very address serves, in a form that no other page may send. */
async function answerDemo(request: IncomingMessage, demo: AnswerDemo): Promise<Answer> {
  const { method, headers, url = "" } = request;
  const nothing = { status: 404, body: { error: "not-found" } };
  if (method === "GET" || method === "HEAD") return (await demo(url, null)) ?? nothing;
  if (method !== "POST") return { status: 405, body: { error: "method" } };
  if (headers.origin !== `http://${headers.host}` || headers["sec-fetch-site"] === "cross-site")
    return { status: 403, body: { error: "wrong-origin" } };
  if (headers["content-type"] !== "application/json")
    return { status: 415, body: { error: "media-type" } };
  const body = await readBody(request);
  if (body === null) return { status: 413, body: { error: "too-large" } };
  return (await demo(url, body)) ?? nothing;
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BODY_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
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

/** The launcher's own address: where the services are, whether they are well, and the web client. Port 0 takes any that is free. */
export async function startWebServer(askedPort: number): Promise<WebServer> {
  let urls: ServiceUrls | undefined;
  let also: Announced = {};
  let site: ServedSite | undefined;
  const server = createServer((request, response) => {
    answerRequest(request, port, { urls, also }).then(
      (answer) => {
        const isServed =
          answer === null && site !== undefined && serveSite(site, request, response);
        if (!isServed) send(response, answer ?? { status: 404, body: { error: "not-found" } });
        return isServed;
      },
      () => {
        send(response, { status: 500, body: { error: "internal" } });
        return false;
      },
    );
  });
  const port = await listen(server, askedPort);
  return {
    port,
    url: `http://${HOST}:${port}`,
    announce: (found, more = {}) => {
      urls = found;
      also = more;
      const services = [found.vaultWho, found.vaultWhat, found.gate];
      site = more.site && { files: more.site, services };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
