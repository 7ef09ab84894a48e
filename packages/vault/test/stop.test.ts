import { VAULT_ROUTES, type Order, type Signed } from "@sinetti/core";
import { signOrder } from "@sinetti/core/secret";
import { practiceHead } from "@sinetti/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { TestDesk, outcomeOf, type KeptFile } from "./testFiles.ts";
import { TestVault } from "./testVault.ts";

const { stop, stopsRead, fileList, status } = VAULT_ROUTES;
let vault: TestVault;
let practice: TestPractice;
let desk: TestDesk;
let founder: TestMember;
let colleague: TestMember;

beforeAll(async () => {
  vault = await TestVault.open("what");
});
afterAll(() => vault.close());
beforeEach(async () => {
  practice = vault.strangePractice();
  founder = practice.founder;
  colleague = practice.add(["therapist"]);
  await vault.handOver(practice);
  desk = new TestDesk(vault, practice);
});

const send = async (by: TestMember, order: Signed): Promise<string> =>
  outcomeOf(await vault.send(stop, { order }, desk.as(by)));
const shared = (): Promise<KeptFile> =>
  desk.keep(founder, "care", { grants: [practice.grant(colleague)] });
const revoke = (by: TestMember, file: KeptFile, whose: TestMember): Signed =>
  practice.order(by, "revoke", {
    file: file.file,
    subject: { type: "member", id: whose.member },
  });

describe("a stop is refused", () => {
  test("when it is no stop", async () => {
    const order = practice.order(founder, "member.role", {
      member: colleague.member,
      roles: ["office"],
    });
    expect(await send(founder, order)).toBe("malformed");
  });

  test("from somebody who may not give it", async () => {
    const office = practice.add(["office"]);
    await vault.handOver(practice);
    const end = practice.order(office, "member.end", { member: founder.member });
    expect(await send(office, end)).toBe("not-authorised");
    const freeze = practice.order(office, "freeze", { member: founder.member });
    expect(await send(office, freeze)).toBe("not-authorised");
    expect(await send(office, revoke(office, await shared(), colleague))).toBe("not-authorised");
  });

  test("when its author's key did not sign it", async () => {
    const author = { by: "device" as const, id: founder.device };
    const content = {
      practice: practice.id,
      author,
      seen: practiceHead(practice.state),
      kind: "freeze" as const,
      body: { member: null } as Extract<Order, { kind: "freeze" }>["body"],
    };
    const order = signOrder(content, colleague.statement.secret);
    expect(await send(colleague, order)).toBe("bad-signature");
  });

  test("of a file that is not here", async () => {
    const file = practice.createFile(founder, "care");
    const order = revoke(founder, { ...file, ...desk.fold(file) }, founder);
    expect(await send(founder, order)).toBe("unknown-file");
  });

  test("when it was signed for another practice", async () => {
    const other = await vault.practice();
    const order = other.order(other.founder, "freeze", { member: null });
    expect(await send(founder, order)).toBe("malformed");
  });
});

describe("a stop acts on arrival", () => {
  test("a revocation: the file neither opens nor is listed, and its wraps stay closed", async () => {
    const file = await shared();
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("ok");
    const order = revoke(founder, file, colleague);
    expect(await send(founder, order)).toBe("ok");
    expect(await send(founder, order)).toBe("ok");
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("not-granted 0");
    expect(outcomeOf(await desk.write(colleague, file))).toBe("not-granted 0");
    const listed = await vault.done(fileList, { after: null }, desk.as(colleague));
    expect(listed.files).toEqual([]);
    expect(outcomeOf(await desk.open(founder, [file]))).toBe("ok");
  });

  test("the end of a member and of a device: nothing of theirs is heard", async () => {
    const order = practice.order(founder, "member.end", { member: colleague.member });
    expect(await send(founder, order)).toBe("ok");
    expect(outcomeOf(await vault.send(status, {}, desk.as(colleague)))).toBe("not-authorised");
    const end = practice.order(founder, "device.end", { device: founder.device });
    expect(await send(founder, end)).toBe("ok");
    expect(outcomeOf(await vault.send(status, {}, desk.as(founder)))).toBe("not-authorised");
  });

  test("a freeze of a member: they alone are shut out", async () => {
    const file = await shared();
    const order = practice.order(founder, "freeze", { member: colleague.member });
    expect(await send(founder, order)).toBe("ok");
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("frozen");
    expect(outcomeOf(await vault.send(fileList, { after: null }, desk.as(colleague)))).toBe(
      "frozen",
    );
    expect((await vault.done(status, {}, desk.as(colleague))).frozen).toBe(true);
    expect(outcomeOf(await desk.open(founder, [file]))).toBe("ok");
  });

  test("a freeze by the paper code", async () => {
    const author = { by: "code" as const, id: practice.id };
    const signer = { author, key: practice.code };
    const content = {
      practice: practice.id,
      author,
      seen: practiceHead(practice.state),
      kind: "freeze" as const,
      body: { member: null },
    };
    const order = signOrder(content, practice.code.secret);
    const sent = { practice: practice.id, signer };
    expect(outcomeOf(await vault.send(stop, { order }, sent))).toBe("ok");
    expect((await vault.done(status, {}, desk.as(founder))).frozen).toBe(true);
  });
});

describe("once a chain carries it", () => {
  test("a freeze ends with its thaw, and a late copy stops nothing", async () => {
    const order = practice.order(founder, "freeze", { member: null });
    expect(await send(founder, order)).toBe("ok");
    practice.apply(practice.statement(founder, order));
    await vault.handOver(practice);
    expect((await vault.done(status, {}, desk.as(founder))).frozen).toBe(true);
    const [freeze] = Object.keys(practice.state.freezes);
    const body = { freeze } as Extract<Order, { kind: "thaw" }>["body"];
    const thaw = practice.order(founder, "thaw", body);
    const approvals = [practice.approval(colleague, thaw)];
    practice.apply(practice.statement(founder, thaw, approvals));
    await vault.handOver(practice);
    expect((await vault.done(status, {}, desk.as(founder))).frozen).toBe(false);
    expect(await send(founder, order)).toBe("ok");
    expect((await vault.done(status, {}, desk.as(founder))).frozen).toBe(false);
  });

  test("a revocation gives way to a later grant, and a late copy stops nothing", async () => {
    const file = await shared();
    const order = revoke(founder, file, colleague);
    expect(await send(founder, order)).toBe("ok");
    await desk.take(founder, [desk.access(founder, file, { kind: "revoke", body: { order } })]);
    expect(await desk.grant(founder, file, practice.grant(colleague))).toBe("ok");
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("ok");
    expect(await send(founder, order)).toBe("ok");
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("ok");
  });

  test("a revocation that never came as a stop is remembered too", async () => {
    const file = await shared();
    const order = revoke(founder, file, colleague);
    await desk.take(founder, [desk.access(founder, file, { kind: "revoke", body: { order } })]);
    expect(await desk.grant(founder, file, practice.grant(colleague))).toBe("ok");
    expect(await send(founder, order)).toBe("ok");
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("ok");
  });
});

describe("the stops that no chain carries", () => {
  const read = async (by: TestMember): Promise<Uint8Array[]> =>
    (await vault.done(stopsRead, {}, desk.as(by))).orders;

  test("are shown to no device that has ended, and to no key of paper", async () => {
    const order = practice.order(founder, "member.end", { member: colleague.member });
    expect(await send(founder, order)).toBe("ok");
    expect(outcomeOf(await vault.send(stopsRead, {}, desk.as(colleague)))).toBe("not-authorised");
    const author = { by: "code" as const, id: practice.id };
    const sent = { practice: practice.id, signer: { author, key: practice.code } };
    expect(outcomeOf(await vault.send(stopsRead, {}, sent))).not.toBe("ok");
  });

  test("a revocation is shown to nobody who may not know of the file", async () => {
    const office = practice.add(["office"]);
    const officer = practice.add(["privacy"]);
    await vault.handOver(practice);
    const order = revoke(founder, await shared(), colleague);
    expect(await send(founder, order)).toBe("ok");
    expect(await read(office)).toEqual([]);
    expect(await read(colleague)).toEqual([]);
    expect(await read(officer)).toEqual([order]);
    expect(await read(founder)).toEqual([order]);
  });

  test("a revocation that takes nothing any more is not shown", async () => {
    const file = await shared();
    const [first, second] = [revoke(founder, file, colleague), revoke(founder, file, colleague)];
    expect(await send(founder, first)).toBe("ok");
    expect(await send(founder, second)).toBe("ok");
    await desk.take(founder, [
      desk.access(founder, file, { kind: "revoke", body: { order: first } }),
    ]);
    expect(await read(founder)).toEqual([]);
  });

  test("a freeze is shown to everybody, also who is frozen, until the chain carries it", async () => {
    const order = practice.order(founder, "freeze", { member: colleague.member });
    expect(await read(colleague)).toEqual([]);
    expect(await send(founder, order)).toBe("ok");
    expect(await read(colleague)).toEqual([order]);
    practice.apply(practice.statement(colleague, order));
    await vault.handOver(practice);
    expect(await read(colleague)).toEqual([]);
    expect((await vault.done(status, {}, desk.as(colleague))).frozen).toBe(true);
  });

  test("at most 256 are shown, freezes before revocations", async () => {
    const file = await shared();
    for (let count = 0; count < 256; count++)
      expect(await send(founder, revoke(founder, file, colleague))).toBe("ok");
    const order = practice.order(colleague, "freeze", { member: founder.member });
    expect(await send(colleague, order)).toBe("ok");
    const shown = await read(founder);
    expect(shown).toHaveLength(256);
    expect(shown[0]).toEqual(order);
  });

  test("a freeze that could never stand, because its author has ended, acts no more", async () => {
    const hostile = practice.add(["therapist"]);
    await vault.handOver(practice);
    const order = practice.order(hostile, "freeze", { member: founder.member });
    expect(await send(hostile, order)).toBe("ok");
    expect((await vault.done(status, {}, desk.as(founder))).frozen).toBe(true);
    const end = practice.order(founder, "member.end", { member: hostile.member });
    practice.apply(practice.statement(founder, end));
    await vault.handOver(practice);
    expect((await vault.done(status, {}, desk.as(founder))).frozen).toBe(false);
    expect(await read(founder)).toEqual([]);
  });
});
