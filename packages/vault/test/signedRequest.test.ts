import { VAULT_ROUTES, encodeShape, problemShape, decodeShape } from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { testMember, type TestPractice } from "../../../tools/testPractice.ts";
import { TestDesk, outcomeOf } from "./testFiles.ts";
import { TestVault, deviceOf, kitOf, readReply, type Sent } from "./testVault.ts";

const { status } = VAULT_ROUTES;
let vault: TestVault;
let practice: TestPractice;
let sent: Sent;

beforeAll(async () => {
  vault = await TestVault.open("who");
  practice = await vault.practice();
  sent = { practice: practice.id, signer: deviceOf(practice.founder) };
});
afterAll(() => vault.close());

const emptyBody = (): Uint8Array => encodeShape(status.request, {});

async function post(
  path: string,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<string> {
  const response = await vault.raw(path, { method: "POST", headers, body: new Uint8Array(body) });
  const reply = await readReply(status, response);
  return reply.ok ? "ok" : reply.problem.code;
}

type Signed = { path: string; body: Uint8Array; headers: Record<string, string> };
const signedStatus = (changes: Partial<Sent> = {}): Signed => {
  const body = emptyBody();
  return {
    path: status.path,
    body,
    headers: vault.sign(status.path, body, { ...sent, ...changes }),
  };
};
const without = (name: string): Signed => {
  const { headers, ...rest } = signedStatus();
  return {
    ...rest,
    headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
  };
};
const withHeader = (name: string, value: string): Signed => {
  const signed = signedStatus();
  return { ...signed, headers: { ...signed.headers, [name]: value } };
};

const refused: Record<string, [string, () => Signed]> = {
  "without any signature": [
    "unsigned",
    () => ({ ...signedStatus(), headers: { "content-type": "application/cbor" } }),
  ],
  "without its signature": ["unsigned", () => without("signature")],
  "without its digest": ["unsigned", () => without("content-digest")],
  "whose signature parameters are not ours": [
    "malformed",
    () => withHeader("signature-input", 'sinetti=("@method");created=1;keyid="x"'),
  ],
  "meant for another service": ["wrong-service", () => signedStatus({ service: "00".repeat(16) })],
  "of a practice that is not here": [
    "unknown-practice",
    () => signedStatus({ practice: "11".repeat(16) }),
  ],
  "signed two minutes and a second ago": [
    "outside-window",
    () => signedStatus({ created: vault.now - 121 }),
  ],
  "signed two minutes and a second ahead": [
    "outside-window",
    () => signedStatus({ created: vault.now + 121 }),
  ],
  "signed by another key": [
    "bad-signature",
    () => signedStatus({ signer: { ...sent.signer, key: generateSignKey() } }),
  ],
  "signed with the device's statement key": [
    "bad-signature",
    () => signedStatus({ signer: { ...sent.signer, key: practice.founder.statement } }),
  ],
  "of a device that no link has named": [
    "behind",
    () => signedStatus({ signer: deviceOf(testMember(["therapist"])) }),
  ],
  "whose body was changed": [
    "bad-signature",
    () => ({ ...signedStatus(), body: Uint8Array.of(0xa1, 0x61, 0x61, 0x01) }),
  ],
  "whose digest was changed with the body": [
    "bad-signature",
    () => withHeader("content-digest", `sha-256=:${"A".repeat(43)}=:`),
  ],
  "that was signed for another path": [
    "bad-signature",
    () => ({ ...signedStatus(), path: VAULT_ROUTES.fileList.path }),
  ],
  "to a path that is no route": [
    "unknown-route",
    () => ({ ...signedStatus(), path: "/v1/nothing" }),
  ],
  "that is not said to be CBOR": ["malformed", () => withHeader("content-type", "text/plain")],
};

describe("a request is refused", () => {
  test.each(Object.entries(refused))("%s", async (_, [code, make]) => {
    const { path, body, headers } = make();
    expect(await post(path, body, headers)).toBe(code);
  });

  test("whose body is not canonical", async () => {
    const body = Uint8Array.of(0xb8, 0x00);
    const headers = vault.sign(status.path, body, sent);
    expect(await post(status.path, body, headers)).toBe("not-canonical");
  });

  test("whose body has a field too many", async () => {
    const body = Uint8Array.of(0xa1, 0x61, 0x61, 0x01);
    const headers = vault.sign(status.path, body, sent);
    expect(await post(status.path, body, headers)).toBe("malformed");
  });

  test("by a kit where only devices may ask", async () => {
    const { fileList } = VAULT_ROUTES;
    const reply = await vault.send(
      fileList,
      { after: null },
      { ...sent, signer: kitOf(practice.founder) },
    );
    expect(reply).toMatchObject({ ok: false, problem: { code: "not-authorised" } });
  });

  test("that claims a body over the limit, before it is read", async () => {
    const { headers } = signedStatus();
    const claimed = { ...headers, "content-length": String(status.maxBytes + 1) };
    expect(await post(status.path, emptyBody(), claimed)).toBe("too-large");
  });

  test("whose body grows over the limit without saying so, at the limit", async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 16 * 1024;
        if (pulled > 4 * status.maxBytes) controller.close();
        else controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    const init = { method: "POST", headers: signedStatus().headers, body, duplex: "half" };
    const response = await vault.raw(status.path, init);
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(2 * status.maxBytes);
  });

  test("whose body breaks off, as its sender's fault and not the vault's", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
        controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
      },
    });
    const init = { method: "POST", headers: signedStatus().headers, body, duplex: "half" };
    const before = vault.logged.length;
    const reply = await readReply(status, await vault.raw(status.path, init));
    expect(outcomeOf(reply)).toBe("malformed");
    expect(vault.logged.slice(before).join("")).not.toContain("fault");
  });

  test("of a device whose end the chain has told", async () => {
    const other = practice.add(["therapist"]);
    const desk = new TestDesk(vault, practice);
    await vault.handOver(practice);
    expect(await vault.send(status, {}, desk.as(other))).toMatchObject({ ok: true });
    const order = practice.order(practice.founder, "device.end", { device: other.device });
    practice.apply(practice.statement(practice.founder, order));
    await vault.handOver(practice);
    expect(await vault.send(status, {}, desk.as(other))).toMatchObject({
      ok: false,
      problem: { code: "not-authorised" },
    });
  });

  test("when its device asks faster than anybody works", async () => {
    const strict = await TestVault.open("who", { device: { perSecond: 1, burst: 4 } });
    const busy = await strict.practice();
    const asked = { practice: busy.id, signer: deviceOf(busy.founder) };
    const ask = async (): Promise<string> => outcomeOf(await strict.send(status, {}, asked));
    expect([await ask(), await ask(), await ask()]).toEqual(["ok", "ok", "ok"]);
    expect(await ask()).toBe("rate-limited");
    strict.now += 1;
    expect(await ask()).toBe("ok");
    await strict.close();
  });
});

describe("an answer", () => {
  test("comes to a request that is signed in its window", async () => {
    const reply = await vault.send(status, {}, { ...sent, created: vault.now - 119 });
    expect(reply).toMatchObject({ ok: true, value: { frozen: false } });
  });

  test("to a refusal is problem details without an echo", async () => {
    const path = "/v1/tell-me-everything";
    const response = await vault.raw(path, { method: "POST" });
    expect(response.headers.get("content-type")).toBe("application/problem+cbor");
    const problem = decodeShape(problemShape, new Uint8Array(await response.arrayBuffer()));
    expect(problem).toEqual({
      type: "urn:sinetti:problem:unknown-route",
      status: 404,
      code: "unknown-route",
    });
  });

  test("may be read by the configured origin and by no other", async () => {
    const allowed = async (origin: string): Promise<string | null> => {
      const headers = { origin, "access-control-request-method": "POST" };
      const response = await vault.raw(status.path, { method: "OPTIONS", headers });
      return response.headers.get("access-control-allow-origin");
    };
    expect(await allowed("https://app.example.evil")).toBeNull();
    expect(await allowed("https://app.example")).toBe("https://app.example");
  });

  test("is logged by route, status and duration alone", async () => {
    vault.logged.length = 0;
    await vault.send(status, {}, sent);
    const lines = vault.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(1);
    expect(Object.keys(lines[0] ?? {}).toSorted()).toEqual(
      ["id", "level", "ms", "msg", "route", "status", "time"].toSorted(),
    );
    expect(vault.logged.join("")).not.toContain(practice.id);
  });

  test("tells who the vault is, that it lives, and what it counted", async () => {
    const known = await vault.raw("/.well-known/sinetti", {});
    expect(await known.json()).toMatchObject({ v: 1, service: "who" });
    expect((await vault.raw("/healthz", {})).status).toBe(200);
    expect(await (await vault.raw("/metrics", {})).text()).toContain("sinetti_requests_total");
  });
});
