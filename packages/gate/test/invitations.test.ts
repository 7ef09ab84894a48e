import { decodeShape, encodeShape, GATE_ROUTES, LIMITS, problemShape } from "@sinetti/core";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { TestMember } from "../../../tools/testPractice.ts";
import { GatePractice } from "./gatePractice.ts";
import { Refused, TestGate } from "./testGate.ts";

const DAY = 86_400;
const { invitationGet, invitationAnswer } = GATE_ROUTES;
let gate: TestGate;
let practice: GatePractice;
let office: TestMember;

beforeAll(async () => {
  gate = await TestGate.open();
  practice = await GatePractice.create(gate);
  office = await practice.hire(["office", "privacy", "therapist"]);
});
afterAll(() => gate.stop());
// Every test has its own minute, and so its own requests.
beforeEach(() => gate.clock.pass(60));

const bytes = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
const slip = (days = 14) => ({
  mailbox: bytes(16),
  offer: bytes(300),
  until: gate.clock.now() + days * DAY,
});

async function post<Q, A>(
  route: { path: string; request: { encode(value: Q): unknown }; answer: unknown },
  body: Q,
): Promise<A> {
  const { path, request, answer } = route as typeof invitationGet;
  const response = await gate.send(path, encodeShape(request, body as never));
  const read = new Uint8Array(await response.arrayBuffer());
  if (response.status !== 200)
    throw new Refused(decodeShape(problemShape, read).code, {
      index: undefined,
      status: response.status,
    });
  return decodeShape(answer, read) as A;
}
const get = (mailbox: Uint8Array) =>
  post<object, { offer: Uint8Array | null; isAnswered: boolean }>(invitationGet, { mailbox });
const answer = (mailbox: Uint8Array, blob: Uint8Array) =>
  post<object, object>(invitationAnswer, { mailbox, answer: blob });
const put = (items: ReturnType<typeof slip>[], by: TestMember = practice.founder) =>
  gate.call(practice.signer(by), "invitationPut", { items });
const list = (by: TestMember = practice.founder, after: Uint8Array | null = null) =>
  gate.call(practice.signer(by), "invitationList", { after });

describe("an invitation", () => {
  it("is laid down, listed and dropped by administrators alone, and by none who is frozen", async () => {
    const one = slip();
    await expect(put([one], office)).rejects.toMatchObject({ code: "not-authorised" });
    await expect(list(office)).rejects.toMatchObject({ code: "not-authorised" });
    await expect(
      gate.call(practice.signer(office), "invitationDrop", { mailboxes: [one.mailbox] }),
    ).rejects.toMatchObject({ code: "not-authorised" });
    const other = await GatePractice.create(gate);
    await other.give(other.founder, "freeze", { body: { member: null } });
    await expect(
      gate.call(other.signer(other.founder), "invitationPut", { items: [one] }),
    ).rejects.toMatchObject({ code: "frozen" });
  });

  it("lives no longer than two months, and not in the past", async () => {
    for (const days of [-1, 0, 61])
      await expect(put([slip(days)])).rejects.toMatchObject({ code: "malformed" });
  });

  it("is shown to who knows its mailbox, until it is over, dropped or unknown", async () => {
    const [kept, dropped, over] = [slip(), slip(), slip(1)];
    await put([kept, dropped, over]);
    expect(await get(kept.mailbox)).toEqual({ offer: kept.offer, isAnswered: false });
    await gate.call(practice.signer(practice.founder), "invitationDrop", {
      mailboxes: [dropped.mailbox],
    });
    gate.clock.pass(DAY);
    for (const mailbox of [dropped.mailbox, over.mailbox, bytes(16)]) {
      expect(await get(mailbox)).toEqual({ offer: null, isAnswered: false });
      await expect(answer(mailbox, bytes(1500))).rejects.toMatchObject({ code: "not-found" });
    }
    const { invitations } = await list();
    expect(invitations.map(({ mailbox }) => mailbox)).toContainEqual(kept.mailbox);
    expect(invitations.map(({ mailbox }) => mailbox)).not.toContainEqual(over.mailbox);
  });

  it("is answered once; the same answer again is no second one", async () => {
    const one = slip();
    await put([one]);
    const blob = bytes(1500);
    await answer(one.mailbox, blob);
    await answer(one.mailbox, blob);
    await expect(answer(one.mailbox, bytes(1500))).rejects.toMatchObject({ code: "conflict" });
    await put([{ ...one, offer: bytes(300) }]);
    expect(await get(one.mailbox)).toEqual({ offer: one.offer, isAnswered: true });
    const { invitations } = await list();
    expect(invitations.find(({ until }) => until === one.until)?.answer).toEqual(blob);
  });

  it("is of one practice: another one neither sees nor drops it, and cannot take its mailbox", async () => {
    const one = slip();
    await put([one]);
    const other = await GatePractice.create(gate);
    const signer = other.signer(other.founder);
    expect((await gate.call(signer, "invitationList", { after: null })).invitations).toEqual([]);
    await gate.call(signer, "invitationDrop", { mailboxes: [one.mailbox] });
    await expect(gate.call(signer, "invitationPut", { items: [one] })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await get(one.mailbox)).offer).toEqual(one.offer);
  });

  it("has an answer of bounded size", async () => {
    const one = slip();
    await put([one]);
    await answer(one.mailbox, bytes(LIMITS.invitationBytes));
    const body = encodeShape(
      { ...invitationAnswer.request, encode: (value: unknown) => value as never },
      new Map<string, Uint8Array>([
        ["answer", bytes(LIMITS.invitationBytes + 1)],
        ["mailbox", one.mailbox],
      ]) as never,
    );
    const response = await gate.send(invitationAnswer.path, body);
    expect(response.status).not.toBe(200);
  });
});

describe("a flood", () => {
  it("of answers from one address is turned away, and leaves what was answered", async () => {
    const one = slip();
    await put([one]);
    const codes: string[] = [];
    for (let index = 0; index < 80; index++)
      await answer(bytes(16), bytes(10)).catch((error: unknown) =>
        codes.push((error as Refused).code),
      );
    expect(codes).toContain("rate-limited");
    await expect(answer(one.mailbox, bytes(10))).rejects.toMatchObject({ code: "rate-limited" });
    gate.clock.pass(60);
    await answer(one.mailbox, bytes(10));
  });

  it("of invitations ends at the bound of a practice; what is over makes room", async () => {
    const other = await GatePractice.create(gate);
    const signer = other.signer(other.founder);
    const fill = (count: number, days: number) =>
      gate.call(signer, "invitationPut", {
        items: Array.from({ length: count }, () => slip(days)),
      });
    for (let left = LIMITS.invitations; left > 0; left -= 250) await fill(250, 2);
    await expect(fill(1, 2)).rejects.toMatchObject({ code: "too-large" });
    let after: Uint8Array | null = null;
    let listed = 0;
    for (let more = true; more;) {
      const page: Awaited<ReturnType<typeof list>> = await gate.call(signer, "invitationList", {
        after,
      });
      listed += page.invitations.length;
      after = page.invitations.at(-1)?.mailbox ?? null;
      more = page.more;
    }
    expect(listed).toBe(LIMITS.invitations);
    gate.clock.pass(3 * DAY);
    await fill(250, 2);
  });
});

describe("row security", () => {
  it("shows a transaction that entered a mailbox that one row, and one that entered nothing none", async () => {
    const [mine, other] = [slip(), slip()];
    await put([mine, other]);
    const seen = await gate.sql.begin(async (tx) => {
      await tx`select set_config('sinetti.mailbox', ${Buffer.from(mine.mailbox).toString("hex")}, true)`;
      return tx<{ mailbox: Uint8Array }[]>`select mailbox from invitations`;
    });
    expect(seen.map(({ mailbox }) => Buffer.from(mailbox).toString("hex"))).toEqual([
      Buffer.from(mine.mailbox).toString("hex"),
    ]);
    expect(await gate.sql`select 1 from invitations`).toHaveLength(0);
  });
});
