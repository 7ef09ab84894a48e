import { GATE_ROUTES, decodeShape, encodeShape, practiceHead, problemShape } from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { TestEar } from "../../../tools/testEar.ts";
import type { TestMember } from "../../../tools/testPractice.ts";
import { GatePractice } from "./gatePractice.ts";
import { TestGate } from "./testGate.ts";

const { hints } = GATE_ROUTES;
const LIMITS = { perDevice: 2, lifeSeconds: 900, beatMs: 20, gatherMs: 1 };

let gate: TestGate;
let practice: GatePractice;
let founder: TestMember;
let colleague: TestMember;
let office: TestMember;
const ears: TestEar[] = [];

beforeAll(async () => {
  gate = await TestGate.open({ hints: LIMITS });
});
afterAll(() => gate.stop());
afterEach(() => Promise.all(ears.splice(0).map((ear) => ear.close())));
beforeEach(async () => {
  practice = await GatePractice.create(gate);
  ({ founder } = practice);
  colleague = await practice.hire(["therapist"]);
  office = await practice.hire(["office"]);
});

async function ask(by: TestMember, app: TestGate["app"] = gate.app): Promise<Response> {
  const body = encodeShape(hints.request, {});
  const { headers } = gate.sign(practice.signer(by), hints.path, body);
  return app.request(hints.path, {
    method: "POST",
    body: body as Uint8Array<ArrayBuffer>,
    headers: { "content-type": "application/cbor", ...headers },
  });
}

async function listen(by: TestMember, app?: TestGate["app"]): Promise<TestEar> {
  const response = await ask(by, app);
  expect(response.headers.get("content-type")).toBe("application/cbor-seq");
  const ear = new TestEar(response);
  ears.push(ear);
  return ear;
}

async function refusal(by: TestMember, app?: TestGate["app"]): Promise<string> {
  const bytes = new Uint8Array(await (await ask(by, app)).arrayBuffer());
  return decodeShape(problemShape, bytes).code;
}

const send = (by: TestMember, order: Uint8Array) =>
  gate.call(practice.signer(by), "stop", { order });
const shared = async (...others: TestMember[]) => {
  const file = practice.createFile(founder, "care", {
    grants: others.map((member) => practice.grant(member)),
  });
  await practice.store(founder, [file]);
  return file;
};

describe("a stream of hints of the gate says", () => {
  it("that the practice chain grew, and that orders wait or wait no more", async () => {
    const theirs = await listen(office);
    const added = await practice.hire(["office"]);
    expect(await theirs.heard()).toEqual({ practice: true });
    const order = practice.order(founder, "member.role", {
      member: added.member,
      roles: ["therapist"],
    });
    await gate.call(practice.signer(founder), "orderPropose", { order });
    expect(await theirs.heard()).toEqual({ orders: true });
    const approval = practice.approval(colleague, order);
    await gate.call(practice.signer(colleague), "orderApprove", { approval });
    expect(await theirs.heard()).toEqual({ orders: true });
  });

  it("which files were granted to whoever holds them, and nothing of the others", async () => {
    const [theirs, stranger] = [await listen(colleague), await listen(office)];
    await shared();
    const file = await shared(colleague);
    expect(await theirs.heard()).toEqual({ files: [file.file] });
    await practice.hire(["office"]);
    expect(await stranger.heard()).toEqual({ practice: true });
  });

  it("that a stop arrived: a revocation only to those who look after it, hold the file or held it until then", async () => {
    const file = await shared(colleague);
    const [guard, stranger, theirs] = [
      await listen(founder),
      await listen(office),
      await listen(colleague),
    ];
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    await send(founder, order);
    expect(await guard.heard()).toEqual({ stops: true, files: [file.file] });
    expect(await theirs.heard()).toEqual({ files: [file.file] });
    const statement = signAccessStatement(
      {
        practice: practice.id,
        file: file.file,
        device: founder.device,
        head: { seq: 0, hash: file.link.hash },
      },
      { kind: "revoke", body: { seen: practiceHead(practice.state), order } },
      founder.statement.secret,
    );
    await gate.call(practice.signer(founder), "accessSubmit", {
      items: [{ statement, share: null }],
    });
    await practice.hire(["office"]);
    expect(await stranger.heard()).toEqual({ practice: true });
    expect(await theirs.heard()).toEqual({ practice: true });
  });

  it("that a chain took a grant without a stop before it, to whoever held it until then", async () => {
    const file = await shared(colleague);
    const theirs = await listen(colleague);
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    const head = { seq: 0, hash: file.link.hash };
    const statement = signAccessStatement(
      { practice: practice.id, file: file.file, device: founder.device, head },
      { kind: "revoke", body: { seen: practiceHead(practice.state), order } },
      founder.statement.secret,
    );
    await gate.call(practice.signer(founder), "accessSubmit", {
      items: [{ statement, share: null }],
    });
    expect(await theirs.heard()).toEqual({ files: [file.file] });
  });
});

describe("a stream of hints of the gate ends at once", () => {
  const stops: [string, () => Uint8Array][] = [
    ["the member is frozen", () => practice.order(founder, "freeze", { member: colleague.member })],
    ["the practice is frozen", () => practice.order(founder, "freeze", { member: null })],
    [
      "the member is ended",
      () => practice.order(founder, "member.end", { member: colleague.member }),
    ],
    [
      "the device is ended",
      () => practice.order(founder, "device.end", { device: colleague.device }),
    ],
  ];
  it.each(stops)("when %s by a stop", async (_, make) => {
    const theirs = await listen(colleague);
    await theirs.next();
    await send(founder, make());
    expect(await theirs.heard()).toBeNull();
    expect(await refusal(colleague)).toMatch(/frozen|not-authorised/);
  });

  it("when the chain tells of the end", async () => {
    const theirs = await listen(colleague);
    await theirs.next();
    await practice.give(founder, "member.end", { body: { member: colleague.member } });
    expect(await theirs.heard()).toBeNull();
  });

  it("at the next beat, when another process of the gate took the stop", async () => {
    const theirs = await listen(colleague, gate.assemble({ hints: LIMITS }));
    await theirs.next();
    await send(founder, practice.order(founder, "freeze", { member: colleague.member }));
    expect(await theirs.heard()).toBeNull();
  });

  it("when its life is over", async () => {
    const own = await listen(founder);
    await own.next();
    gate.clock.pass(LIMITS.lifeSeconds);
    expect(await own.heard()).toBeNull();
  });

  it("when the gate stops, which then takes no more", async () => {
    const stopping = new AbortController();
    const app = gate.assemble({ hints: LIMITS, stopping: stopping.signal });
    const own = await listen(founder, app);
    await own.next();
    stopping.abort();
    expect(await own.heard()).toBeNull();
    expect(await refusal(founder, app)).toBe("unavailable");
  });
});

describe("a stream of hints of the gate", () => {
  it("is bounded by device: the oldest makes room", async () => {
    const [first, second] = [await listen(colleague), await listen(colleague)];
    await listen(colleague);
    expect([await first.heard(), await second.next()]).toEqual([null, expect.anything()]);
  });

  it("leaves no line in the log of releases and writes no row", async () => {
    gate.statements.length = 0;
    await (await listen(founder)).next();
    const written = gate.statements.filter((text) => /insert|update|delete/i.test(text));
    expect(written).toEqual([]);
    const { rows } = await gate.call(practice.signer(founder), "logRead", {
      scope: "practice",
      file: null,
      from: 0,
      limit: 100,
    });
    expect(rows).toEqual([]);
  });

  it("costs nothing of a budget and shows nothing that is metered", async () => {
    const file = await shared();
    const before = await gate.call(practice.signer(founder), "budgetRead", {});
    const own = await listen(founder);
    await shared();
    expect(await own.heard()).not.toEqual({ files: [file.file] });
    const after = await gate.call(practice.signer(founder), "budgetRead", {});
    expect(after.classes).toEqual(before.classes);
  });
});
