import {
  decodeShape,
  encodeShape,
  GATE_ROUTES,
  problemShape,
  type ProblemCode,
} from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CountedBody, nothing, piecesOf } from "../../../tools/countedBody.ts";
import { TestPractice } from "../../../tools/testPractice.ts";
import { GatePractice } from "./gatePractice.ts";
import { TestGate, type Signer } from "./testGate.ts";

const { accessSubmit, practiceCreate, rendezvousPut, status } = GATE_ROUTES;
const UNSIGNED = ["rendezvousPut", "rendezvousGet", "invitationGet", "invitationAnswer"] as const;
const BODIES = {
  signed: { each: 100_000, inAll: 150_000 },
  unsigned: { each: 10_000, inAll: 15_000 },
};

let gate: TestGate;
let practice: GatePractice;
beforeAll(async () => {
  gate = await TestGate.open();
  practice = await GatePractice.create(gate);
});
afterAll(() => gate.stop());

type App = Pick<TestGate["app"], "request">;
type Outcome = ProblemCode | "ok";

async function post(
  path: string,
  { at = gate.app, body, headers }: { at?: App; body: CountedBody; headers: object },
): Promise<Outcome> {
  const init = body.init({ "content-type": "application/cbor", ...headers });
  const response = await at.request(path, init);
  if (response.status === 200) return "ok";
  return decodeShape(problemShape, new Uint8Array(await response.arrayBuffer())).code;
}

/** A practice that the gate does not know, and its founder. */
function strange(): { practice: TestPractice; founder: Signer } {
  const fresh = new TestPractice({ gate: gate.keys.service });
  const author = { by: "device" as const, id: fresh.founder.device };
  return { practice: fresh, founder: { practice: fresh.id, author, key: fresh.founder.request } };
}

/** A body of which one piece has come and the rest is withheld. */
function withheld(): { body: CountedBody; breakOff: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    await promise;
  };
  return { body: new CountedBody(pieces()), breakOff: () => reject(new Error("aborted")) };
}

describe("the body of a signed request", () => {
  it("that is another is refused before it is decoded, with and without a length", async () => {
    const signed = encodeShape(status.request, {});
    for (const length of [{}, { "content-length": String(signed.length) }]) {
      const { headers } = gate.sign(practice.signer(practice.founder), status.path, signed);
      const send = (sent: Uint8Array): Promise<Outcome> => {
        const body = new CountedBody(piecesOf(sent, 1));
        return post(status.path, { body, headers: { ...headers, ...length } });
      };
      expect(await send(signed)).toBe("ok");
      expect(await send(Uint8Array.of(0xff))).toBe("bad-signature");
      expect(await send(new Uint8Array())).toBe("bad-signature");
    }
  });

  it("is not read from whoever asks too fast", async () => {
    const at = gate.assemble();
    const { headers } = gate.sign(practice.signer(practice.founder), status.path, Uint8Array.of(0));
    let last: Outcome = "ok";
    let body = new CountedBody([]);
    for (let count = 0; count <= 500; count++) {
      body = new CountedBody([Uint8Array.of(0)]);
      last = await post(status.path, { at, body, headers });
    }
    expect(last).toBe("rate-limited");
    expect(body.pulled).toBe(0);
  });
});

describe("the body that founds a practice, whose key is in it", () => {
  const { maxBytes, path } = practiceCreate;

  it("is short", () => {
    expect(maxBytes).toBe(16 * 1024);
  });

  it("is not read for another service, out of its window, or unsigned", async () => {
    const { founder } = strange();
    const changes = [{ service: "00".repeat(16) }, { created: gate.clock.now() - 121 }];
    for (const change of changes) {
      const body = new CountedBody(nothing(100));
      const { headers } = gate.sign(founder, path, new Uint8Array(100), change);
      expect(["wrong-service", "outside-window"]).toContain(await post(path, { body, headers }));
      expect(body.pulled).toBe(0);
    }
    const body = new CountedBody(nothing(100));
    expect(await post(path, { body, headers: {} })).toBe("unsigned");
    expect(body.pulled).toBe(0);
  });

  it("that is another is refused before it is decoded", async () => {
    const { founder, practice: fresh } = strange();
    const request = { genesis: fresh.genesis, code: gate.readCode() };
    const signed = encodeShape(practiceCreate.request, request);
    const { headers } = gate.sign(founder, path, signed);
    const body = new CountedBody(nothing(signed.length));
    expect(await post(path, { body, headers })).toBe("bad-signature");
  });
});

describe("a body that nobody signs", () => {
  it.each(UNSIGNED)("is short, and not read beyond its limit: %s", async (name) => {
    const { maxBytes, path } = GATE_ROUTES[name];
    expect(maxBytes).toBeLessThanOrEqual(17 * 1024);
    const length = String(maxBytes + 1);
    const said = new CountedBody(nothing(maxBytes + 1));
    expect(await post(path, { body: said, headers: { "content-length": length } })).toBe(
      "too-large",
    );
    expect(said.pulled).toBe(0);
    const unsaid = new CountedBody(nothing(200_000));
    expect(await post(path, { body: unsaid, headers: {} })).toBe("too-large");
    expect(unsaid.pulled).toBeLessThanOrEqual(64 * 1024);
  });
});

describe("bodies that are held at once are bounded", () => {
  it("for an address, apart from those who sign", async () => {
    const at = gate.assemble({ bodies: BODIES });
    const [signed, unsigned] = [60_000, 6000];
    const { headers } = gate.sign(
      practice.signer(practice.founder),
      accessSubmit.path,
      new Uint8Array(signed),
    );
    const member = (body: CountedBody): Promise<Outcome> =>
      post(accessSubmit.path, {
        at,
        body,
        headers: { ...headers, "content-length": String(signed) },
      });
    const stranger = (body: CountedBody): Promise<Outcome> =>
      post(rendezvousPut.path, { at, body, headers: { "content-length": String(unsigned) } });

    const [first, second] = [withheld(), withheld()];
    const waiting = [member(first.body), stranger(second.body)];
    await Promise.all([first.body.asked, second.body.asked]);
    expect(await member(new CountedBody(nothing(signed)))).toBe("rate-limited");
    expect(await stranger(new CountedBody(nothing(unsigned)))).toBe("rate-limited");
    first.breakOff();
    expect(await waiting[0]).toBe("malformed");
    expect(await member(new CountedBody(nothing(signed)))).toBe("malformed");
    expect(await stranger(new CountedBody(nothing(unsigned)))).toBe("rate-limited");
    second.breakOff();
    expect(await waiting[1]).toBe("malformed");
    expect(await stranger(new CountedBody(nothing(unsigned)))).toBe("malformed");
  });
});
