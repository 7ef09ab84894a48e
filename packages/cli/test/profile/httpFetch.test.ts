import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, expect, it } from "vitest";

import { httpFetch, makeHttpFetch } from "../../src/profile/httpFetch.ts";

let server: Server | undefined;
let connections = 0;

async function serve(answer: RequestListener): Promise<string> {
  const made = createServer(answer);
  server = made;
  connections = 0;
  made.on("connection", () => connections++);
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

it("sends bytes with their headers and gives the bytes, type and status of the answer", async () => {
  const url = await serve((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const said = `${request.method} ${request.url} ${String(request.headers["x-own"])} `;
      response.writeHead(409, { "content-type": "application/problem+cbor" });
      response.end(Buffer.concat([Buffer.from(said), ...parts]));
    });
  });
  const body = Uint8Array.of(0, 255, 7);
  const answer = await httpFetch(`${url}/v1/x`, {
    method: "POST",
    headers: { "x-own": "a" },
    body,
  });
  expect(answer.status).toBe(409);
  expect(answer.headers.get("content-type")).toBe("application/problem+cbor");
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes).toEqual(Buffer.concat([Buffer.from("POST /v1/x a "), body]));
});

it("keeps a connection for the next request", async () => {
  const url = await serve((_, response) => response.end("{}"));
  for (let count = 0; count < 3; count++) await (await httpFetch(url, { method: "GET" })).json();
  expect(connections).toBe(1);
});

it("follows no redirect", async () => {
  const url = await serve((_, response) => {
    response.writeHead(302, { location: "/elsewhere" });
    response.end();
  });
  const answer = await httpFetch(url, { method: "GET" });
  expect(answer.status).toBe(302);
});

it("fails where nobody listens, and where the answer is cut off", async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.socket?.destroy());
  });
  await expect(httpFetch(url, { method: "GET" })).rejects.toThrow("aborted");
  await expect(httpFetch("http://127.0.0.1:1", { method: "GET" })).rejects.toThrow("ECONNREFUSED");
});

it("gives up on a service that takes a request and says nothing, or stops in the middle", async () => {
  const hasty = makeHttpFetch({ silence: { small: 50, large: 600_000 } });
  const url = await serve((request, response) => {
    if (request.url === "/half") response.write("half");
  });
  await expect(hasty(`${url}/none`, { method: "GET" })).rejects.toThrow("silent");
  await expect(hasty(`${url}/half`, { method: "GET" })).rejects.toThrow(/aborted|silent/);
});

it("goes on after the service was started anew at the same address", async () => {
  const url = await serve((_, response) => response.end("1"));
  await (await httpFetch(url, { method: "GET" })).text();
  const { port } = new URL(url);
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  const again = createServer((_, response) => response.end("2"));
  server = again;
  await new Promise<void>((resolve) => again.listen(Number(port), "127.0.0.1", resolve));
  expect(await (await httpFetch(url, { method: "GET" })).text()).toBe("2");
});

it("goes on when the service has closed every connection that lay idle, however many", async () => {
  const url = await serve((_, response) => setTimeout(() => response.end("{}"), 20));
  const ask = async (): Promise<string> => (await httpFetch(url, { method: "GET" })).text();
  await Promise.all([ask(), ask(), ask(), ask()]);
  expect(connections).toBe(4);
  server?.closeAllConnections();
  // Asked before this side has heard of it.
  expect(await ask()).toBe("{}");
});
