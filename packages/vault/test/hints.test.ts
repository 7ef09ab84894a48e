import { HINT_FILES, VAULT_ROUTES, encodeShape, type FileId } from "@sinetti/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { TestEar } from "../../../tools/testEar.ts";
import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { TestDesk, outcomeOf, type KeptFile } from "./testFiles.ts";
import { TestVault, kitOf, readReply, type Sent } from "./testVault.ts";

const { hints, stop, practiceTake, draftPut, fileList } = VAULT_ROUTES;
const LIMITS = {
  hints: {
    perDevice: 2,
    perMember: 3,
    inAll: 6,
    lifeSeconds: 900,
    beatMs: 20,
    gatherMs: 1,
  },
};

let vault: TestVault;
let practice: TestPractice;
let desk: TestDesk;
let founder: TestMember;
let colleague: TestMember;
let office: TestMember;
const ears: TestEar[] = [];

beforeAll(async () => {
  vault = await TestVault.open("what", LIMITS);
});
afterEach(() => Promise.all(ears.splice(0).map((ear) => ear.close())));
afterAll(() => vault.close());
beforeEach(async () => {
  practice = vault.strangePractice();
  founder = practice.founder;
  colleague = practice.add(["therapist"]);
  office = practice.add(["office"]);
  await vault.handOver(practice);
  desk = new TestDesk(vault, practice);
});

async function ask(at: TestVault, sent: Sent): Promise<Response> {
  const body = encodeShape(hints.request, {});
  const headers = at.sign(hints.path, body, sent);
  return at.raw(hints.path, { method: "POST", headers, body: new Uint8Array(body) });
}

async function listen(by: TestMember, at: TestVault = vault): Promise<TestEar> {
  const response = await ask(at, desk.as(by));
  expect(response.headers.get("content-type")).toBe("application/cbor-seq");
  const ear = new TestEar(response);
  ears.push(ear);
  return ear;
}

const refusal = async (sent: Sent): Promise<string> =>
  outcomeOf(await readReply(hints, await ask(vault, sent)));
const shared = (...others: TestMember[]): Promise<KeptFile> =>
  desk.keep(founder, "care", { grants: others.map((member) => practice.grant(member)) });

describe("a stream of hints says", () => {
  test("which files changed to whoever holds them, and nothing of the others", async () => {
    const [mine, ours] = [await shared(), await shared(colleague)];
    const [own, theirs, stranger] = [
      await listen(founder),
      await listen(colleague),
      await listen(office),
    ];
    await desk.write(founder, mine);
    expect(await own.heard()).toEqual({ files: [mine.file] });
    await desk.write(founder, ours);
    expect(await own.heard()).toEqual({ files: [ours.file] });
    expect(await theirs.heard()).toEqual({ files: [ours.file] });
    practice.add(["office"]);
    await vault.handOver(practice);
    expect(await stranger.heard()).toEqual({ practice: true });
  });

  test("that a file was granted, to whoever got it, that it was taken back, and nothing more after that", async () => {
    const file = await shared();
    const theirs = await listen(colleague);
    await desk.grant(founder, file, practice.grant(colleague));
    expect(await theirs.heard()).toEqual({ files: [file.file] });
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    await vault.done(stop, { order }, desk.as(founder));
    expect(await theirs.heard()).toEqual({ files: [file.file] });
    await desk.write(founder, file);
    practice.add(["office"]);
    await vault.handOver(practice);
    expect(await theirs.heard()).toEqual({ practice: true });
  });

  test("that a chain took a grant without a stop before it, to whoever held it until then", async () => {
    const file = await shared(colleague);
    const theirs = await listen(colleague);
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    await desk.take(founder, [desk.access(founder, file, { kind: "revoke", body: { order } })]);
    expect(await theirs.heard()).toEqual({ files: [file.file] });
  });

  test("that a stop arrived: a revocation only to those who look after it, hold the file or held it until then", async () => {
    const file = await shared(colleague);
    const [guard, stranger] = [await listen(founder), await listen(office)];
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    await vault.done(stop, { order }, desk.as(founder));
    expect(await guard.heard()).toEqual({ stops: true, files: [file.file] });
    const freeze = practice.order(founder, "freeze", { member: colleague.member });
    await vault.done(stop, { order: freeze }, desk.as(founder));
    expect(await stranger.heard()).toEqual({ stops: true });
  });

  test("`all` when more files changed than one hint names", async () => {
    const files: FileId[] = [];
    const made = Array.from({ length: HINT_FILES + 1 }, () => practice.createFile(founder, "care"));
    const own = await listen(founder);
    await desk.stage(founder, made);
    await desk.take(
      founder,
      made.map(({ statement }) => statement),
    );
    files.push(...made.map(({ file }) => file));
    expect(files).toHaveLength(HINT_FILES + 1);
    expect(await own.heard()).toEqual({ all: true });
  });

  test("nothing of drafts: how somebody types is nobody's business", async () => {
    const file = await shared();
    const own = await listen(founder);
    const draft = { file: file.file, draft: file.file as never, epoch: 1, revision: 0 };
    await vault.done(draftPut, { ...draft, box: new Uint8Array(60) }, desk.as(founder));
    await desk.write(founder, file);
    expect(await own.heard()).toEqual({ files: [file.file] });
    practice.add(["office"]);
    await vault.handOver(practice);
    expect(await own.heard()).toEqual({ practice: true });
  });

  test("one hint for all that came while nobody read", async () => {
    const [a, b] = [await shared(), await shared()];
    const own = await listen(founder);
    expect(await own.next()).toMatchObject({ files: [] });
    for (let count = 0; count < 30; count++) await desk.write(founder, count % 2 === 0 ? a : b);
    const heard = new Set<FileId>();
    let hintsHeard = 0;
    while (heard.size < 2) {
      const hint = await own.heard();
      hintsHeard++;
      for (const file of hint?.files ?? []) heard.add(file);
    }
    expect(hintsHeard).toBeLessThanOrEqual(2);
  });
});

describe("a stream of hints ends at once", () => {
  const stops: [string, () => Parameters<TestPractice["order"]>][] = [
    ["the member is frozen", () => [founder, "freeze", { member: colleague.member }]],
    ["the practice is frozen", () => [founder, "freeze", { member: null }]],
    ["the member is ended", () => [founder, "member.end", { member: colleague.member }]],
    ["the device is ended", () => [founder, "device.end", { device: colleague.device }]],
  ];
  test.each(stops)("when %s by a stop", async (_, make) => {
    const theirs = await listen(colleague);
    await theirs.next();
    const order = practice.order(...make());
    await vault.done(stop, { order }, desk.as(founder));
    expect(await theirs.heard()).toBeNull();
    expect(await refusal(desk.as(colleague))).toMatch(/frozen|not-authorised/);
  });

  test("when the chain tells of the end", async () => {
    const theirs = await listen(colleague);
    await theirs.next();
    const order = practice.order(founder, "member.end", { member: colleague.member });
    practice.apply(practice.statement(founder, order));
    await vault.done(practiceTake, { links: practice.links }, desk.as(founder));
    expect(await theirs.heard()).toBeNull();
  });

  test("at the next beat, when another process of the vault took the stop", async () => {
    const twin = vault.twin();
    const theirs = await listen(colleague);
    await theirs.next();
    const order = practice.order(founder, "freeze", { member: colleague.member });
    await twin.done(stop, { order }, desk.as(founder));
    expect(await theirs.heard()).toBeNull();
    await twin.sql.end();
  });

  test("when its life is over, and another may follow", async () => {
    const own = await listen(founder);
    await own.next();
    vault.now += LIMITS.hints.lifeSeconds;
    expect(await own.heard()).toBeNull();
    expect(await (await listen(founder)).next()).not.toBeNull();
  });

  test("when the vault stops, which then takes no more", async () => {
    const stopping = new AbortController();
    const other = vault.twin({ stopping: stopping.signal });
    const own = await listen(founder, other);
    await own.next();
    stopping.abort();
    expect(await own.heard()).toBeNull();
    expect(outcomeOf(await readReply(hints, await ask(other, desk.as(founder))))).toBe(
      "unavailable",
    );
    await other.sql.end();
  });
});

describe("streams of hints are bounded", () => {
  test("by device: the oldest makes room", async () => {
    const [first, second] = [await listen(colleague), await listen(colleague)];
    await listen(colleague);
    expect([await first.heard(), await second.next()]).toEqual([null, expect.anything()]);
  });

  test("in all: one more is refused", async () => {
    const others = Array.from({ length: 3 }, () => practice.add(["therapist"]));
    await vault.handOver(practice);
    for (const member of others) {
      await listen(member);
      await listen(member);
    }
    expect(await refusal(desk.as(founder))).toBe("rate-limited");
    await ears.at(-1)?.close();
    expect(await (await listen(founder)).next()).not.toBeNull();
  });

  test("and counted without names", async () => {
    await listen(founder);
    const text = await (await vault.raw("/metrics", {})).text();
    expect(text).toContain("sinetti_hint_streams 1");
  });
});

describe("a stream of hints", () => {
  test("is refused to a key of paper", async () => {
    expect(await refusal({ practice: practice.id, signer: kitOf(founder) })).toBe("not-authorised");
  });

  test("may be read by the configured origin", async () => {
    const body = encodeShape(hints.request, {});
    const headers = vault.sign(hints.path, body, desk.as(founder));
    const origin = "https://app.example";
    const init = { method: "POST", headers: { ...headers, origin }, body: new Uint8Array(body) };
    const response = await vault.raw(hints.path, init);
    ears.push(new TestEar(response));
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("writes no row and logs no id", async () => {
    const file = await shared();
    vault.logged.length = 0;
    vault.queries.length = 0;
    const own = await listen(founder);
    const asked = vault.statements();
    expect(asked.filter((text) => /insert|update|delete/i.test(text))).toEqual([]);
    await desk.write(founder, file);
    await own.heard();
    expect(vault.logged.join("")).not.toContain(file.file);
    expect(vault.logged.join("")).not.toContain(founder.member);
  });

  test("names no file that the list of files does not name", async () => {
    const file = await shared(colleague);
    const theirs = await listen(colleague);
    await desk.write(founder, file);
    const { files } = await vault.done(fileList, { after: null }, desk.as(colleague));
    expect((await theirs.heard())?.files).toEqual(files.map((line) => line.file));
  });
});
