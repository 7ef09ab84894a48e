import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  GATE_ROUTES,
  LIMITS,
  PROBLEM_STATUS,
  REQUEST_WINDOW_SECONDS,
  VAULT_ROUTES,
  decodeShape,
  generateNonce,
  problemShape,
  randomBytes,
  requestHeaders,
  requestSignatureBase,
  serviceKeyId,
  type DeviceId,
  type PracticeId,
  type RequestParameters,
} from "@sinetti/core";
import { signKeyFromSeed, signRequest, type SignKey } from "@sinetti/core/secret";
import { giveOrder, openFiles, readEntries, type Client, type KnownFile } from "@sinetti/client";
import { CountedBody, nothing, piecesOf } from "../../../tools/countedBody.ts";
import { heldMemory } from "../../../tools/heldMemory.ts";
import { PracticeDigest } from "../../../tools/practiceDigest.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { SERVICES, UNSIGNED, askEverything, targetsOf, type Target } from "./everyRoute.ts";
import { recordDay, routesOf, type Recorded } from "./recordedTraffic.ts";
import { addMember, foundPractice } from "./testWorld.ts";

const MIB = 1024 * 1024;
/** Signed by a kit, by the founder whom no chain names yet, or by nobody; each has tests of its own at its service. */
const NOT_BY_DEVICES = [
  ...UNSIGNED,
  VAULT_ROUTES.kitGet.path,
  GATE_ROUTES.practiceCreate.path,
] as readonly string[];

let system: TestSystem;
let founder: Client;
let stranger: Client;
let file: KnownFile;
let asked: Recorded[];
let targets: Target[];
let signed: Recorded[];

beforeAll(async () => {
  system = await startTestSystem();
  const day = await recordDay(system);
  ({ founder, file } = day);
  ({ client: stranger } = await foundPractice(system));
  asked = await askEverything(system, day);
  targets = SERVICES.flatMap((service) => targetsOf(system, service));
  // One request for each route of each service that devices sign.
  signed = targets
    .filter(({ route }) => !NOT_BY_DEVICES.includes(route.path))
    .map(({ service, route }) => {
      const made = asked.find((each) => each.service === service && each.route === route);
      if (made === undefined) throw new TypeError(`nothing to ask ${service} ${route.path}`);
      return made;
    });
});
afterAll(() => system.stop());

type Body = NonNullable<RequestInit["body"]>;
interface Change extends Partial<RequestParameters> {
  readonly by?: Client;
  readonly key?: SignKey;
  readonly headers?: (headers: Record<string, string>) => Record<string, string>;
  readonly sent?: Body;
}

const requestKey = ({ context }: Client): SignKey =>
  signKeyFromSeed(Uint8Array.from(context.device.seeds.request));

/** A request as the founder's device signs it, but for what is changed. */
function build(made: Recorded, change: Change = {}): { url: string; init: RequestInit } {
  const { by = founder, key = requestKey(by), headers = (same) => same, sent, ...claims } = change;
  const { practice, device } = by.context.device.owner;
  const parameters: RequestParameters = {
    path: made.route.path,
    service: serviceKeyId(by.practice.services[made.service]),
    created: Math.floor(system.clock.now()),
    nonce: generateNonce(),
    keyId: { practice, author: { by: "device", id: device } },
    ...claims,
  };
  const signature = signRequest(key, requestSignatureBase(parameters, made.body));
  const all = {
    "content-type": "application/cbor",
    ...requestHeaders(parameters, made.body, signature),
  };
  const body = sent ?? (made.body as Uint8Array<ArrayBuffer>);
  const init = { method: "POST", headers: headers(all), body, duplex: "half" };
  return { url: system.endpoints[made.service] + made.route.path, init };
}

async function outcomeOf(response: Response): Promise<string> {
  if (response.status === 200) {
    await response.body?.cancel();
    return "ok";
  }
  const { code } = decodeShape(problemShape, new Uint8Array(await response.arrayBuffer()));
  return PROBLEM_STATUS[code] === response.status ? code : `${code} with ${response.status}`;
}

async function send(made: Recorded, change: Change = {}): Promise<string> {
  system.clock.advance(1);
  const { url, init } = build(made, change);
  return outcomeOf(await system.fetch(url, init));
}

/** What each route answers to the same change, with the routes that answer otherwise. */
async function outcomes(change: (made: Recorded) => Change, of = signed): Promise<string[]> {
  const found = new Map<string, string[]>();
  for (const made of of) {
    const outcome = await send(made, change(made));
    found.set(outcome, [...(found.get(outcome) ?? []), `${made.service} ${made.route.path}`]);
  }
  return [...found.keys()].toSorted();
}

const flipLast = (text: string): string =>
  text.replace(/[A-Za-z0-9](?==*:$)/, (last) => (last === "A" ? "Q" : "A"));
const nobody = (): DeviceId => Buffer.from(randomBytes(16)).toString("hex") as DeviceId;

test("every route that a service answers is core's, and every one of core is answered", () => {
  for (const service of SERVICES) {
    const paths = targetsOf(system, service).map(({ route }) => route.path);
    const missing = routesOf(service).filter(({ path }) => !paths.includes(path));
    // The second vault finds nobody by name, and keeps no kits.
    expect(missing.every(({ path }) => service === "what" && /lookup|kit/.test(path))).toBe(true);
    expect(system.routesOf(service).filter((line) => !line.startsWith("POST /v1/"))).toEqual([
      "GET /healthz",
      "GET /metrics",
      "GET /.well-known/sinetti",
    ]);
  }
});

describe("every signed route refuses a request", () => {
  const service = "00".repeat(16);
  const now = (): number => Math.floor(system.clock.now()) + 1;
  test.each<[string, string[], (made: Recorded) => Change]>([
    [
      "without a signature",
      ["unsigned"],
      () => ({ headers: () => ({ "content-type": "application/cbor" }) }),
    ],
    ["meant for another service", ["wrong-service"], () => ({ service })],
    [
      "meant for the service beside it",
      ["wrong-service"],
      (made) => ({
        service: serviceKeyId(founder.practice.services[made.service === "gate" ? "who" : "gate"]),
      }),
    ],
    ["too old", ["outside-window"], () => ({ created: now() - REQUEST_WINDOW_SECONDS - 1 })],
    [
      "from the future",
      ["outside-window"],
      () => ({ created: now() + REQUEST_WINDOW_SECONDS + 1 }),
    ],
    ["signed by another's key", ["bad-signature"], () => ({ key: requestKey(stranger) })],
    [
      "whose signature has a bit flipped",
      ["bad-signature"],
      () => ({
        headers: (all) => ({ ...all, signature: flipLast(all["signature"] ?? "") }),
      }),
    ],
    [
      "whose body is another than was signed",
      ["bad-signature"],
      () => ({ sent: Uint8Array.of(0xa1, 0x61, 0x61, 0x01) }),
    ],
    ["that was signed for another path", ["bad-signature"], () => ({ path: "/v1/other" })],
    [
      "that is not said to be CBOR",
      ["malformed"],
      () => ({ headers: (all) => ({ ...all, "content-type": "text/plain" }) }),
    ],
    [
      "of a practice that is not here",
      ["unknown-practice"],
      () => ({
        keyId: {
          practice: "ab".repeat(16) as PracticeId,
          author: { by: "device", id: founder.context.device.owner.device },
        },
      }),
    ],
  ])("%s", async (_what, codes, change) => {
    expect(await outcomes(change)).toEqual(codes);
  });

  test("of a device of one practice in the name of another", async () => {
    const { practice } = founder.context.device.owner;
    const { device } = stranger.context.device.owner;
    const keyId = { practice, author: { by: "device" as const, id: device } };
    const refused = new Set(["behind", "not-authorised", "broken-chain", "malformed"]);
    const found = await outcomes(() => ({ by: stranger, keyId }));
    expect(found.filter((code) => !refused.has(code))).toEqual([]);
    const unknown = { practice, author: { by: "device" as const, id: nobody() } };
    const others = await outcomes(() => ({ by: stranger, keyId: unknown }));
    expect(others.filter((code) => !refused.has(code))).toEqual([]);
  });

  test("that comes a second time, or does no more than the first time", async () => {
    const { practice } = founder.context.device.owner;
    const digest = new PracticeDigest(system, practice);
    for (const made of signed) {
      system.clock.advance(1);
      const { url, init } = build(made);
      await outcomeOf(await system.fetch(url, init));
      const before = { url, ...(await digest.of(made.service)) };
      const again = await outcomeOf(await system.fetch(url, init));
      expect(["internal", "unavailable"]).not.toContain(again);
      expect({ url, ...(await digest.of(made.service)) }).toEqual(before);
    }
    await digest.close();
  });
});

describe("no signed route reads a byte of a body", () => {
  const unread: [string, (made: Recorded) => Change][] = [
    ["without a signature", () => ({ headers: () => ({ "content-type": "application/cbor" }) })],
    ["meant for another service", () => ({ service: "00".repeat(16) })],
    ["too old", () => ({ created: Math.floor(system.clock.now()) - REQUEST_WINDOW_SECONDS - 2 })],
    ["signed by another's key", () => ({ key: requestKey(stranger) })],
    ["that was signed for another path", () => ({ path: "/v1/other" })],
    ["that is not said to be CBOR", () => ({ headers: (all) => ({ ...all, "content-type": "" }) })],
  ];
  test.each(unread)("%s", async (_what, change) => {
    let pulled = 0;
    for (const made of signed) {
      const body = new CountedBody(piecesOf(made.body, 1000));
      expect(await send(made, { ...change(made), sent: body.stream })).not.toBe("ok");
      pulled += body.pulled;
    }
    expect(pulled).toBe(0);
  });

  test("of a practice or device that it does not know, but for a run that may bring it", async () => {
    const { practice } = founder.context.device.owner;
    const keyIds = [
      { practice: "ab".repeat(16) as PracticeId, author: { by: "device" as const, id: nobody() } },
      { practice, author: { by: "device" as const, id: nobody() } },
    ];
    const readers = new Set<string>();
    for (const keyId of keyIds)
      for (const made of signed) {
        const body = new CountedBody(piecesOf(made.body, 1000));
        expect(await send(made, { keyId, sent: body.stream })).not.toBe("ok");
        if (body.pulled > 0) readers.add(made.route.path);
      }
    expect([...readers]).toEqual([VAULT_ROUTES.practiceTake.path]);
  });
});

test("a body that was on its way when its device ended is of no more use, but for links that anybody may bring", async () => {
  const { client: colleague } = await addMember(system, founder, ["therapist", "admin", "privacy"]);
  const { promise: hasEnded, resolve: end } = Promise.withResolvers<void>();
  const pieces = async function* (made: Recorded): AsyncGenerator<Uint8Array> {
    await hasEnded;
    yield made.body;
  };
  const sent = signed.map((made) => {
    const body = new CountedBody(pieces(made));
    const { url, init } = build(made, { by: colleague, sent: body.stream });
    return { made, body, outcome: system.fetch(url, init).then(outcomeOf) };
  });
  await Promise.all(sent.map(({ body }) => body.asked));
  const { device } = colleague.context.device.owner;
  await giveOrder(founder.context, "device.end", { device });
  end();
  const found = new Map<string, string>();
  for (const { made, outcome } of sent) found.set(made.route.path, await outcome);
  const [take, ...rest] = [...found].filter(([, code]) => code !== "not-authorised");
  expect(take).toEqual([VAULT_ROUTES.practiceTake.path, "ok"]);
  // What was recorded there is in no form, which is seen first.
  expect(rest).toEqual([
    [GATE_ROUTES.orderApprove.path, "malformed"],
    [GATE_ROUTES.orderCancel.path, "malformed"],
  ]);
});

/** What a body is refused with that is in no form; a route that no device signs says so before it looks. */
const UNREAD = ["malformed", "too-large", "not-canonical", "not-authorised", "unsigned"];

describe("every route", () => {
  const anyone = (): Recorded[] =>
    targets.map((target) => ({ ...target, body: new Uint8Array(1), answer: new Uint8Array() }));
  /** Where a device is heard at all, or nobody signs. */
  const heard = (): Recorded[] =>
    anyone().filter(({ route }) => route.path !== VAULT_ROUTES.kitGet.path);

  test("refuses a body over its limit, whether it says how long it is or not, and reads no more", async () => {
    const longer = (made: Recorded): Change => ({
      headers: (all) => ({ ...all, "content-length": String(made.route.maxBytes + 1) }),
    });
    expect(await outcomes(longer, anyone())).toEqual(["too-large"]);
    const most = new Set<boolean>();
    for (const made of heard()) {
      const body = new CountedBody(nothing(2 * made.route.maxBytes + MIB));
      expect(await send(made, { sent: body.stream })).toBe("too-large");
      most.add(body.pulled <= made.route.maxBytes + 64 * 1024);
    }
    expect([...most]).toEqual([true]);
  });

  test("takes a body that breaks off for its sender's fault", async () => {
    const pieces = function* (): Generator<Uint8Array> {
      yield* nothing(500);
      throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
    };
    const broken = (): Change => ({ sent: new CountedBody(pieces()).stream });
    expect(await outcomes(broken, heard())).toEqual(["malformed"]);
  });

  test("knows one method, and answers others as a path that is none", async () => {
    const found = new Set<string>();
    for (const { service, route } of targets)
      for (const method of ["GET", "PUT", "DELETE", "PATCH"])
        found.add(
          await outcomeOf(await system.fetch(system.endpoints[service] + route.path, { method })),
        );
    expect([...found]).toEqual(["unknown-route"]);
  });

  test("refuses as many small values as fit, and nothing of them is held", async () => {
    const filled = (made: Recorded): Recorded => {
      const body = new Uint8Array(LIMITS.items + 1000).fill(0xa0);
      body.set([0x9a]);
      new DataView(body.buffer).setUint32(1, body.length - 5);
      return { ...made, body };
    };
    const before = heldMemory();
    const found = new Set<string>();
    // The two vaults run one code, and small bodies hold few values.
    const large = anyone().filter(
      ({ service, route }) => service !== "what" && route.maxBytes > LIMITS.items,
    );
    for (const made of large) found.add(await send(filled(made)));
    expect([...found].filter((code) => !UNREAD.includes(code))).toEqual([]);
    expect(heldMemory() - before).toBeLessThan(48 * MIB);
  });

  test("refuses nesting deeper than the limit, and counts that promise more than is there", async () => {
    const bodies = [
      new Uint8Array(LIMITS.depth + 2).fill(0x81),
      new Uint8Array(60_000).fill(0x81),
      Uint8Array.of(0x9b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0x5b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
    ];
    const found = new Set<string>();
    for (const made of anyone())
      for (const body of bodies) found.add(await send({ ...made, body }));
    expect([...found].filter((code) => !UNREAD.includes(code))).toEqual([]);
  });
});

test("and afterwards the record is what it was, and work goes on", async () => {
  const [opened] = await openFiles(founder.context, [file], { purpose: "session" });
  if (opened?.outcome !== "released") throw new TypeError("not released");
  const bodies = readEntries(founder.context, opened.file).map(({ body }) => body);
  expect(bodies).toEqual([new Uint8Array(40).fill(7)]);
});
