import {
  decodeShape,
  encodeShape,
  GATE_ROUTES,
  generateNonce,
  problemShape,
  serviceKeyId,
  type FileId,
  type PracticeId,
  type ProblemCode,
  type RequestParameters,
} from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/service";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CountedBody, nothing } from "../../../tools/countedBody.ts";
import type { TestMember } from "../../../tools/testPractice.ts";
import { RendezvousBoxes } from "../src/rendezvousBoxes.ts";
import { senderOf } from "../src/sender.ts";
import { GatePractice, randomId } from "./gatePractice.ts";
import { ORIGIN, TestGate, type Signer } from "./testGate.ts";

let gate: TestGate;
let practice: GatePractice;
let other: GatePractice;
let ended: TestMember;
beforeAll(async () => {
  gate = await TestGate.open();
  practice = await GatePractice.create(gate);
  other = await GatePractice.create(gate);
  ended = await practice.hire(["therapist"]);
  await practice.give(practice.founder, "member.end", { body: { member: ended.member } });
});
afterAll(() => gate.stop());

async function problemIn(response: Response): Promise<ProblemCode> {
  expect(response.headers.get("content-type")).toBe("application/problem+cbor");
  return decodeShape(problemShape, new Uint8Array(await response.arrayBuffer())).code;
}

const UNSIGNED = ["rendezvousPut", "rendezvousGet", "invitationGet", "invitationAnswer"];
const signedRoutes = Object.entries(GATE_ROUTES).filter(([name]) => !UNSIGNED.includes(name));

describe("every signed route", () => {
  it.each(signedRoutes)("%s refuses a request without a signature", async (_name, route) => {
    const response = await gate.send(route.path, encodeShape(GATE_ROUTES.status.request, {}));
    expect(await problemIn(response)).toBe("unsigned");
  });

  it.each(signedRoutes)(
    "%s refuses a body larger than its limit, with and without a length",
    async (_name, { path, maxBytes }) => {
      const signer = practice.signer(practice.founder);
      const send = async (bytes: number, more: Record<string, string>): Promise<ProblemCode> => {
        const { headers } = gate.sign(signer, path, new Uint8Array());
        const body = new CountedBody(nothing(bytes));
        const sent = { "content-type": "application/cbor", ...headers, ...more };
        const code = await problemIn(await gate.app.request(path, body.init(sent)));
        expect(body.pulled).toBeLessThanOrEqual(more["content-length"] ? 0 : maxBytes + 65_536);
        return code;
      };
      const length = String(maxBytes + 1);
      expect(await send(maxBytes + 1, { "content-length": length })).toBe("too-large");
      expect(await send(maxBytes + 1_000_000, {})).toBe("too-large");
    },
  );
});

describe("a signed request", () => {
  const body = encodeShape(GATE_ROUTES.status.request, {});
  const { path } = GATE_ROUTES.status;
  const send = async (
    change: Partial<RequestParameters>,
    {
      signer = practice.signer(practice.founder),
      to = path,
      sent = body,
    }: { signer?: Signer; to?: string; sent?: Uint8Array } = {},
  ): Promise<Response> => {
    const { headers } = gate.sign(signer, path, body, change);
    return gate.send(to, sent, { ...headers });
  };

  const stranger = (): Signer => ({
    practice: practice.id,
    author: { by: "device", id: randomId() },
    key: generateSignKey(),
  });

  it.each<[string, () => Promise<Response>, ProblemCode]>([
    [
      "for another service",
      () => send({ service: serviceKeyId(generateSignKey().publicKey) }),
      "wrong-service",
    ],
    ["too old", () => send({ created: gate.clock.now() - 121 }), "outside-window"],
    ["from the future", () => send({ created: gate.clock.now() + 121 }), "outside-window"],
    [
      "of an unknown practice",
      () =>
        send({
          keyId: {
            practice: randomId<FileId>() as string as PracticeId,
            author: stranger().author,
          },
        }),
      "unknown-practice",
    ],
    ["of an unknown device", () => send({}, { signer: stranger() }), "not-authorised"],
    ["of an ended member", () => send({}, { signer: practice.signer(ended) }), "not-authorised"],
    [
      "of another practice's device",
      () => send({}, { signer: { ...other.signer(other.founder), practice: practice.id } }),
      "not-authorised",
    ],
    [
      "signed by another key",
      () => send({}, { signer: { ...practice.signer(practice.founder), key: generateSignKey() } }),
      "bad-signature",
    ],
    [
      "with another body",
      () => send({}, { sent: encodeShape(GATE_ROUTES.practiceRead.request, { from: 0 }) }),
      "bad-signature",
    ],
    ["at another path", () => send({}, { to: GATE_ROUTES.practiceRead.path }), "bad-signature"],
    [
      "of a kit where only devices belong",
      async () => {
        const kit = {
          practice: practice.id,
          author: { by: "kit" as const, id: practice.founder.member },
          key: practice.founder.kit,
        };
        const read = GATE_ROUTES.budgetRead.path;
        const { headers } = gate.sign(kit, read, body);
        return gate.send(read, body, { ...headers });
      },
      "not-authorised",
    ],
  ])("is refused %s", async (_what, act, code) => {
    expect(await problemIn(await act())).toBe(code);
  });

  it.each<[string, Uint8Array, ProblemCode]>([
    ["nothing", new Uint8Array(), "malformed"],
    ["trailing bytes", Uint8Array.of(0xa0, 0xa0), "malformed"],
    ["a longer form than needed", Uint8Array.of(0xb8, 0x00), "not-canonical"],
    ["an unknown key", Uint8Array.of(0xa1, 0x61, 0x78, 0x01), "malformed"],
    ["an array", Uint8Array.of(0x80), "malformed"],
  ])("is refused when its body is %s", async (_what, sent, code) => {
    const { headers } = gate.sign(practice.signer(practice.founder), path, sent);
    expect(await problemIn(await gate.send(path, sent, { ...headers }))).toBe(code);
  });

  it("is refused in another media type, on an unknown route, and as a GET", async () => {
    const { headers } = gate.sign(practice.signer(practice.founder), path, body);
    const typed = await gate.send(path, body, { ...headers, "content-type": "application/json" });
    expect(await problemIn(typed)).toBe("malformed");
    expect(await problemIn(await gate.send("/v1/nothing", body))).toBe("unknown-route");
    expect(await problemIn(await gate.app.request(path))).toBe("unknown-route");
  });

  it("whose body breaks off is its sender's fault", async () => {
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new Uint8Array(10));
        controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
      },
    });
    const { headers } = gate.sign(practice.signer(practice.founder), path, body);
    const sent = { "content-type": "application/cbor", ...headers };
    const init = { method: "POST", body: stream, headers: sent, duplex: "half" };
    expect(await problemIn(await gate.app.request(path, init))).toBe("malformed");
  });

  it("never sees the practice next door", async () => {
    const mine = await gate.call(practice.signer(practice.founder), "practiceRead", { from: 0 });
    const theirs = await gate.call(other.signer(other.founder), "practiceRead", { from: 0 });
    expect(mine.links[0]?.statement).toEqual(practice.genesis);
    expect(theirs.links.map(({ statement }) => statement)).toEqual([other.genesis]);
  });

  it("is taken from a device that another process of the gate let in", async () => {
    const second = gate.assemble();
    const newcomer = await practice.hire(["office"]);
    const { headers } = gate.sign(practice.signer(newcomer), path, body);
    const response = await second.request(path, {
      method: "POST",
      body: body as Uint8Array<ArrayBuffer>,
      headers: { "content-type": "application/cbor", ...headers },
    });
    expect(response.status).toBe(200);
    await practice.give(practice.founder, "member.end", { body: { member: newcomer.member } });
    const again = gate.sign(practice.signer(newcomer), path, body);
    const late = await second.request(path, {
      method: "POST",
      body: body as Uint8Array<ArrayBuffer>,
      headers: { "content-type": "application/cbor", ...again.headers },
    });
    expect(await problemIn(late)).toBe("not-authorised");
  });

  it("is slowed down beyond 500 at once, for that device alone", async () => {
    const busy = await practice.hire(["office"]);
    const signer = practice.signer(busy);
    for (let count = 0; count < 500; count++)
      await gate.call(signer, "status", {}, { nonce: generateNonce() });
    await expect(gate.call(signer, "status", {})).rejects.toMatchObject({ code: "rate-limited" });
    await gate.call(practice.signer(practice.founder), "status", {});
    gate.clock.pass(1);
    await gate.call(signer, "status", {});
  });
});

describe("the mailboxes of device ceremonies", () => {
  const post = async <K extends "rendezvousPut" | "rendezvousGet">(
    name: K,
    request: Parameters<(typeof GATE_ROUTES)[K]["request"]["encode"]>[0],
  ): Promise<Response> => {
    const route = GATE_ROUTES[name];
    return gate.send(route.path, encodeShape(route.request as never, request as never));
  };
  const mailbox = new Uint8Array(16).fill(7);

  it("take each side once, give it back, and forget it after a quarter of an hour", async () => {
    const blob = Uint8Array.of(1, 2, 3);
    const read = async (): Promise<Uint8Array | null> => {
      const response = await post("rendezvousGet", { mailbox, side: "request" });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return decodeShape(GATE_ROUTES.rendezvousGet.answer, bytes).blob;
    };
    expect(await read()).toBeNull();
    expect((await post("rendezvousPut", { mailbox, side: "request", blob })).status).toBe(200);
    const second = await post("rendezvousPut", {
      mailbox,
      side: "request",
      blob: Uint8Array.of(9),
    });
    expect(await problemIn(second)).toBe("conflict");
    expect(await read()).toEqual(blob);
    gate.clock.pass(15 * 60 + 1);
    expect(await read()).toBeNull();
  });

  it("leave room for others when one address, or one network of IPv6, takes all that it can get", () => {
    const boxes = new RendezvousBoxes(() => gate.clock.monotonic());
    const blob = Uint8Array.of(1);
    const put = (count: number, address: string): void =>
      boxes.put({ mailbox: Uint8Array.of(count >> 8, count), side: "request", blob }, address);
    const addressOf = (count: number): string => senderOf(`2001:db8:0:7::${count.toString(16)}`);
    for (let count = 0; count < 250; count++) put(count, addressOf(count + 1));
    expect(() => put(250, addressOf(999))).toThrow(
      expect.objectContaining({ code: "unavailable" }),
    );
    put(250, senderOf("2001:db8:0:8::1"));
    put(251, senderOf("192.0.2.7"));
    expect(
      ["::1", "2001:db8:1:2:3:4:5:6", "fe80::1%eth0", "::ffff:192.0.2.7", ""].map(senderOf),
    ).toEqual(["0:0:0:0::/64", "2001:db8:1:2::/64", "fe80:0:0:0::/64", "::ffff:192.0.2.7", ""]);
  });

  it("refuse a blob that is too large, and too many from one address", async () => {
    const blob = new Uint8Array(16 * 1024 + 1);
    expect(await problemIn(await post("rendezvousPut", { mailbox, side: "answer", blob }))).toBe(
      "malformed",
    );
    const codes: string[] = [];
    for (let count = 0; count < 70; count++) {
      const box = new Uint8Array(16).fill(count + 10);
      const response = await post("rendezvousPut", { mailbox: box, side: "answer", blob: mailbox });
      codes.push(response.status === 200 ? "taken" : await problemIn(response));
    }
    expect(codes).toContain("rate-limited");
  });
});

describe("what anybody may ask", () => {
  it("gives the key, health and numbers without ids", async () => {
    const known = await gate.app.request("/.well-known/sinetti");
    expect(await known.json()).toMatchObject({ v: 1, service: "gate" });
    expect((await gate.app.request("/healthz")).status).toBe(200);
    const metrics = await (await gate.app.request("/metrics")).text();
    expect(metrics).toContain("sinetti_requests_total");
    expect(metrics).not.toContain(practice.id);
    expect(metrics).not.toContain(practice.founder.member);
  });

  it("answers browsers of the configured origin and of no other", async () => {
    const ask = async (origin: string): Promise<string | null> => {
      const headers = { origin, "access-control-request-method": "POST" };
      const response = await gate.app.request(GATE_ROUTES.status.path, {
        method: "OPTIONS",
        headers,
      });
      return response.headers.get("access-control-allow-origin");
    };
    expect(await ask("http://evil.example")).toBeNull();
    expect(await ask(ORIGIN)).toBe(ORIGIN);
    const plain = await gate.app.request("/healthz");
    expect(plain.headers.get("x-content-type-options")).toBe("nosniff");
    expect(plain.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(plain.headers.get("cache-control")).toBe("no-store");
  });
});
