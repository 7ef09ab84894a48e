import {
  bytesToHex,
  verifyAcceptance,
  practiceHead,
  accessHead,
  readStatement,
  startAccess,
  RIGHTS,
  hashSealedShare,
  hashWraps,
  readAcceptance,
} from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
import { openShare } from "@sinetti/core/service";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { TestFile, TestMember } from "../../../tools/testPractice.ts";
import { GatePractice } from "./gatePractice.ts";
import { TestGate, type Refused } from "./testGate.ts";

let gate: TestGate;
let practice: GatePractice;
let colleague: TestMember;
let other: GatePractice;
beforeAll(async () => {
  gate = await TestGate.open();
  practice = await GatePractice.create(gate);
  colleague = await practice.hire(["therapist"]);
  other = await GatePractice.create(gate);
});
afterAll(() => gate.stop());

const submit = (by: TestMember, items: { statement: Uint8Array; share: Uint8Array | null }[]) =>
  gate.call(practice.signer(by), "accessSubmit", { items });

/** The statement of a grant right after the create. */
function grantAfter(file: TestFile, by: TestMember, to: TestMember): Uint8Array {
  const head = { seq: 0, hash: file.link.hash };
  return signAccessStatement(
    { practice: practice.id, file: file.file, device: by.device, head },
    {
      kind: "grant",
      body: {
        seen: practiceHead(practice.state),
        grant: practice.grant(to, { rights: RIGHTS.read }),
        epoch: 1,
        wraps: hashWraps(file.wraps),
      },
    },
    by.statement.secret,
  );
}

describe("sequencing access statements", () => {
  it("answers the same statement that comes many times at once alike each time", async () => {
    for (let round = 0; round < 5; round++) {
      const file = practice.createFile(practice.founder, "care");
      const items = [{ statement: file.statement, share: file.share }];
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => submit(practice.founder, items)),
      );
      const words = new Set(answers.map(({ acceptance }) => bytesToHex(acceptance)));
      expect(words.size).toBe(1);
    }
  });

  it("refuses a create without its half, a half that nobody asked for, and names the item", async () => {
    const good = practice.createFile(practice.founder, "care");
    const bad = practice.createFile(practice.founder, "care");
    await expect(
      submit(practice.founder, [
        { statement: good.statement, share: good.share },
        { statement: bad.statement, share: null },
      ]),
    ).rejects.toMatchObject({ code: "malformed", index: 1 });
    await expect(
      submit(practice.founder, [
        { statement: good.statement, share: good.share },
        { statement: grantAfter(good, practice.founder, colleague), share: good.share },
      ]),
    ).rejects.toMatchObject({ code: "malformed", index: 1 });
    expect(await practice.outcomes(practice.founder, [good.file])).toEqual(["unknown-file"]);
  });

  it("refuses what the author may not create, a foreign practice's statement, and a record statement", async () => {
    const directory = practice.createFile(colleague, "directory", { caseId: null });
    await expect(
      submit(colleague, [{ statement: directory.statement, share: directory.share }]),
    ).rejects.toMatchObject({ code: "not-authorised", index: 0 });
    const foreign = other.createFile(other.founder, "care");
    await expect(
      submit(practice.founder, [{ statement: foreign.statement, share: foreign.share }]),
    ).rejects.toMatchObject({ code: "not-authorised" });
    await expect(
      submit(practice.founder, [{ statement: practice.genesis, share: null }]),
    ).rejects.toMatchObject({ code: "broken-chain" });
  });

  it("refuses what was signed at an old head by who has lost the role since", async () => {
    const leaving = await practice.hire(["therapist"]);
    const file = practice.createFile(leaving, "care");
    await practice.give(practice.founder, "member.role", {
      body: { member: leaving.member, roles: ["office"] },
    });
    await expect(
      submit(leaving, [{ statement: file.statement, share: file.share }]),
    ).rejects.toMatchObject({ code: "not-authorised", index: 0 });
  });

  it("accepts a batch with one signature and keeps the halves sealed", async () => {
    const files = [0, 1, 2].map(() => practice.createFile(practice.founder, "care"));
    const { acceptance, shares } = await submit(
      practice.founder,
      files.map(({ statement, share }) => ({ statement, share })),
    );
    const { items } = verifyAcceptance(acceptance, gate.keys.service.publicKey, practice.id);
    expect(items.map(({ hash }) => hash)).toEqual(files.map(({ link }) => link.hash));
    expect(items.map(({ share }) => share)).toEqual(
      shares.map(({ sealed }) => hashSealedShare(sealed)),
    );
    const opened = shares.map(({ file, epoch, sealed }) =>
      openShare(gate.keys.encryption, { practice: practice.id, file, epoch }, sealed),
    );
    expect(opened).toEqual(files.map(({ share }) => share));
    const again = await submit(
      practice.founder,
      files.map(({ statement, share }) => ({ statement, share })),
    );
    expect(again.acceptance).toEqual(acceptance);
    expect(again.shares).toEqual(shares);
  });

  it("refuses another half for a statement that stands, and another statement at its place", async () => {
    const [first] = [practice.createFile(practice.founder, "care")];
    await practice.store(practice.founder, [first]);
    await expect(
      submit(practice.founder, [{ statement: first.statement, share: new Uint8Array(32) }]),
    ).rejects.toMatchObject({ code: "conflict", index: 0 });
    const state = startAccess(first.link, { practice: practice.state, week: null });
    const granted = await submit(practice.founder, [
      { statement: grantAfter(first, practice.founder, colleague), share: null },
    ]);
    expect(readAcceptance(granted.acceptance).items.map(({ share }) => share)).toEqual([null]);
    const close = signAccessStatement(
      {
        practice: practice.id,
        file: first.file,
        device: practice.founder.device,
        head: accessHead(state),
      },
      { kind: "close", body: { seen: practiceHead(practice.state) } },
      practice.founder.statement.secret,
    );
    await expect(
      submit(practice.founder, [{ statement: close, share: null }]),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("lets one of two create the same file at once", async () => {
    const file = practice.createFile(practice.founder, "care");
    const items = [{ statement: file.statement, share: file.share }];
    const results = await Promise.allSettled([
      submit(practice.founder, items),
      submit(practice.founder, items),
    ]);
    const kept = await submit(practice.founder, items);
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as Refused).code] : [],
    );
    expect(refused.filter((code) => code !== "conflict")).toEqual([]);
    expect(refused.length).toBeLessThan(2);
    expect(kept.shares).toHaveLength(1);
  });

  it("gives the chain back to whoever held the file, and to nobody else", async () => {
    const file = practice.createFile(practice.founder, "care");
    await practice.store(practice.founder, [file]);
    const grant = grantAfter(file, practice.founder, colleague);
    const ask = { file: file.file, from: 0 };
    await expect(gate.call(practice.signer(colleague), "accessRead", ask)).rejects.toMatchObject({
      code: "not-granted",
    });
    await expect(gate.call(other.signer(other.founder), "accessRead", ask)).rejects.toMatchObject({
      code: "unknown-file",
    });
    await submit(practice.founder, [{ statement: grant, share: null }]);
    const read = await gate.call(practice.signer(colleague), "accessRead", ask);
    expect(read.links.map(({ statement }) => statement)).toEqual([file.statement, grant]);
    expect(read.shares.map(({ epoch }) => epoch)).toEqual([1]);
    expect(read.more).toBe(false);
  });
});

describe("revoking", () => {
  it("stops a release on arrival, before the statement, and lets a new grant live again afterwards", async () => {
    const { founder } = practice;
    const file = practice.createFile(founder, "care", {
      grants: [practice.grant(colleague, { rights: RIGHTS.read })],
    });
    await practice.store(founder, [file]);
    expect(await practice.outcomes(colleague, [file.file])).toEqual(["released"]);
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    const byOther = practice.order(colleague, "revoke", {
      file: file.file,
      subject: { type: "member", id: founder.member },
    });
    await expect(
      gate.call(practice.signer(colleague), "stop", { order: byOther }),
    ).rejects.toMatchObject({ code: "not-authorised" });
    await gate.call(practice.signer(founder), "stop", { order });
    await gate.call(practice.signer(founder), "stop", { order });
    expect(await practice.outcomes(colleague, [file.file])).toEqual(["not-granted"]);
    const revoke = signAccessStatement(
      {
        practice: practice.id,
        file: file.file,
        device: founder.device,
        head: { seq: 0, hash: file.link.hash },
      },
      { kind: "revoke", body: { seen: practiceHead(practice.state), order } },
      founder.statement.secret,
    );
    await submit(founder, [{ statement: revoke, share: null }]);
    expect(await practice.outcomes(colleague, [file.file])).toEqual(["not-granted"]);
    const head = { seq: 1, hash: readStatement(revoke).hash };
    const grant = signAccessStatement(
      { practice: practice.id, file: file.file, device: founder.device, head },
      {
        kind: "grant",
        body: {
          seen: practiceHead(practice.state),
          grant: practice.grant(colleague, { rights: RIGHTS.read }),
          epoch: 1,
          wraps: hashWraps(file.wraps),
        },
      },
      founder.statement.secret,
    );
    await submit(founder, [{ statement: grant, share: null }]);
    expect(await practice.outcomes(colleague, [file.file])).toEqual(["released"]);
  });

  it("is to be weighed again where somebody has left since, unless it came as a stop; a file that nobody may hand on then is an alarm", async () => {
    const { founder } = practice;
    const leaver = await practice.hire(["therapist"]);
    const seen = practiceHead(practice.state);
    const grants = [practice.grant(leaver, { rights: 7 })];
    const file = practice.createFile(founder, "care", { grants });
    await practice.store(founder, [file]);
    await practice.give(founder, "member.end", { body: { member: leaver.member } });
    const subject = { type: "member" as const, id: founder.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    const head = { seq: 0, hash: file.link.hash };
    const statement = signAccessStatement(
      { practice: practice.id, file: file.file, device: founder.device, head },
      { kind: "revoke", body: { seen, order } },
      founder.statement.secret,
    );
    const items = [{ statement, share: null }];
    await expect(submit(founder, items)).rejects.toMatchObject({ code: "stale-head" });
    const before = await unheldAlarms();
    await gate.call(practice.signer(founder), "stop", { order });
    await submit(founder, items);
    expect(await unheldAlarms()).toBe(before + 1);
  });
});

async function unheldAlarms(): Promise<number> {
  const metrics = await (await gate.app.request("/metrics")).text();
  return Number(/sinetti_alarms_total\{alarm="unheld"\} (\d+)/.exec(metrics)?.[1]);
}
