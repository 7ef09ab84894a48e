import { connect } from "node:net";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startWebServer, type WebServer } from "../../src/start/webServer.ts";

const RUNS = Number(process.env["SINETTI_FUZZ_RUNS"] ?? 100);
/** Nobody listens there. */
const CLOSED = "http://127.0.0.1:1";
const QUIET_MS = 300;

let web: WebServer;
beforeAll(async () => {
  web = await startWebServer(0);
  web.announce({ vaultWho: CLOSED, vaultWhat: CLOSED, gate: CLOSED });
});
afterAll(() => web.stop());

/** Writes bytes to the launcher's port and gives what came back until it hung up, or was quiet for a while. */
function tell(bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(web.port, "127.0.0.1", () => socket.write(bytes));
    const end = (): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.setTimeout(QUIET_MS, end);
    socket.on("data", (data: Buffer) => {
      heard += data.toString("latin1");
      if (/^(?:HTTP\/1.1 \d{3}[^]*)\r\n\r\n/.test(heard)) end();
    });
    socket.on("error", end);
    socket.on("close", end);
  });
}
const statusOf = (heard: string): number | null => {
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(heard) ?? [];
  return status === undefined ? null : Number(status);
};
async function isAnswering(): Promise<boolean> {
  const answer = await fetch(`${web.url}/.well-known/sinetti`);
  return answer.status === 200 && ((await answer.json()) as { v: number }).v === 1;
}

const head = (line: string, more = ""): string =>
  `${line}\r\nHost: 127.0.0.1:${web.port}\r\n${more}`;
const anyToken = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "GET",
    "POST",
    "OPTIONS",
    "/healthz",
    "/%2e%2e/%00",
    "//",
    "*",
    "/\\..\\..",
    "a".repeat(20_000),
  ),
);

describe("whatever reaches the launcher's port, it goes on", { timeout: 600_000 }, () => {
  test("arbitrary bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        // Nothing but a refusal, or silence for what is no whole request.
        expect([null, 400, 431]).toContain(statusOf(await tell(bytes)));
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
    expect(await isAnswering()).toBe(true);
  });

  test("requests of any method, path and field", async () => {
    const found: string[] = [];
    const note = async (line: string, more: string): Promise<void> => {
      const status = statusOf(await tell(Buffer.from(head(line, more))));
      if (status !== null && status >= 500) found.push(`${line}: ${status}`);
    };
    await fc.assert(
      fc.asyncProperty(anyToken, anyToken, anyToken, (method, path, field) =>
        note(`${method} ${path} HTTP/1.1`, `X-Any: ${field}\r\n\r\n`),
      ),
      { numRuns: RUNS },
    );
    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
      for (const path of [
        "/",
        "/../../etc/passwd",
        "/%00",
        "/demo/x",
        `/${"a".repeat(8000)}`,
        "http://evil.example/",
      ])
        await note(`${method} ${path} HTTP/1.1`, "\r\n");
    // Its services are not there: whoever asks how they are is told so, and nobody else.
    expect(found.filter((line) => !/^(?:GET|HEAD) \/healthz /.test(line))).toEqual([]);
    await note("GET /healthz HTTP/1.1", "\r\n");
    expect(found).toContain("GET /healthz HTTP/1.1: 503");
    expect(await isAnswering()).toBe(true);
  });

  test("fields without end, lengths that contradict, bodies that never come", async () => {
    const told = [
      head("GET / HTTP/1.1", `X-Long: ${"a".repeat(100_000)}\r\n\r\n`),
      head("GET / HTTP/1.1", `${"X-Many: 1\r\n".repeat(5000)}\r\n`),
      head("POST / HTTP/1.1", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      head("POST / HTTP/1.1", "Content-Length: -1\r\n\r\n"),
      head("POST / HTTP/1.1", "Content-Length: 99999999999999999999\r\n\r\n"),
      head("POST / HTTP/1.1", "Content-Length: 1000000000\r\n\r\nx"),
      head("POST / HTTP/1.1", `Transfer-Encoding: chunked\r\n\r\n${"f".repeat(20)}\r\n`),
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    ];
    for (const text of told) {
      const status = statusOf(await tell(Buffer.from(text)));
      expect([null, 400, 405, 413, 421, 431]).toContain(status);
    }
    expect(await isAnswering()).toBe(true);
  });

  test("three hundred connections that say half a request and wait", async () => {
    const sockets = Array.from({ length: 300 }, (_, index) => {
      const socket = connect(web.port, "127.0.0.1");
      socket.on("error", () => undefined);
      const body = head("POST / HTTP/1.1", "Content-Length: 100000\r\n\r\nhalf");
      socket.write(index % 2 === 0 ? "GET / HTTP/1.1\r\nHost: 127" : body);
      return socket;
    });
    await Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once("connect", resolve))),
    );
    expect(await isAnswering()).toBe(true);
    for (const socket of sockets) socket.destroy();
    expect(await isAnswering()).toBe(true);
  });
});
