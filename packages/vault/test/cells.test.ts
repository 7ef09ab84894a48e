import {
  RIGHTS,
  VAULT_ROUTES,
  accessHead,
  bytesToId,
  hashChunk,
  hashChunks,
  parseId,
  practiceHead,
  randomBytes,
  type AttachmentId,
  type DraftId,
  type Hash,
  type Signed,
} from "@sinetti/core";
import { generateEntryId, sealEntry, signAppend } from "@sinetti/core/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { TestDesk, outcomeOf, type KeptFile } from "./testFiles.ts";
import { TestVault, deviceOf, kitOf } from "./testVault.ts";

let vault: TestVault;
let practice: TestPractice;
let desk: TestDesk;
let founder: TestMember;
let reader: TestMember;
let stranger: TestMember;
let file: KeptFile;

beforeAll(async () => {
  vault = await TestVault.open("who");
  practice = vault.strangePractice();
  founder = practice.founder;
  reader = practice.add(["therapist"]);
  stranger = practice.add(["therapist"]);
  await vault.handOver(practice);
  desk = new TestDesk(vault, practice);
  const grants = [practice.grant(reader, { rights: RIGHTS.read })];
  file = await desk.keep(founder, "identity", { grants });
});
afterAll(() => vault.close());

async function freeze(): Promise<{ own: TestDesk; by: TestMember; held: KeptFile }> {
  const frozen = await vault.practice();
  const own = new TestDesk(vault, frozen);
  const held = await own.keep(frozen.founder, "identity");
  const order = frozen.order(frozen.founder, "freeze", { member: null });
  await vault.done(VAULT_ROUTES.stop, { order }, own.as(frozen.founder));
  return { own, by: frozen.founder, held };
}

describe("a draft", () => {
  const { draftPut, draftList, draftDrop } = VAULT_ROUTES;
  const fresh = (): DraftId => bytesToId<DraftId>(randomBytes(16));
  const put = async (
    by: TestMember,
    draft: DraftId,
    changes: { revision?: number; epoch?: number; box?: Uint8Array } = {},
  ): Promise<string> => {
    const request = { file: file.file, draft, epoch: 1, revision: 0, box: randomBytes(40) };
    return outcomeOf(await vault.send(draftPut, { ...request, ...changes }, desk.as(by)));
  };

  test("is kept for nobody who may not write", async () => {
    const draft = fresh();
    expect(await put(reader, draft)).toBe("not-granted");
    expect(await put(stranger, draft)).toBe("not-granted");
    const list = vault.send(draftList, { file: file.file }, desk.as(reader));
    expect(outcomeOf(await list)).toBe("not-granted");
    const drop = vault.send(draftDrop, { file: file.file, draft }, desk.as(reader));
    expect(outcomeOf(await drop)).toBe("not-granted");
  });

  test("is replaced only by a writer who knows what stands", async () => {
    const draft = fresh();
    expect(await put(founder, draft, { revision: 3 })).toBe("conflict");
    expect(await put(founder, draft)).toBe("ok");
    expect(await put(founder, draft)).toBe("conflict");
    const box = randomBytes(80);
    expect(await put(founder, draft, { revision: 1, box })).toBe("ok");
    expect(await put(founder, draft, { revision: 1 })).toBe("conflict");
    const listed = await vault.done(draftList, { file: file.file }, desk.as(founder));
    expect(listed.drafts).toEqual([{ draft, epoch: 1, revision: 2, box }]);
    await vault.done(draftDrop, { file: file.file, draft }, desk.as(founder));
    const after = await vault.done(draftList, { file: file.file }, desk.as(founder));
    expect(after.drafts).toEqual([]);
  });

  test("comes along with an opening that asks for it, to writers alone, and not beyond its room", async () => {
    const draft = fresh();
    await put(founder, draft, { box: new Uint8Array(60).fill(9) });
    const open = async (by: TestMember, drafts: boolean) => {
      const items = [{ file: file.file, access: 0, record: 0 }];
      return (await vault.done(VAULT_ROUTES.fileOpen, { items, boxes: false, drafts }, desk.as(by)))
        .files[0];
    };
    const opened = await open(founder, true);
    expect(opened?.drafts?.map(({ draft: id, revision }) => [id, revision])).toEqual([[draft, 1]]);
    expect(await open(founder, false)).not.toHaveProperty("drafts");
    expect(await open(reader, true)).not.toHaveProperty("drafts");
    const large = [fresh(), fresh()];
    const box = new Uint8Array(2.5 * 1024 * 1024);
    for (const each of large) expect(await put(founder, each, { box })).toBe("ok");
    expect(await open(founder, true)).not.toHaveProperty("drafts");
    for (const each of [draft, ...large])
      await vault.done(draftDrop, { file: file.file, draft: each }, desk.as(founder));
    expect((await open(founder, true))?.drafts).toEqual([]);
  });

  test("is dropped in the revision that is known, and not when somebody has saved since", async () => {
    const draft = fresh();
    await put(founder, draft);
    await put(founder, draft, { revision: 1 });
    const drop = async (revision: number) =>
      outcomeOf(
        await vault.send(draftDrop, { file: file.file, draft, revision }, desk.as(founder)),
      );
    expect(await drop(1)).toBe("conflict");
    expect(await drop(2)).toBe("ok");
    expect(await drop(2)).toBe("ok");
    const { drafts } = await vault.done(draftList, { file: file.file }, desk.as(founder));
    expect(drafts).toEqual([]);
  });

  test("is refused under an epoch that is not there, and beyond what one answer holds", async () => {
    expect(await put(founder, fresh(), { epoch: 2 })).toBe("stale-epoch");
    const box = new Uint8Array(3 * 1024 * 1024);
    const drafts = [fresh(), fresh(), fresh(), fresh()];
    for (const draft of drafts) expect(await put(founder, draft, { box })).toBe("ok");
    expect(await put(founder, fresh())).toBe("too-large");
    for (const draft of drafts)
      await vault.done(draftDrop, { file: file.file, draft }, desk.as(founder));
  });

  test("is never stopped by a freeze", async () => {
    const { own, by, held } = await freeze();
    const draft = fresh();
    const request = { file: held.file, draft, epoch: 1, revision: 0, box: randomBytes(40) };
    expect(outcomeOf(await vault.send(draftPut, request, own.as(by)))).toBe("ok");
  });
});

describe("a chunk of an attachment", () => {
  const { attachmentPut, attachmentGet } = VAULT_ROUTES;
  const attachment = parseId<AttachmentId>("5a".repeat(16));
  const box = new Uint8Array(300).fill(7);
  const put = async (by: TestMember, index: number, bytes: Uint8Array): Promise<string> => {
    const request = { file: file.file, attachment, index, box: bytes };
    return outcomeOf(await vault.send(attachmentPut, request, desk.as(by)));
  };
  const get = (by: TestMember, index: number) =>
    vault.send(attachmentGet, { file: file.file, attachment, index }, desk.as(by));

  test("is put by writers and read by readers alone", async () => {
    expect(await put(reader, 0, box)).toBe("not-granted");
    expect(await put(founder, 0, box)).toBe("ok");
    expect(outcomeOf(await get(stranger, 0))).toBe("not-granted");
    expect(outcomeOf(await get(reader, 1))).toBe("not-found");
    const got = await get(reader, 0);
    expect(got.ok && Buffer.from(got.value.box)).toEqual(Buffer.from(box));
  });

  test("may come again and never as another", async () => {
    await put(founder, 5, box);
    expect(await put(founder, 5, box)).toBe("ok");
    expect(await put(founder, 5, new Uint8Array(300))).toBe("conflict");
  });

  test("is there before the entry that carries it, each with the hash that its header states", async () => {
    const carrier = (chunks: Hash): { statement: Signed; boxes: Uint8Array[] } => {
      const context = { practice: practice.id, file: file.file, compartment: "identity" as const };
      const carried = bytesToId<AttachmentId>(new Uint8Array(16).fill(6));
      const { header, box: sealed } = sealEntry(
        file.key,
        { ...context, epoch: 1 },
        {
          id: generateEntryId(),
          class: "attachment",
          body: new Uint8Array(9),
          attachment: { id: carried, chunks },
        },
      );
      const statement = signAppend(
        {
          practice: practice.id,
          file: file.file,
          device: founder.device,
          head: file.record.head,
        },
        {
          seen: practiceHead(practice.state),
          access: accessHead(file.access),
          epoch: 1,
          entries: [header],
        },
        founder.statement.secret,
      );
      return { statement, boxes: [sealed] };
    };
    const send = async (chunks: Hash): Promise<string> =>
      outcomeOf(await desk.send(founder, [carrier(chunks)]));
    const stated = hashChunks([hashChunk(box), hashChunk(box)]);
    const keep = (index: number) =>
      vault.done(
        attachmentPut,
        { file: file.file, attachment: parseId<AttachmentId>("06".repeat(16)), index, box },
        desk.as(founder),
      );
    expect(await send(stated)).toBe("chunks-missing 0");
    await keep(0);
    expect(await send(stated)).toBe("chunks-missing 0");
    await keep(1);
    expect(await send(hashChunks([hashChunk(box)]))).toBe("chunks-missing 0");
    expect(await send(stated)).toBe("ok");
  });

  test("is not read while the practice is frozen", async () => {
    const { own, by, held } = await freeze();
    const chunk = { file: held.file, attachment, index: 0 };
    const reply = await vault.send(attachmentGet, chunk, own.as(by));
    expect(outcomeOf(reply)).toBe("frozen");
  });
});

describe("a lookup cell", () => {
  const { lookupPut, lookupFind } = VAULT_ROUTES;

  test("is not asked for under more than 400 tokens a day by one member", async () => {
    const [own, by] = [await vault.practice(), deviceOf];
    const ask = async (member: TestMember, count: number): Promise<string> => {
      const tokens = Array.from({ length: count }, () => randomBytes(32));
      const sent = { practice: own.id, signer: by(member) };
      return outcomeOf(await vault.send(lookupFind, { tokens }, sent));
    };
    const other = own.add(["therapist"]);
    await vault.handOver(own);
    expect(await ask(own.founder, 250)).toBe("ok");
    expect(await ask(own.founder, 151)).toBe("rate-limited");
    expect(await ask(own.founder, 150)).toBe("ok");
    expect(await ask(own.founder, 1)).toBe("rate-limited");
    expect(await ask(other, 1)).toBe("ok");
    const start = vault.now;
    vault.now += 86_400;
    expect(await ask(own.founder, 150)).toBe("ok");
    vault.now = start;
  });
  const token = new Uint8Array(32).fill(3);
  const cell = new Uint8Array(56).fill(9);

  test("is dropped by nobody while its file is there, and then by who could read it or looks after access", async () => {
    const { lookupDrop } = VAULT_ROUTES;
    const own = await desk.keep(founder, "identity");
    const [kept, gone] = [
      { token: randomBytes(32), cell: new Uint8Array(56).fill(1) },
      { token: randomBytes(32), cell: new Uint8Array(56).fill(2) },
    ];
    await vault.done(lookupPut, { file: own.file, cells: [kept, gone] }, desk.as(founder));
    const drop = async (by: TestMember, cells = [gone]): Promise<string> =>
      outcomeOf(await vault.send(lookupDrop, { file: own.file, cells }, desk.as(by)));
    expect(await drop(founder)).toBe("not-granted");
    const order = practice.order(founder, "erase", { file: own.file, reason: "request" });
    const approvals = [practice.approval(reader, order)];
    const erase = desk.access(founder, own, { kind: "erase", body: { order, approvals } });
    expect(outcomeOf(await desk.take(founder, [erase]))).toBe("ok");
    expect(await drop(stranger)).toBe("not-granted");
    expect(await drop(founder, [{ ...gone, cell: kept.cell }])).toBe("ok");
    const left = async (): Promise<number> => {
      const tokens = [kept.token, gone.token];
      return (await vault.done(lookupFind, { tokens }, desk.as(founder))).found.length;
    };
    expect(await left()).toBe(2);
    expect(await drop(founder)).toBe("ok");
    expect(await left()).toBe(1);
  });

  test("is put by writers of the file alone and found by its token", async () => {
    const request = { file: file.file, cells: [{ token, cell }] };
    expect(outcomeOf(await vault.send(lookupPut, request, desk.as(reader)))).toBe("not-granted");
    expect(outcomeOf(await vault.send(lookupPut, request, desk.as(founder)))).toBe("ok");
    expect(outcomeOf(await vault.send(lookupPut, request, desk.as(founder)))).toBe("ok");
    const tokens = [new Uint8Array(32), token];
    const { found } = await vault.done(lookupFind, { tokens }, desk.as(stranger));
    expect(found.map((each) => each.cells.length)).toEqual([1]);
    expect(Buffer.from(found[0]?.cells[0] ?? [])).toEqual(Buffer.from(cell));
  });

  test("is found by no other practice, and neither found nor written by anybody while frozen", async () => {
    const other = await vault.practice();
    const theirs = new TestDesk(vault, other);
    const { found } = await vault.done(lookupFind, { tokens: [token] }, theirs.as(other.founder));
    expect(found).toEqual([]);
    const { own, by, held } = await freeze();
    const reply = await vault.send(lookupFind, { tokens: [token] }, own.as(by));
    expect(outcomeOf(reply)).toBe("frozen");
    const junk = { file: held.file, cells: [{ token, cell: randomBytes(64) }] };
    expect(outcomeOf(await vault.send(lookupPut, junk, own.as(by)))).toBe("frozen");
  });
});

describe("a kit blob", () => {
  const { kitPut, kitGet } = VAULT_ROUTES;
  const sent = (member: TestMember) => ({ practice: practice.id, signer: kitOf(member) });

  test("comes to its own member's kit key alone", async () => {
    const blob = new Uint8Array(100).fill(5);
    await vault.done(kitPut, { blob }, desk.as(founder));
    const { member } = founder;
    expect(outcomeOf(await vault.send(kitGet, { member }, sent(stranger)))).toBe("not-authorised");
    expect(outcomeOf(await vault.send(kitGet, { member }, desk.as(founder)))).toBe(
      "not-authorised",
    );
    const got = await vault.done(kitGet, { member }, sent(founder));
    expect(Buffer.from(got.blob)).toEqual(Buffer.from(blob));
    const none = await vault.send(kitGet, { member: reader.member }, sent(reader));
    expect(outcomeOf(none)).toBe("not-found");
  });
});

describe("the vault of care", () => {
  test("has neither lookups nor kits", async () => {
    const what = await TestVault.open("what");
    const care = await what.practice();
    const other = new TestDesk(what, care);
    const by = other.as(care.founder);
    const { lookupFind, kitPut } = VAULT_ROUTES;
    const tokens = [new Uint8Array(32)];
    expect(outcomeOf(await what.send(lookupFind, { tokens }, by))).toBe("unknown-route");
    const blob = new Uint8Array(8);
    expect(outcomeOf(await what.send(kitPut, { blob }, by))).toBe("unknown-route");
    await what.close();
  });
});
