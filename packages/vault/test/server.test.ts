import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { VAULT_ROUTES } from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CountedBody } from "../../../tools/countedBody.ts";
import type { TestPractice } from "../../../tools/testPractice.ts";
import { listen, makeServer } from "../src/server.ts";
import { TestVault, deviceOf, readReply } from "./testVault.ts";

/** Short, so that a test need not wait; what is tested is that they end it. */
const TIMES = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };
const BODY = new Uint8Array(100_000);
const { draftPut } = VAULT_ROUTES;

let vault: TestVault;
let practice: TestPractice;
let server: ReturnType<typeof makeServer>;
let url: string;

beforeAll(async () => {
  vault = await TestVault.open("who", { signedBodies: { each: 150_000, inAll: 150_000 } });
  practice = await vault.practice();
  server = makeServer(vault.app.fetch, { times: TIMES });
  url = await listen(server, { hostname: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await vault.close();
});

const sign = (): Record<string, string> =>
  vault.sign(draftPut.path, BODY, { practice: practice.id, signer: deviceOf(practice.founder) });

/** A request's head and as much of its body as is told. */
function begun(bytes: number): string {
  const fields = Object.entries({ ...sign(), "content-length": String(BODY.length) });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `POST ${draftPut.path} HTTP/1.1\r\nhost: vault\r\n${lines}\r\n${"\0".repeat(bytes)}`;
}

/** Says something and no more; settles with what came back when the vault hangs up. */
function tell(text: string): { socket: Socket; heard: Promise<string> } {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let heard = "";
  socket.on("data", (data: Buffer) => (heard += data.toString("latin1")));
  socket.on("error", () => undefined);
  if (text !== "") socket.write(text);
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(heard)));
  return { socket, heard: closed };
}

async function send(): Promise<string> {
  const response = await fetch(url + draftPut.path, {
    method: "POST",
    headers: sign(),
    body: BODY,
  });
  const reply = await readReply(draftPut, response);
  return reply.ok ? "ok" : reply.problem.code;
}

describe("the vault hangs up on whoever begins and does not end", () => {
  const halves: [string, () => string][] = [
    ["a connection", () => ""],
    ["the head of a request", () => `POST ${draftPut.path} HTTP/1.1\r\nhost: va`],
    ["a body", () => begun(50_000)],
  ];
  test.each(halves)("%s", async (_what, text) => {
    expect(await tell(text()).heard).not.toContain("200 OK");
  });

  test("and what came of the body is held no longer", async () => {
    const { heard } = tell(begun(50_000));
    await heard;
    // Only one of them fits at a time.
    expect(await send()).toBe("malformed");
    expect(await send()).toBe("malformed");
  });

  test("three hundred at once, and answers others meanwhile", async () => {
    const told = Array.from({ length: 300 }, (_, index) =>
      tell(index % 2 === 0 ? "POST /v1/status HTTP/1.1\r\nhost: 127" : begun(1000)),
    );
    await Promise.all(
      told.map(({ socket }) => new Promise((resolve) => socket.once("connect", resolve))),
    );
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await Promise.all(told.map(({ heard }) => heard));
    expect(await send()).toBe("malformed");
  });
});

test("a long body that nobody has signed is refused with its code over a real connection", async () => {
  const body = new Uint8Array(draftPut.maxBytes);
  const headers = { "content-type": "application/cbor" };
  const response = await fetch(url + draftPut.path, { method: "POST", headers, body });
  expect(await readReply(draftPut, response)).toMatchObject({ problem: { code: "unsigned" } });
});

test("an answer that goes on is not cut off, however short the time for sending is", async () => {
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let count = 0; count < 20; count++) {
      await sleep(TIMES.requestTimeout / 10);
      yield Uint8Array.of(count);
    }
  };
  const patient = makeServer(() => new Response(new CountedBody(pieces()).stream), {
    times: TIMES,
  });
  const address = await listen(patient, { hostname: "127.0.0.1", port: 0 });
  const response = await fetch(address, { method: "POST", body: "whole" });
  expect(new Uint8Array(await response.arrayBuffer())).toHaveLength(20);
  await new Promise((resolve) => patient.close(resolve));
});
