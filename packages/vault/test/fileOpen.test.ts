import {
  RIGHTS,
  VAULT_ROUTES,
  bytesToId,
  randomBytes,
  type FileId,
  type TeamId,
} from "@sinetti/core";
import { generateKemKey } from "@sinetti/core/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { TestDesk, outcomeOf, type KeptFile } from "./testFiles.ts";
import { TestVault } from "./testVault.ts";

const { fileOpen, fileList } = VAULT_ROUTES;
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

const written = async (entries: number, size = 40): Promise<KeptFile> => {
  const file = await desk.keep(founder, "care");
  for (let i = 0; i < entries; i++) await desk.write(founder, file, [new Uint8Array(size)]);
  return file;
};

describe("opening is refused", () => {
  test("to a member without a grant, whole, naming the file", async () => {
    const shared = await desk.keep(founder, "care", { grants: [practice.grant(colleague)] });
    const own = await desk.keep(founder, "care");
    expect(outcomeOf(await desk.open(colleague, [shared, own]))).toBe("not-granted 1");
  });

  test("of a file that is not here", async () => {
    const file = practice.createFile(founder, "care");
    expect(outcomeOf(await desk.open(founder, [file]))).toBe("unknown-file 0");
  });

  test("of one file twice", async () => {
    const file = await desk.keep(founder, "care");
    expect(outcomeOf(await desk.open(founder, [file, file]))).toBe("malformed");
  });

  test("when the week of the grant is over and somebody else still holds one", async () => {
    const grants = [practice.grant(colleague, { expires: practice.week + 1, rights: RIGHTS.read })];
    const file = await desk.keep(founder, "care", { grants });
    const before = vault.now;
    vault.now += 4 * 7 * 86_400;
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("not-granted 0");
    expect(outcomeOf(await desk.open(founder, [file]))).toBe("ok");
    vault.now = before;
  });

  test("to another practice of the same installation", async () => {
    const other = await vault.practice();
    const theirs = new TestDesk(vault, other);
    const file = await written(1);
    expect(outcomeOf(await theirs.open(other.founder, [file]))).toBe("unknown-file 0");
    expect(await vault.done(fileList, { after: null }, theirs.as(other.founder))).toEqual({
      files: [],
      more: false,
    });
  });

  test("beyond the files of a day, but not of those that were open already", async () => {
    const strict = await TestVault.open("what", { filesPerDay: 5 });
    const own = new TestDesk(strict, await strict.practice());
    const by = own.practice.founder;
    const files = await keepMany(own, 6);
    const open = async (some: readonly FileId[]): Promise<string> => {
      const items = some.map((file) => ({ file, access: 1, record: 0 }));
      return outcomeOf(await strict.send(fileOpen, { items, boxes: true }, own.as(by)));
    };
    expect(await open(files)).toBe("rate-limited");
    expect(await open(files.slice(0, 5))).toBe("ok");
    expect(await open(files.slice(5))).toBe("rate-limited");
    expect(await open(files.slice(0, 5))).toBe("ok");
    strict.now += 86_401;
    expect(await open(files.slice(5))).toBe("ok");
    await strict.close();
  });
});

async function keepMany(own: TestDesk, count: number): Promise<FileId[]> {
  const of = own.practice;
  const ids: FileId[] = [];
  while (ids.length < count) {
    const length = Math.min(250, count - ids.length);
    const files = Array.from({ length }, () => of.createFile(of.founder, "care"));
    await own.stage(of.founder, files);
    const reply = await own.take(
      of.founder,
      files.map(({ statement }) => statement),
    );
    if (!reply.ok) throw new Error(reply.problem.code);
    ids.push(...files.map(({ file }) => file));
  }
  return ids;
}

describe("an opened file", () => {
  test("brings what the reader lacks and no more", async () => {
    const file = await written(3);
    const ask = (record: number, access: number) =>
      vault.done(
        fileOpen,
        { items: [{ file: file.file, access, record }], boxes: true },
        desk.as(founder),
      );
    const [all] = (await ask(0, 0)).files;
    expect([all?.access.length, all?.records.length, all?.more]).toEqual([1, 3, false]);
    const [rest] = (await ask(2, 1)).files;
    expect([rest?.access.length, rest?.records.length, rest?.more]).toEqual([0, 1, false]);
    expect(rest?.head).toEqual(file.record.head);
    const [none] = (await ask(4_294_967_295, 4_294_967_295)).files;
    expect([none?.access.length, none?.records.length, none?.more]).toEqual([0, 0, false]);
  });

  test("brings headers alone when boxes are not asked for", async () => {
    const file = await written(2);
    const opened = await desk.open(founder, [file], false);
    const records = opened.ok ? opened.value.files[0]?.records : [];
    expect(records?.map(({ boxes }) => boxes.length)).toEqual([0, 0]);
  });

  test("comes in pages of about four mebibytes", async () => {
    const file = await written(7, 1024 * 1024);
    const seen: number[] = [];
    for (let record = 0, more = true; more;) {
      const items = [{ file: file.file, access: 0, record }];
      const [page] = (await vault.done(fileOpen, { items, boxes: true }, desk.as(founder))).files;
      const length = page?.records.length ?? 0;
      seen.push(length);
      record += length;
      more = page?.more ?? false;
    }
    expect(seen).toEqual([3, 3, 1]);
  });

  test("brings the wraps of the caller's team to its members alone", async () => {
    const team = bytesToId<TeamId>(randomBytes(16));
    const cover = practice.add(["therapist"]);
    const seal = { member: cover.member, keyVersion: 1, sealed: randomBytes(80) };
    const body = {
      team,
      kind: "cover" as const,
      site: null,
      key: generateKemKey().publicKey,
      seals: [seal],
    };
    practice.apply(practice.statement(founder, practice.order(founder, "team.open", body)));
    await vault.handOver(practice);
    const subject = { type: "team" as const, id: team };
    const file = await desk.keep(founder, "care");
    const own = practice.grant(cover, { subject, term: "approved", rights: 1, expires: 0 });
    expect(outcomeOf(await desk.open(cover, [file]))).toBe("not-granted 0");
    expect(await desk.grant(founder, file, own)).toBe("ok");
    expect(outcomeOf(await desk.open(colleague, [file]))).toBe("not-granted 0");
    const opened = await desk.open(cover, [file]);
    const wraps = opened.ok ? opened.value.files[0]?.wraps : [];
    expect(wraps?.map((wrap) => wrap.subject)).toEqual([subject]);
  });

  test("costs one round of statements, whatever it brings", async () => {
    const file = await written(5);
    vault.queries.length = 0;
    await desk.open(founder, [file]);
    expect(vault.statements()).toHaveLength(7);
    expect(vault.queries.filter((text) => text === "commit")).toHaveLength(1);
  });
});

describe("the list of files", () => {
  test("holds what the caller holds, with the head of each record", async () => {
    const member = practice.add(["therapist"]);
    await vault.handOver(practice);
    const grants = [practice.grant(member, { rights: RIGHTS.read })];
    const file = await desk.keep(founder, "care", { grants });
    await desk.write(founder, file);
    const listed = await vault.done(fileList, { after: null }, desk.as(member));
    expect(listed).toEqual({
      files: [
        {
          file: file.file,
          compartment: "care",
          phase: "open",
          rights: RIGHTS.read,
          expires: practice.week + 13,
          record: file.record.head,
        },
      ],
      more: false,
    });
  });

  test("comes in pages of a thousand, by id", async () => {
    const busy = await vault.practice();
    const own = new TestDesk(vault, busy);
    const files = await keepMany(own, 1003);
    const first = await vault.done(fileList, { after: null }, own.as(busy.founder));
    expect([first.files.length, first.more]).toEqual([1000, true]);
    const after = first.files.at(-1)?.file ?? null;
    const rest = await vault.done(fileList, { after }, own.as(busy.founder));
    expect([rest.files.length, rest.more]).toEqual([3, false]);
    const listed = [...first.files, ...rest.files].map(({ file }) => file);
    expect(listed).toEqual(files.toSorted());
  });
});
