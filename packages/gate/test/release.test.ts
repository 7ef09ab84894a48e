import {
  DEFAULT_POLICY,
  GATE_ROUTES,
  encodeShape,
  generateNonce,
  hashLogDetail,
  hashLogEntry,
  operationCounts,
  practiceHead,
  verifyReceipt,
  ZERO_HASH,
  type FileId,
  type Hash,
} from "@sinetti/core";
import { generateKemKey } from "@sinetti/core/secret";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { TestFile, TestMember } from "../../../tools/testPractice.ts";
import { GatePractice, NO_FILE, randomId } from "./gatePractice.ts";
import { TestGate } from "./testGate.ts";

const DAY = 86_400;
let gate: TestGate;
beforeAll(async () => {
  gate = await TestGate.open();
});
afterAll(() => gate.stop());

let practice: GatePractice;
let colleague: TestMember;
beforeEach(async () => {
  practice = await GatePractice.create(gate);
  colleague = await practice.hire(["therapist"]);
});

/** Files of the founder, each of another case, with a grant to the colleague. */
async function storeCases(
  count: number,
  compartment: "care" | "identity" = "care",
): Promise<TestFile[]> {
  const files = Array.from({ length: count }, () =>
    practice.createFile(practice.founder, compartment, { grants: [practice.grant(colleague)] }),
  );
  await practice.store(practice.founder, files);
  return files;
}
const idsOf = (files: readonly TestFile[]): FileId[] => files.map(({ file }) => file);

describe("a release", () => {
  it("refuses unknown files, files of another practice, and files that were not granted", async () => {
    const other = await GatePractice.create(gate);
    const foreign = other.createFile(other.founder, "care");
    await other.store(other.founder, [foreign]);
    const own = practice.createFile(practice.founder, "care");
    await practice.store(practice.founder, [own]);
    const asked = [randomId<FileId>(), NO_FILE, foreign.file, own.file];
    expect(await practice.outcomes(colleague, asked)).toEqual([
      "unknown-file",
      "unknown-file",
      "unknown-file",
      "not-granted",
    ]);
    const { items } = await practice.release(colleague, [own.file]);
    expect(items[0]).toMatchObject({ share: null, access: null, record: null });
  });

  it("refuses a file asked twice, a head that the gate does not know, and one beyond its own", async () => {
    const [file] = await storeCases(1);
    const id = file?.file ?? NO_FILE;
    await expect(practice.release(colleague, [id, id])).rejects.toMatchObject({
      code: "malformed",
    });
    const ask = (seen: { seq: number; hash: Hash }) =>
      gate.call(practice.signer(colleague), "release", {
        purpose: "session",
        items: [{ file: id, epoch: 1, record: null }],
        ephemeral: generateKemKey().publicKey,
        seen,
      });
    await expect(ask({ seq: 0, hash: ZERO_HASH })).rejects.toMatchObject({ code: "forked-chain" });
    await expect(ask({ seq: 9, hash: ZERO_HASH })).rejects.toMatchObject({ code: "behind" });
  });

  it("gives the half that was brought, sealed to the request, with a receipt of a line that is in the log", async () => {
    const [file] = await storeCases(1);
    if (file === undefined) throw new Error("no file");
    const ephemeral = generateKemKey();
    const answer = await gate.call(practice.signer(colleague), "release", {
      purpose: "session",
      items: [{ file: file.file, epoch: 1, record: null }],
      ephemeral: ephemeral.publicKey,
      seen: practiceHead(practice.state),
    });
    const receipt = verifyReceipt(answer.receipt, gate.keys.service.publicKey, {
      practice: practice.id,
      request: answer.requestHash,
    });
    const { entries } = await gate.call(practice.signer(practice.founder), "logChain", {
      from: 0,
      limit: 1000,
    });
    const entry = entries[receipt.index];
    expect(entry).toMatchObject({ kind: "release", member: colleague.member, purpose: "session" });
    expect(entry && hashLogEntry(entry)).toBe(receipt.head);
    const { items } = await practice.release(colleague, [file.file]);
    expect(items[0]?.share).toEqual(file.share);
    expect(items[0]?.access).toEqual({ seq: 0, hash: file.link.hash });
  });

  it("refuses the same nonce of a device a second time", async () => {
    const [file] = await storeCases(1);
    const nonce = generateNonce();
    const body = {
      purpose: "session" as const,
      items: [{ file: file?.file ?? NO_FILE, epoch: 1, record: null }],
      ephemeral: generateKemKey().publicKey,
      seen: practiceHead(practice.state),
    };
    await gate.call(practice.signer(colleague), "release", body, { nonce });
    await expect(
      gate.call(practice.signer(colleague), "release", body, { nonce }),
    ).rejects.toMatchObject({ code: "replayed" });
  });

  it("tells every reader the highest record head that anybody reported, and of a fork the first", async () => {
    const [file] = await storeCases(1);
    const id = [file?.file ?? NO_FILE];
    const place = (seq: number, digit: string) => ({ seq, hash: digit.repeat(64) as Hash });
    await practice.release(colleague, id, { record: place(4, "a") });
    const lower = await practice.release(practice.founder, id, { record: place(2, "b") });
    expect(lower.items[0]?.record).toEqual(place(4, "a"));
    const fork = await practice.release(practice.founder, id, { record: place(4, "c") });
    expect(fork.items[0]?.record).toEqual(place(4, "a"));
    const higher = await practice.release(practice.founder, id, { record: place(5, "d") });
    expect(higher.items[0]?.record).toEqual(place(5, "d"));
  });

  it("costs one verification, one signature, one encapsulation, eleven statements and one commit, for 1 file and for 12", async () => {
    const files = await storeCases(13);
    await practice.release(colleague, idsOf(files.slice(12)));
    for (const count of [1, 12]) {
      const ephemeral = generateKemKey();
      const request = {
        purpose: "session" as const,
        items: idsOf(files.slice(0, count)).map((file) => ({ file, epoch: 1, record: null })),
        ephemeral: ephemeral.publicKey,
        seen: practiceHead(practice.state),
      };
      const signer = practice.signer(colleague);
      const route = GATE_ROUTES.release;
      const body = encodeShape(route.request, request);
      const { headers } = gate.sign(signer, route.path, body);
      const before = { ...operationCounts };
      gate.statements.length = 0;
      const response = await gate.send(route.path, body, { ...headers });
      expect(response.status).toBe(200);
      expect(operationCounts.verifications - before.verifications).toBe(1);
      expect(operationCounts.signatures - before.signatures).toBe(1);
      expect(operationCounts.encapsulations - before.encapsulations).toBe(1);
      expect(gate.statements.filter((sql) => /^commit/i.test(sql))).toHaveLength(1);
      expect(gate.statements).toHaveLength(11);
    }
  });
});

describe("the budget", () => {
  it("stops at 12 cases in ten minutes, counts cases and not files, and goes on when the window has passed", async () => {
    const files = idsOf(await storeCases(14));
    const outcomes = await practice.outcomes(colleague, files);
    expect(outcomes.filter((outcome) => outcome === "released")).toHaveLength(12);
    expect(outcomes.slice(12)).toEqual(["over-budget", "over-budget"]);
    expect(await practice.outcomes(colleague, files.slice(0, 12))).toEqual(
      Array(12).fill("released"),
    );
    gate.clock.pass(601);
    expect(await practice.outcomes(colleague, files.slice(12))).toEqual(["released", "released"]);
  });

  it("does not count what the device itself created in the last seven days", async () => {
    const files = idsOf(await storeCases(14));
    expect(await practice.outcomes(practice.founder, files)).toEqual(Array(14).fill("released"));
    gate.clock.pass(8 * DAY);
    const later = await practice.outcomes(practice.founder, files);
    expect(later.filter((outcome) => outcome === "over-budget")).toHaveLength(2);
  });

  it("does not grow by files that were made in a batch, until they are older than seven days", async () => {
    await storeCases(64);
    const dayLimit = async (): Promise<number | undefined> => {
      const { classes } = await gate.call(practice.signer(colleague), "budgetRead", {});
      return classes[0]?.horizons.find(({ horizon }) => horizon === "day")?.limit;
    };
    expect(await dayLimit()).toBe(30);
    gate.clock.pass(7 * DAY);
    expect(await dayLimit()).toBe(30);
    gate.clock.pass(1);
    expect(await dayLimit()).toBe(32);
  });

  it("warns at 80 percent and tells what is spent", async () => {
    const files = idsOf(await storeCases(10));
    expect((await practice.release(colleague, files.slice(0, 8))).warn).toEqual([]);
    expect((await practice.release(colleague, files.slice(8))).warn).toEqual(["care"]);
    const { classes } = await gate.call(practice.signer(colleague), "budgetRead", {});
    expect(classes[0]?.horizons[0]).toEqual({ horizon: "tenMinutes", spent: 10, limit: 12 });
    expect(classes[1]?.horizons[0]).toEqual({
      horizon: "tenMinutes",
      spent: 0,
      limit: DEFAULT_POLICY.identity.tenMinutes,
    });
  });

  it("lets one patient in crisis through every ten minutes, and no second one", async () => {
    const files = idsOf(await storeCases(14));
    await practice.release(colleague, files.slice(0, 12));
    const [first = NO_FILE, second = NO_FILE] = files.slice(12);
    const crisis = { purpose: "crisis" as const };
    expect(await practice.outcomes(colleague, [first, second], crisis)).toEqual([
      "released",
      "over-budget",
    ]);
    expect(await practice.outcomes(colleague, [second], crisis)).toEqual(["over-budget"]);
    expect(await practice.outcomes(colleague, [first], crisis)).toEqual(["released"]);
    gate.clock.pass(601);
    expect(await practice.outcomes(colleague, [second], crisis)).toEqual(["released"]);
  });

  it("opens more with another person's approval, no oftener than it says, and not with one's own", async () => {
    const files = idsOf(await storeCases(16));
    await practice.release(colleague, files.slice(0, 12));
    const approval = {
      subject: colleague.member,
      scope: "care" as const,
      files: [],
      count: 2,
      until: gate.clock.now() + DAY,
      reason: "handover" as const,
    };
    await expect(
      gate.call(practice.signer(colleague), "openingApprove", approval),
    ).rejects.toMatchObject({ code: "not-authorised" });
    const founder = practice.signer(practice.founder);
    await expect(
      gate.call(founder, "openingApprove", { ...approval, until: gate.clock.now() + 31 * DAY }),
    ).rejects.toMatchObject({ code: "not-authorised" });
    await gate.call(founder, "openingApprove", approval);
    expect(await practice.outcomes(colleague, files.slice(12))).toEqual([
      "released",
      "released",
      "over-budget",
      "over-budget",
    ]);
    gate.clock.pass(2 * DAY);
    await practice.release(colleague, files.slice(0, 12));
    expect(await practice.outcomes(colleague, files.slice(12, 13))).toEqual(["over-budget"]);
  });

  it("opens no more for a reviewer's approval in a practice of two, nor for one who is young once the others were ended", async () => {
    const approvalOf = { subject: colleague.member, scope: "care" as const, files: [], count: 1 };
    const approve = (by: TestMember) =>
      gate.call(practice.signer(by), "openingApprove", {
        ...approvalOf,
        until: gate.clock.now() + DAY,
        reason: "handover",
      });
    const reviewer = await practice.hire(["reviewer"]);
    const grown = await practice.hire(["therapist"]);
    gate.clock.pass(9 * DAY);
    const young = await practice.hire(["therapist"], [grown]);
    for (const { member } of [grown, practice.founder])
      await practice.give(practice.founder, "member.end", { body: { member } });
    for (const by of [reviewer, young])
      await expect(approve(by)).rejects.toMatchObject({ code: "second-person-missing" });
    gate.clock.pass(16 * DAY);
    await expect(approve(reviewer)).rejects.toMatchObject({ code: "second-person-missing" });
    await approve(young);
  });

  it("opens more with the paper code for four hours and no longer", async () => {
    const author = { by: "code" as const, id: practice.id };
    const byCode = { practice: practice.id, author, key: practice.code };
    const approval = {
      subject: colleague.member,
      scope: "care" as const,
      files: [],
      count: 2,
      until: gate.clock.now() + 4 * 3600 + 1,
      reason: "response" as const,
    };
    await expect(gate.call(byCode, "openingApprove", approval)).rejects.toMatchObject({
      code: "not-authorised",
    });
    await gate.call(byCode, "openingApprove", { ...approval, until: approval.until - 1 });
  });
});

describe("time", () => {
  it("lets a care grant that was used lately run on with an alarm, and turns the last holder's into one that needs approval", async () => {
    const [file] = idsOf(await storeCases(1));
    gate.clock.pass(70 * DAY);
    expect(await practice.outcomes(colleague, [file ?? NO_FILE])).toEqual(["released"]);
    gate.clock.pass(15 * DAY);
    // 85 days on, inside the 90 of the grant.
    expect(await practice.outcomes(colleague, [file ?? NO_FILE])).toEqual(["released"]);
    gate.clock.pass(9 * DAY);
    // Over, but used in the last 30 days: alarming grace.
    expect(await practice.outcomes(colleague, [file ?? NO_FILE])).toEqual(["released"]);
    gate.clock.pass(40 * DAY);
    // Everybody's grant is over now: the file waits for an approval instead of being lost.
    expect(await practice.outcomes(colleague, [file ?? NO_FILE])).toEqual(["approval-needed"]);
  });

  it("stops releases when the wall clock jumps, until an administrator has looked", async () => {
    const [file] = idsOf(await storeCases(1));
    const founder = practice.signer(practice.founder);
    gate.clock.time += 3600;
    await expect(practice.release(colleague, [file ?? NO_FILE])).rejects.toMatchObject({
      code: "clock-jump",
    });
    await expect(gate.call(practice.signer(colleague), "clockConfirm", {})).rejects.toMatchObject({
      code: "not-authorised",
    });
    const frozen = await practice.hire(["admin"]);
    await practice.give(practice.founder, "freeze", { body: { member: frozen.member } });
    await expect(gate.call(practice.signer(frozen), "clockConfirm", {})).rejects.toMatchObject({
      code: "frozen",
    });
    await gate.call(founder, "clockConfirm", {});
    expect(await practice.outcomes(colleague, [file ?? NO_FILE])).toEqual(["released"]);
    gate.clock.time -= 3600;
    await expect(practice.release(colleague, [file ?? NO_FILE])).rejects.toMatchObject({
      code: "clock-jump",
    });
    await gate.call(founder, "clockConfirm", {});
    expect(await practice.outcomes(colleague, [file ?? NO_FILE])).toEqual(["released"]);
    const { entries } = await gate.call(founder, "logChain", { from: 0, limit: 1000 });
    const times = entries.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe("a canary", () => {
  it("stops whoever opens it, and whatever they asked beside it, until another person has looked", async () => {
    const files = idsOf(await storeCases(3));
    const [canary = NO_FILE, other = NO_FILE] = files;
    const founder = practice.signer(practice.founder);
    const set = { file: canary, on: true };
    await expect(gate.call(practice.signer(colleague), "canarySet", set)).rejects.toMatchObject({
      code: "not-authorised",
    });
    await gate.call(founder, "canarySet", set);
    expect(await practice.outcomes(colleague, [other])).toEqual(["released"]);
    expect(await practice.outcomes(colleague, files)).toEqual(["canary", "frozen", "frozen"]);
    expect(await practice.outcomes(colleague, [other])).toEqual(["frozen"]);
    const approval = {
      subject: colleague.member,
      scope: "files" as const,
      files: [other],
      count: 1,
      until: gate.clock.now() + DAY,
      reason: "audit" as const,
    };
    await gate.call(founder, "openingApprove", approval);
    expect(await practice.outcomes(colleague, [other])).toEqual(["frozen"]);
    await gate.call(founder, "openingApprove", { ...approval, files: [canary] });
    expect(await practice.outcomes(colleague, [other])).toEqual(["released"]);
    const rows = await gate.call(practice.signer(colleague), "logRead", {
      scope: "file",
      file: canary,
      from: 0,
      limit: 100,
    });
    expect(rows.rows.map(({ kind }) => kind)).not.toContain("canary");
    expect(rows.rows.map(({ outcome }) => outcome)).not.toContain("canary");
  });

  it.each(["freeze", "canary"] as const)(
    "is hidden from a privacy officer whom a %s stopped, and who reads the rest as before",
    async (why) => {
      const { founder } = practice;
      const officer = await practice.hire(["privacy", "therapist"]);
      const made = practice.createFile(founder, "care", { grants: [practice.grant(officer)] });
      await practice.store(founder, [made]);
      const [other = NO_FILE] = idsOf(await storeCases(1));
      const signer = practice.signer(officer);
      for (const file of [other, made.file])
        await gate.call(signer, "canarySet", { file, on: true });
      const ask = { file: null, from: 0, limit: 100 };
      const log = async (scope: "practice" | "device") =>
        (await gate.call(signer, "logRead", { ...ask, scope })).rows.map(
          ({ kind, outcome }) => `${kind} ${outcome}`,
        );
      const flags = async () => {
        const part = { subject: null, files: null, endsBy: null, unheld: false, after: null };
        return (await gate.call(signer, "reviewRead", part)).files.map(({ canary }) => canary);
      };
      const stop = {
        freeze: async () => {
          await practice.release(colleague, [other]);
          const order = practice.order(founder, "freeze", { member: officer.member });
          await gate.call(practice.signer(founder), "stop", { order });
        },
        canary: () => practice.release(officer, [made.file]),
      };
      expect(await flags()).toEqual([true, true]);
      expect(await log("device")).toEqual(["canary canary", "canary canary"]);
      await stop[why]();
      expect(await flags()).toEqual([false, false]);
      const lines = await log("practice");
      expect(lines[0]).toBe("release frozen");
      expect([...lines, ...(await log("device"))].join(" ")).not.toContain("canary");
      await expect(gate.call(signer, "logChain", { from: 0, limit: 10 })).rejects.toMatchObject({
        code: "frozen",
      });
    },
  );
});

describe("a freeze", () => {
  it("stops one member on arrival, or everybody, and lets the crisis through with an approval", async () => {
    const [first = NO_FILE, second = NO_FILE] = idsOf(await storeCases(2));
    const { founder } = practice;
    const freeze = practice.order(founder, "freeze", { member: colleague.member });
    await gate.call(practice.signer(founder), "stop", { order: freeze });
    expect(await practice.outcomes(colleague, [first])).toEqual(["frozen"]);
    expect(await practice.outcomes(founder, [first])).toEqual(["released"]);
    expect(await gate.call(practice.signer(colleague), "status", {})).toMatchObject({
      frozen: true,
    });
    const approval = {
      subject: colleague.member,
      scope: "care" as const,
      files: [],
      count: 5,
      until: gate.clock.now() + DAY,
      reason: "response" as const,
    };
    await gate.call(practice.signer(founder), "openingApprove", approval);
    expect(await practice.outcomes(colleague, [first])).toEqual(["frozen"]);
    expect(await practice.outcomes(colleague, [first], { purpose: "crisis" })).toEqual([
      "released",
    ]);
    const all = practice.order(founder, "freeze", { member: null });
    await gate.call(practice.signer(founder), "stop", { order: all });
    expect(await practice.outcomes(founder, [second])).toEqual(["frozen"]);
  });

  it("keeps a frozen member from granting and creating", async () => {
    const { founder } = practice;
    const freeze = practice.order(founder, "freeze", { member: colleague.member });
    await gate.call(practice.signer(founder), "stop", { order: freeze });
    const file = practice.createFile(colleague, "care");
    await expect(practice.store(colleague, [file])).rejects.toMatchObject({ code: "frozen" });
  });
});

describe("lookup", () => {
  const tokens = (count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, index) => new Uint8Array(32).fill(index));

  it("makes the same token each time, another in another practice, and meters a day", async () => {
    const other = await GatePractice.create(gate);
    const ask = { file: null, tokens: tokens(1) };
    const [first, again, elsewhere] = [
      await gate.call(practice.signer(colleague), "lookup", ask),
      await gate.call(practice.signer(colleague), "lookup", ask),
      await gate.call(other.signer(other.founder), "lookup", ask),
    ];
    expect(again.tokens).toEqual(first.tokens);
    expect(elsewhere.tokens).not.toEqual(first.tokens);
    await gate.call(practice.signer(colleague), "lookup", { file: null, tokens: tokens(198) });
    await expect(gate.call(practice.signer(colleague), "lookup", ask)).rejects.toMatchObject({
      code: "over-budget",
    });
    gate.clock.pass(DAY + 1);
    await gate.call(practice.signer(colleague), "lookup", ask);
  });

  it("lists only a file that the member writes, 32 tokens a day", async () => {
    const [file] = idsOf(await storeCases(1, "identity"));
    const stranger = await practice.hire(["therapist"]);
    const ask = { file: file ?? NO_FILE, tokens: tokens(32) };
    await expect(gate.call(practice.signer(stranger), "lookup", ask)).rejects.toMatchObject({
      code: "not-granted",
    });
    await gate.call(practice.signer(colleague), "lookup", ask);
    await expect(
      gate.call(practice.signer(practice.founder), "lookup", { ...ask, tokens: tokens(1) }),
    ).rejects.toMatchObject({ code: "over-budget" });
  });
});

describe("listing many files", () => {
  const tokens = Array.from({ length: 32 }, (_, index) => new Uint8Array(32).fill(index));

  it("ends at 4000 tokens a day and member, unless somebody else has approved an import", async () => {
    const files = idsOf(await storeCases(126, "identity"));
    const list = (by: TestMember, file: FileId | undefined, asked = tokens) =>
      gate.call(practice.signer(by), "lookup", { file: file ?? NO_FILE, tokens: asked });
    for (const file of files.slice(0, 125)) await list(colleague, file);
    const last = files[125];
    await expect(list(colleague, last)).rejects.toMatchObject({ code: "over-budget" });
    await list(practice.founder, last, tokens.slice(0, 1));
    const approve = (scope: "care" | "identity", reason: "import" | "export") =>
      gate.call(practice.signer(practice.founder), "openingApprove", {
        subject: colleague.member,
        scope,
        files: [],
        count: 1,
        until: gate.clock.now() + DAY / 2,
        reason,
      });
    await approve("identity", "export");
    await approve("care", "import");
    await expect(list(colleague, last, tokens.slice(1))).rejects.toMatchObject({
      code: "over-budget",
    });
    await approve("identity", "import");
    await list(colleague, last, tokens.slice(1));
    gate.clock.pass(DAY / 2);
    await expect(list(colleague, last, tokens.slice(0, 1))).rejects.toMatchObject({
      code: "over-budget",
    });
    gate.clock.pass(DAY);
    await list(colleague, last);
  });
});

describe("the log", () => {
  it("shows a file's lines to who holds it, a device its own, and the practice to the privacy officer", async () => {
    const [first = NO_FILE, second = NO_FILE] = idsOf(await storeCases(2));
    await practice.release(colleague, [first, second]);
    await practice.release(practice.founder, [second]);
    const read = (by: TestMember, scope: "file" | "device" | "practice", file: FileId | null) =>
      gate.call(practice.signer(by), "logRead", { scope, file, from: 0, limit: 100 });
    await expect(read(colleague, "practice", null)).rejects.toMatchObject({
      code: "not-authorised",
    });
    await expect(
      gate.call(practice.signer(colleague), "logChain", { from: 0, limit: 10 }),
    ).rejects.toMatchObject({ code: "not-authorised" });
    const stranger = await practice.hire(["therapist"]);
    await expect(read(stranger, "file", first)).rejects.toMatchObject({ code: "not-granted" });
    const ofFile = await read(colleague, "file", first);
    expect(ofFile.rows.map(({ file, member }) => [file, member])).toEqual([
      [first, colleague.member],
    ]);
    const own = await read(colleague, "device", null);
    expect(own.rows.map(({ file }) => file)).toEqual([first, second]);
    const all = await read(practice.founder, "practice", null);
    expect(all.rows).toHaveLength(3);
    const page = await gate.call(practice.signer(practice.founder), "logRead", {
      scope: "practice",
      file: null,
      from: 0,
      limit: 1,
    });
    expect(page).toMatchObject({ next: 1, head: { index: 1 } });
  });

  it("is one chain of hashes from the first line on", async () => {
    const [first = NO_FILE] = idsOf(await storeCases(1));
    await practice.release(colleague, [first]);
    await practice.release(colleague, [first]);
    const { entries } = await gate.call(practice.signer(practice.founder), "logChain", {
      from: 0,
      limit: 10,
    });
    expect(entries.map(({ prev }) => prev)).toEqual([
      ZERO_HASH,
      ...entries.slice(0, -1).map((entry) => hashLogEntry(entry)),
    ]);
  });

  it("holds the whole of an approval and of a canary by their hash", async () => {
    const [canary = NO_FILE] = idsOf(await storeCases(1));
    const signer = practice.signer(practice.founder);
    const approval = {
      subject: colleague.member,
      scope: "files" as const,
      files: [canary],
      count: 3,
      until: gate.clock.now() + DAY,
      reason: "audit" as const,
    };
    const set = { file: canary, on: true };
    await practice.release(colleague, [canary]);
    await gate.call(signer, "openingApprove", approval);
    await gate.call(signer, "canarySet", set);
    const { entries } = await gate.call(signer, "logChain", { from: 0, limit: 10 });
    expect(entries.map(({ kind, detail }) => [kind, detail])).toEqual([
      ["release", null],
      ["approval", hashLogDetail(GATE_ROUTES.openingApprove.request, approval)],
      ["canary", hashLogDetail(GATE_ROUTES.canarySet.request, set)],
    ]);
    const other = { ...approval, count: 4 };
    expect(entries[1]?.detail).not.toBe(hashLogDetail(GATE_ROUTES.openingApprove.request, other));
  });
});
