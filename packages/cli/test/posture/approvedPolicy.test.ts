import { approvedPolicy, weekOf, type Hash } from "@sinetti/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { TestPractice, loadSuite } from "../../../../tools/testPractice.ts";
import { shippedPolicy } from "../../src/posture/declaredPolicy.ts";
import { ensureSafeToStart } from "../../src/posture/ensureSafeToStart.ts";
import { lookAt } from "../../src/posture/lookAt.ts";
import { READER } from "../../src/posture/provisionReader.ts";
import { openOwnDatabase, type OwnDatabase } from "./ownDatabase.ts";

const { sha256: IN_USE } = shippedPolicy("who");
const OTHER = "cd".repeat(32) as Hash;

let database: OwnDatabase;
const run = (statements: string): Promise<unknown> => database.sql().unsafe(statements);

/** A practice of an administrator and a privacy officer, founded so many weeks ago. */
function practiceOf(weeks: number) {
  const practice = new TestPractice({
    founderRoles: ["admin"],
    week: weekOf(Date.now() / 1000) - weeks,
  });
  const officer = practice.add(["privacy"]);
  const approve = (policy: Hash, service: "who" | "what" = "who"): void => {
    const replaces = approvedPolicy(practice.state, service)?.policy ?? null;
    const body = { database: service, policy, replaces };
    const order = practice.order(practice.founder, "posture.policy", body);
    const approvals = [practice.approval(officer, order)];
    practice.apply(practice.statement(practice.founder, order, approvals));
  };
  return { practice, officer, approve };
}

/** Puts a practice's chain where services keep it. */
async function keep({ id, links }: TestPractice): Promise<void> {
  await database.sql()`delete from public.practice_links where practice = ${Buffer.from(id, "hex")}`;
  for (const [seq, { statement, acceptance }] of links.entries())
    await database.sql()`insert into public.practice_links values
      (${Buffer.from(id, "hex")}, ${seq}, ${Buffer.from(statement)}, ${Buffer.from(acceptance)})`;
}

/** What is found of the policy in use; services start in spite of it. */
async function found(): Promise<string[]> {
  const now = new Date();
  const { report } = await lookAt(database.target, { exceptions: [], now });
  const safe = { targets: [database.target], exceptionsFile: "/none", now, onLog: () => undefined };
  await ensureSafeToStart(safe);
  return report.findings
    .filter(({ id }) => id === "A8")
    .map(({ severity, object, why }) => `${severity} ${object} ${why.includes(IN_USE)}`);
}

beforeAll(async () => {
  await loadSuite();
  database = await openOwnDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  await run(
    `drop table if exists public.practice_links;
     create table public.practice_links (practice bytea, seq bigint, statement bytea, acceptance bytea)`,
  );
});

describe("the policy that a database is judged by", () => {
  test("is a high finding where its practice approved another one, until it approves this one", async () => {
    const { practice, approve } = practiceOf(0);
    approve(OTHER);
    await keep(practice);
    expect(await found()).toEqual([`high practice ${practice.id} true`]);
    approve(IN_USE);
    await keep(practice);
    expect(await found()).toEqual([]);
  });

  test("is not approved by who approved it for another database, nor by one person", async () => {
    const { practice, approve } = practiceOf(60);
    approve(IN_USE, "what");
    await keep(practice);
    expect(await found()).toEqual([`medium practice ${practice.id} true`]);
    const body = { database: "who" as const, policy: IN_USE, replaces: null };
    const order = practice.order(practice.founder, "posture.policy", body);
    expect(() => practice.apply(practice.statement(practice.founder, order))).toThrow(
      expect.objectContaining({ code: "second-person-missing" }),
    );
  });

  test("is said to a new practice without an alarm, and to an old one with one", async () => {
    const [fresh, old] = [practiceOf(3), practiceOf(4)];
    await keep(fresh.practice);
    await keep(old.practice);
    expect((await found()).toSorted()).toEqual([
      `low practice ${fresh.practice.id} true`,
      `medium practice ${old.practice.id} true`,
    ]);
  });

  test("is approved by every practice for itself", async () => {
    const [one, other] = [practiceOf(8), practiceOf(8)];
    one.approve(IN_USE);
    other.approve(OTHER);
    await keep(one.practice);
    await keep(other.practice);
    expect(await found()).toEqual([`high practice ${other.practice.id} true`]);
  });

  test("is not asked for where no practice is", async () => {
    expect(await found()).toEqual([]);
  });
});

describe("an approval counts for nothing", () => {
  test("in a chain that was changed, that lacks a link, or whose acceptance is another's", async () => {
    const { practice, approve } = practiceOf(0);
    approve(IN_USE);
    const unverified = [`high practice ${practice.id} false`];
    const spoil = async (change: string): Promise<void> => {
      await keep(practice);
      await run(change);
      expect(await found()).toEqual(unverified);
    };
    await spoil(
      "update practice_links set statement = set_byte(statement, 80, get_byte(statement, 80) # 1) where seq = 2",
    );
    await spoil("delete from practice_links where seq = 1");
    await spoil(
      "update practice_links set acceptance = (select acceptance from practice_links where seq = 1) where seq = 2",
    );
  });

  test("where the statements cannot be read, or something else stands in their place", async () => {
    const { practice, approve } = practiceOf(0);
    approve(IN_USE);
    await keep(practice);
    const unreadable = ["high statements of the practices false"];
    await run(`revoke execute on function posture.practice_chain() from ${READER}`);
    expect(await found()).toEqual(unreadable);
    await run(`grant execute on function posture.practice_chain() to ${READER}`);
    expect(await found()).toEqual([]);
    await run(
      "alter table practice_links rename to kept_links; create view practice_links as select 1 as practice",
    );
    expect(await found()).toEqual(unreadable);
    await run("drop view practice_links; alter table kept_links rename to practice_links");
  });
});
