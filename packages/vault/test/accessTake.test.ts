import {
  RIGHTS,
  VAULT_ROUTES,
  batchIdOf,
  hashWraps,
  randomBytes,
  readStatement,
  type BatchKey,
  type Subject,
} from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";
import { signAcceptance } from "@sinetti/core/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { TestDesk, outcomeOf, type KeptFile } from "./testFiles.ts";
import { TestVault } from "./testVault.ts";

const { accessTake, wrapsStage } = VAULT_ROUTES;
let vault: TestVault;
let practice: TestPractice;
let desk: TestDesk;
let founder: TestMember;
let colleague: TestMember;

beforeAll(async () => {
  vault = await TestVault.open("what");
  practice = vault.strangePractice();
  founder = practice.founder;
  colleague = practice.add(["therapist"]);
  await vault.handOver(practice);
  desk = new TestDesk(vault, practice);
});
afterAll(() => vault.close());

const count = async (table: string, file: KeptFile): Promise<number> => {
  const rows = await vault.asSuper(
    (sql) => sql`select 1 from ${sql(table)} where file = ${Buffer.from(file.file, "hex")}`,
  );
  return rows.length;
};

function batchKey(
  sealed: Uint8Array,
  subject: Subject = { type: "member", id: founder.member },
): BatchKey {
  const content = { subject, keyVersion: 1, sealed };
  return { batch: batchIdOf(practice.id, content), ...content };
}

describe("a create is refused", () => {
  test("when its wraps were not staged", async () => {
    const file = practice.createFile(founder, "care");
    expect(outcomeOf(await desk.take(founder, [file.statement]))).toBe("wraps-missing 0");
  });

  test("when other wraps were staged under it", async () => {
    const file = practice.createFile(founder, "care");
    const other = practice.createFile(founder, "care");
    await desk.stage(founder, [{ ...file, wraps: other.wraps }]);
    expect(outcomeOf(await desk.take(founder, [file.statement]))).toBe("wraps-missing 0");
  });

  test("when a grantee has no wrap", async () => {
    const grants = [practice.grant(colleague)];
    const file = practice.createFile(founder, "care", { grants });
    await desk.stage(founder, [{ ...file, wraps: file.wraps.slice(0, 2) }]);
    expect(outcomeOf(await desk.take(founder, [file.statement]))).toBe("wraps-missing 0");
  });

  test("when its compartment belongs to the other vault", async () => {
    const file = practice.createFile(founder, "identity");
    await desk.stage(founder, [file]);
    expect(outcomeOf(await desk.take(founder, [file.statement]))).toBe("wrong-service 0");
  });

  test("when the gate has accepted another statement", async () => {
    const file = practice.createFile(founder, "care");
    const other = practice.createFile(founder, "care");
    const acceptances = [practice.acceptAccess([other.statement])];
    const request = { statements: [file.statement], acceptances, shares: [] };
    expect(outcomeOf(await vault.send(accessTake, request, desk.as(founder)))).toBe("malformed 0");
  });

  test("when somebody else's key accepted it", async () => {
    const file = practice.createFile(founder, "care");
    const { hash, statement } = file.link;
    const items = [{ chain: "access" as const, id: statement.id, seq: 0, hash, share: null }];
    const { id, week } = practice;
    const forged = signAcceptance({ practice: id, week, items }, generateSignKey().secret);
    const acceptances = [forged];
    const request = { statements: [file.statement], acceptances, shares: [] };
    expect(outcomeOf(await vault.send(accessTake, request, desk.as(founder)))).toBe(
      "bad-signature",
    );
  });

  test("when the gate's half at rest is not the one that the gate has signed for", async () => {
    const file = practice.createFile(founder, "care");
    await desk.stage(founder, [file]);
    const statements = [file.statement];
    const acceptances = [practice.acceptAccess(statements)];
    const [share] = practice.sharesAtRest(statements);
    if (share === undefined) throw new TypeError("no half");
    const take = async (shares: (typeof share)[], words = acceptances): Promise<string> => {
      const request = { statements, acceptances: words, shares };
      return outcomeOf(await vault.send(accessTake, request, desk.as(founder)));
    };
    const poison = { ...share, sealed: randomBytes(72) };
    expect(await take([])).toBe("share-missing 0");
    expect(await take([poison])).toBe("share-missing 0");
    expect(await take([{ ...share, epoch: 2 }])).toBe("share-missing 0");
    const { hash, statement } = file.link;
    const items = [{ chain: "access" as const, id: statement.id, seq: 0, hash, share: null }];
    const { id, week } = practice;
    const silent = signAcceptance({ practice: id, week, items }, vault.gate.secret);
    expect(await take([share], [silent])).toBe("share-missing 0");
    expect(await take([poison, share])).toBe("ok");
    const rekey = desk.access(
      founder,
      { ...file, ...desk.fold(file) },
      {
        kind: "rekey",
        body: {
          epoch: 2,
          commit: new Uint8Array(32),
          wraps: hashWraps(file.wraps),
          prior: new Uint8Array(72),
        },
      },
    );
    await vault.done(
      VAULT_ROUTES.wrapsStage,
      { items: [{ statement: readStatement(rekey).hash, wraps: file.wraps }], batchKeys: [] },
      desk.as(founder),
    );
    const next = { statements: [rekey], acceptances: [practice.acceptAccess([rekey])] };
    const [second] = practice.sharesAtRest([rekey]);
    if (second === undefined) throw new TypeError("no half");
    const forged = { ...next, shares: [{ ...second, sealed: share.sealed }] };
    expect(outcomeOf(await vault.send(accessTake, forged, desk.as(founder)))).toBe(
      "share-missing 0",
    );
    await vault.done(accessTake, { ...next, shares: [second] }, desk.as(founder));
    const rows = await vault.asSuper(
      (sql) =>
        sql`select epoch::int, sealed from shares where file = ${Buffer.from(file.file, "hex")} order by epoch`,
    );
    expect(rows).toEqual([
      { epoch: 1, sealed: Buffer.from(share.sealed) },
      { epoch: 2, sealed: Buffer.from(second.sealed) },
    ]);
  });

  test("when it cites a link of the practice that the vault lacks", async () => {
    const ahead = vault.strangePractice();
    await vault.handOver(ahead);
    ahead.add(["therapist"]);
    const file = ahead.createFile(ahead.founder, "care");
    const other = new TestDesk(vault, ahead);
    await other.stage(ahead.founder, [file]);
    expect(outcomeOf(await other.take(ahead.founder, [file.statement]))).toBe("behind 0");
    await vault.handOver(ahead);
    expect(outcomeOf(await other.take(ahead.founder, [file.statement]))).toBe("ok");
  });

  test("with all the others of its batch, and names itself", async () => {
    const good = practice.createFile(founder, "care");
    const bad = practice.createFile(founder, "care");
    await desk.stage(founder, [good]);
    const statements = [good.statement, bad.statement];
    expect(outcomeOf(await desk.take(founder, statements))).toBe("wraps-missing 1");
    expect(outcomeOf(await desk.open(founder, [good]))).toBe("unknown-file 0");
  });
});

describe("accepted access statements", () => {
  test("are taken in a batch, and again without effect", async () => {
    const files = [1, 2, 3].map(() => practice.createFile(founder, "care"));
    await desk.stage(founder, files);
    const statements = files.map(({ statement }) => statement);
    expect(outcomeOf(await desk.take(founder, statements))).toBe("ok");
    expect(outcomeOf(await desk.take(founder, statements))).toBe("ok");
    expect(outcomeOf(await desk.open(founder, files))).toBe("ok");
  });

  test("that come many times at once are taken once, and everybody is told so", async () => {
    for (let round = 0; round < 5; round++) {
      const file = practice.createFile(founder, "care");
      await desk.stage(founder, [file]);
      const replies = await Promise.all(
        Array.from({ length: 6 }, () => desk.take(founder, [file.statement])),
      );
      expect(replies.map((reply) => outcomeOf(reply))).toEqual(
        Array.from({ length: 6 }, () => "ok"),
      );
    }
  });

  test("must follow what is there", async () => {
    const file = await desk.keep(founder, "care");
    desk.access(founder, file, { kind: "close", body: {} });
    const reopen = desk.access(founder, file, { kind: "reopen", body: {} });
    expect(outcomeOf(await desk.take(founder, [reopen]))).toBe("behind 0");
  });

  test("at one place twice are a fork", async () => {
    const file = await desk.keep(founder, "care");
    const twin = { ...file, access: structuredClone(file.access) };
    const close = desk.access(founder, file, { kind: "close", body: {} });
    practice.add(["therapist"]);
    await vault.handOver(practice);
    const later = desk.access(founder, twin, { kind: "close", body: {} });
    await desk.take(founder, [close]);
    expect(outcomeOf(await desk.take(founder, [later]))).toBe("forked-chain 0");
  });

  test("let a grantee read and a revocation stops it", async () => {
    const file = await desk.keep(founder, "care");
    await desk.write(founder, file);
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("not-granted 0");
    expect(await desk.grant(founder, file, practice.grant(colleague))).toBe("ok");
    const opened = await desk.open(colleague, [file]);
    expect(opened.ok && opened.value.files[0]?.wraps.map(({ subject }) => subject.id)).toEqual([
      colleague.member,
    ]);
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    const revoke = desk.access(founder, file, { kind: "revoke", body: { order } });
    expect(outcomeOf(await desk.take(founder, [revoke]))).toBe("ok");
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("not-granted 0");
    expect(await count("wraps", file)).toBe(2);
  });

  test("open a new epoch with wraps and batch keys for exactly those who still hold", async () => {
    const grants = [practice.grant(colleague)];
    const file = await desk.keep(founder, "care", { grants });
    const subject = { type: "member" as const, id: colleague.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    const revoke = desk.access(founder, file, { kind: "revoke", body: { order } });
    expect(outcomeOf(await desk.take(founder, [revoke]))).toBe("ok");
    const batchKeys = [founder.member, colleague.member].map((id) =>
      batchKey(Uint8Array.from(Buffer.from(id, "hex")), { type: "member", id }),
    );
    const all = file.wraps.map((wrap) => {
      const batch = batchKeys.find(({ subject: { id } }) => id === wrap.subject.id)?.batch ?? null;
      return { ...wrap, batch, sealed: randomBytes(60) };
    });
    const rekey = async (wraps: KeptFile["wraps"]): Promise<string> => {
      const own = { ...file, access: structuredClone(file.access) };
      const body = {
        epoch: 2,
        commit: randomBytes(32),
        wraps: hashWraps(wraps),
        prior: randomBytes(72),
      };
      const signed = desk.access(founder, own, { kind: "rekey", body });
      const statement = own.access.heads.at(-1) ?? file.link.hash;
      const request = { items: [{ statement, wraps }], batchKeys };
      await vault.done(wrapsStage, request, desk.as(founder));
      return outcomeOf(await desk.take(founder, [signed]));
    };
    expect(await rekey(all)).toBe("wraps-missing 0");
    expect(await rekey(all.slice(0, 1))).toBe("wraps-missing 0");
    expect(await rekey(all.slice(0, 2))).toBe("ok");
    const opened = await desk.open(founder, [file]);
    const [first] = opened.ok ? opened.value.files : [];
    expect(first?.wraps.map((wrap) => [wrap.subject.id, wrap.batch])).toEqual([
      [founder.member, batchKeys[0]?.batch],
    ]);
    expect(first?.batchKeys.map((key) => key.subject.id)).toEqual([founder.member]);
  });

  test("keep the gate's sealed half with the file that it is for", async () => {
    const file = practice.createFile(founder, "care");
    await desk.stage(founder, [file]);
    const [share] = practice.sharesAtRest([file.statement]);
    const sealed = share?.sealed ?? new Uint8Array();
    const strange = practice.createFile(founder, "care");
    const request = {
      statements: [file.statement],
      acceptances: [practice.acceptAccess([file.statement])],
      shares: [
        { file: file.file, epoch: 1, sealed },
        { file: file.file, epoch: 2, sealed },
        { file: strange.file, epoch: 1, sealed },
      ],
    };
    await vault.done(accessTake, request, desk.as(founder));
    const rows = await vault.asSuper(
      (sql) =>
        sql`select epoch::int, sealed from shares where file in ${sql([file.file, strange.file].map((id) => Buffer.from(id, "hex")))}`,
    );
    expect(rows).toEqual([{ epoch: 1, sealed: Buffer.from(sealed) }]);
  });

  test("erase all that could be opened, and keep the hashes", async () => {
    const file = await desk.keep(founder, "care");
    await desk.write(founder, file);
    const order = practice.order(founder, "erase", { file: file.file, reason: "retention" });
    const approvals = [practice.approval(colleague, order)];
    const erase = desk.access(founder, file, { kind: "erase", body: { order, approvals } });
    expect(outcomeOf(await desk.take(founder, [erase]))).toBe("ok");
    const left = await Promise.all(
      [
        "wraps",
        "shares",
        "entries",
        "drafts",
        "attachments",
        "holdings",
        "record_links",
        "access_links",
      ].map((table) => count(table, file)),
    );
    expect(left).toEqual([0, 0, 0, 0, 0, 0, 1, 2]);
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("not-granted 0");
    expect(outcomeOf(await desk.open(founder, [file]))).toBe("file-erased 0");
    expect(outcomeOf(await desk.write(founder, file))).toBe("file-erased 0");
  });
});

describe("staged wraps", () => {
  test("are refused with a batch key that its name is not the hash of", async () => {
    const file = practice.createFile(founder, "care");
    const items = [{ statement: file.link.hash, wraps: file.wraps }];
    const stage = async (key: BatchKey): Promise<string> =>
      outcomeOf(await vault.send(wrapsStage, { items, batchKeys: [key] }, desk.as(founder)));
    const key = batchKey(randomBytes(40));
    expect(await stage({ ...key, sealed: randomBytes(40) })).toBe("malformed");
    expect(await stage(key)).toBe("ok");
    expect(await stage(key)).toBe("ok");
  });

  test("are forgotten after five weeks, and with them the keys that nothing was sealed under", async () => {
    const old = vault.now;
    const file = practice.createFile(founder, "care");
    const items = [{ statement: file.link.hash, wraps: file.wraps }];
    const key = batchKey(randomBytes(40));
    await vault.done(wrapsStage, { items, batchKeys: [key] }, desk.as(founder));
    vault.now += 6 * 7 * 86_400;
    const other = practice.createFile(founder, "care");
    await desk.stage(founder, [other]);
    const rows = await vault.asSuper(
      (sql) => sql`select encode(statement, 'hex') as statement from staged_wraps`,
    );
    expect(rows).toEqual([{ statement: other.link.hash }]);
    const unused = Buffer.from(key.batch, "hex");
    const kept = await vault.asSuper(
      (sql) => sql`select 1 from batch_keys where batch = ${unused}`,
    );
    expect(kept).toHaveLength(0);
    vault.now = old;
  });

  test("give read rights to nobody", async () => {
    const file = practice.createFile(founder, "care", {
      grants: [practice.grant(colleague, { rights: RIGHTS.read })],
    });
    await desk.stage(founder, [file]);
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("unknown-file 0");
  });
});
