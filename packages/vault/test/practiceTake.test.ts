import { VAULT_ROUTES, readStatement } from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";
import { signAcceptance } from "@sinetti/core/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestPractice } from "../../../tools/testPractice.ts";
import { outcomeOf } from "./testFiles.ts";
import { TestVault, deviceOf, type Signer } from "./testVault.ts";

const { practiceTake, practiceRead, status } = VAULT_ROUTES;
let vault: TestVault;
beforeAll(async () => {
  vault = await TestVault.open("what");
});
afterAll(() => vault.close());

type Links = TestPractice["links"];

async function take(
  practice: TestPractice,
  links: Links,
  signer: Signer = deviceOf(practice.founder),
): Promise<string> {
  return outcomeOf(await vault.send(practiceTake, { links }, { practice: practice.id, signer }));
}

function grown(): TestPractice {
  const practice = vault.strangePractice();
  practice.add(["therapist"]);
  practice.add(["office"]);
  return practice;
}

describe("a run of the practice chain is refused", () => {
  test("when its genesis names another vault", async () => {
    const practice = vault.strangePractice({ services: {} });
    expect(await take(practice, practice.links)).toBe("wrong-service 0");
  });

  test("when its genesis names another gate", async () => {
    const practice = vault.strangePractice({ gate: generateSignKey() });
    expect(await take(practice, practice.links)).toBe("wrong-service 0");
  });

  test("when the gate has not accepted the genesis", async () => {
    const practice = vault.strangePractice();
    const other = vault.strangePractice();
    const [genesis] = practice.links;
    const [word] = other.links;
    const links = [{ statement: genesis?.statement, acceptance: word?.acceptance }] as Links;
    expect(await take(practice, links)).toBe("malformed 0");
  });

  test("when it begins after the genesis of a practice that is not here", async () => {
    const practice = grown();
    expect(await take(practice, practice.links.slice(1))).toBe("unknown-practice 0");
  });

  test("when links are missing before it", async () => {
    const practice = grown();
    await take(practice, practice.links.slice(0, 1));
    expect(await take(practice, practice.links.slice(2))).toBe("behind 0");
  });

  test("when somebody else's word stands in for the gate's", async () => {
    const practice = grown();
    await take(practice, practice.links.slice(0, 1));
    const forged = new TestPractice({ gate: generateSignKey() });
    const [, link] = practice.links;
    const [word] = forged.links;
    const links = [{ statement: link?.statement, acceptance: word?.acceptance }] as Links;
    expect(await take(practice, links)).toBe("malformed 0");
  });

  test("when two accepted statements stand at one place", async () => {
    const practice = vault.strangePractice();
    await take(practice, practice.links);
    const other = practice.order(practice.founder, "freeze", { member: null });
    const fork = practice.statement(practice.founder, other);
    practice.add(["therapist"]);
    await take(practice, practice.links);
    const { hash } = readStatement(fork);
    const items = [{ chain: "practice" as const, id: practice.id, seq: 1, hash, share: null }];
    const word = { practice: practice.id, week: practice.week, items };
    const acceptance = signAcceptance(word, vault.gate.secret);
    expect(await take(practice, [{ statement: fork, acceptance }])).toBe("forked-chain 0");
  });

  test("when nobody in it has signed the request", async () => {
    const practice = vault.strangePractice();
    const stranger = deviceOf(vault.strangePractice().founder);
    expect(await take(practice, practice.links, stranger)).toBe("behind");
    const founder = { ...deviceOf(practice.founder), key: generateSignKey() };
    expect(await take(practice, practice.links, founder)).toBe("bad-signature");
    const sent = { practice: practice.id, signer: deviceOf(practice.founder) };
    expect(outcomeOf(await vault.send(status, {}, sent))).toBe("unknown-practice");
  });
});

describe("a run of the practice chain", () => {
  test("is taken whole, and again without effect", async () => {
    const practice = grown();
    const sent = { practice: practice.id, signer: deviceOf(practice.founder) };
    for (let i = 0; i < 2; i++) {
      const reply = await vault.done(practiceTake, { links: practice.links }, sent);
      expect(reply.head.seq).toBe(2);
    }
    const read = await vault.done(practiceRead, { from: 1 }, sent);
    expect(read.links.map(({ statement }) => Buffer.from(statement))).toEqual(
      practice.links.slice(1).map(({ statement }) => Buffer.from(statement)),
    );
    expect(read.more).toBe(false);
  });

  test("is taken from the device that it introduces", async () => {
    const practice = vault.strangePractice();
    await take(practice, practice.links);
    const joined = practice.add(["therapist"]);
    const sent = { practice: practice.id, signer: deviceOf(joined) };
    expect(outcomeOf(await vault.send(status, {}, sent))).toBe("behind");
    expect(await take(practice, practice.links.slice(1), deviceOf(joined))).toBe("ok");
    expect(outcomeOf(await vault.send(status, {}, sent))).toBe("ok");
  });

  test("is read in pages that say whether there is more", async () => {
    const practice = vault.strangePractice();
    for (let i = 0; i < 70; i++) practice.add(["therapist"]);
    await take(practice, practice.links);
    const sent = { practice: practice.id, signer: deviceOf(practice.founder) };
    const first = await vault.done(practiceRead, { from: 0 }, sent);
    expect([first.links.length, first.more]).toEqual([64, true]);
    const rest = await vault.done(practiceRead, { from: 64 }, sent);
    expect([rest.links.length, rest.more]).toEqual([7, false]);
    const none = await vault.done(practiceRead, { from: 4_294_967_295 }, sent);
    expect([none.links.length, none.more]).toEqual([0, false]);
  });
});
