import { operationCounts } from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { testMember, type TestMember } from "../../../tools/testPractice.ts";
import { openDatabase } from "../src/app.ts";
import { GatePractice, introductionOf } from "./gatePractice.ts";
import { TestGate } from "./testGate.ts";

let gate: TestGate;
let practice: GatePractice;
let founder: TestMember;
beforeAll(async () => {
  gate = await TestGate.open();
  practice = await GatePractice.create(gate);
  founder = practice.founder;
  await practice.store(founder, [practice.createFile(founder, "care")]);
});
afterAll(() => gate.stop());

interface Cost {
  readonly statements: number;
  readonly commits: number;
  readonly signatures: number;
  readonly verifications: number;
}

/** What the gate does for one request; the device's own signature is taken off. */
async function costOf(act: () => Promise<unknown>): Promise<Cost> {
  const before = { ...operationCounts };
  gate.statements.length = 0;
  await act();
  return {
    statements: gate.statements.length,
    commits: gate.statements.filter((sql) => /^commit/i.test(sql)).length,
    signatures: operationCounts.signatures - before.signatures - 1,
    verifications: operationCounts.verifications - before.verifications,
  };
}

describe("the cost at the gate", () => {
  it.each([1, 64])(
    "of creating %i files in one request is one commit and one signature",
    async (count) => {
      const files = Array.from({ length: count }, () => practice.createFile(founder, "care"));
      const cost = await costOf(() => practice.store(founder, files));
      expect(cost).toEqual({ statements: 10, commits: 1, signatures: 1, verifications: 1 + count });
    },
  );

  it.each([1, 60])(
    "of releasing %i files is one commit, sent behind the last write, and one signature",
    async (count) => {
      const files = Array.from({ length: count }, () => practice.createFile(founder, "care"));
      await practice.store(founder, files);
      const ids = files.map(({ file }) => file);
      await practice.outcomes(founder, ids);
      const cost = await costOf(() => practice.outcomes(founder, ids));
      expect(cost).toEqual({ statements: 11, commits: 1, signatures: 1, verifications: 1 });
      expect(gate.statements[0]).toMatch(/^begin/);
      expect(gate.statements.at(-1)).toMatch(/^commit/);
    },
  );

  it("of a statement of the practice chain is one commit", async () => {
    const order = practice.order(founder, "member.add", introductionOf(testMember(["office"])));
    const statement = practice.statement(founder, order);
    const signer = practice.signer(founder);
    const cost = await costOf(() =>
      gate.call(signer, "practiceSubmit", { statements: [statement] }),
    );
    expect(cost).toEqual({ statements: 12, commits: 1, signatures: 1, verifications: 3 });
    practice.apply(statement);
  });

  it("of one page of the practice chain is one read", async () => {
    const cost = await costOf(() =>
      gate.call(practice.signer(founder), "practiceRead", { from: 0 }),
    );
    expect(cost).toEqual({ statements: 5, commits: 1, signatures: 0, verifications: 1 });
  });

  it("of one request does not grow with the length of the chain", async () => {
    const ask = () => costOf(() => gate.call(practice.signer(founder), "status", {}));
    const before = await ask();
    for (let count = 0; count < 5; count++) await practice.hire(["office"]);
    expect(await ask()).toEqual(before);
  });
});

describe("a database that goes away", () => {
  it("makes requests unavailable while it is gone, and loses nothing that was answered", async () => {
    const file = practice.createFile(founder, "care");
    await practice.store(founder, [file]);
    const superuser = openDatabase(gate.database.superUrl, { max: 1 });
    await superuser`
      select pg_terminate_backend(pid) from pg_stat_activity
      where usename = 'sinetti_app' and datname = current_database()`;
    await superuser.end({ timeout: 5 });
    const codes: string[] = [];
    for (let count = 0; count < 10; count++) {
      const outcome = await practice
        .outcomes(founder, [file.file])
        .catch((error: { code: string }) => [error.code]);
      codes.push(...outcome);
    }
    expect(codes.filter((code) => code !== "released" && code !== "unavailable")).toEqual([]);
    expect(codes.at(-1)).toBe("released");
  });
});
