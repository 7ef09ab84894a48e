import {
  RIGHTS,
  VAULT_ROUTES,
  accessHead,
  operationCounts,
  practiceHead,
  readAppend,
  readStatement,
  type Signed,
} from "@sinetti/core";
import { signAppend } from "@sinetti/core/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { TestDesk, outcomeOf, placeOf, type KeptFile } from "./testFiles.ts";
import { TestVault } from "./testVault.ts";

interface Append {
  statement: Signed;
  boxes: Uint8Array[];
}

let vault: TestVault;
let practice: TestPractice;
let desk: TestDesk;
let founder: TestMember;
let reader: TestMember;

beforeAll(async () => {
  vault = await TestVault.open("what");
  practice = vault.strangePractice();
  founder = practice.founder;
  reader = practice.add(["therapist"]);
  await vault.handOver(practice);
  desk = new TestDesk(vault, practice);
});
afterAll(() => vault.close());

const keep = (): Promise<KeptFile> =>
  desk.keep(founder, "care", { grants: [practice.grant(reader, { rights: RIGHTS.read })] });
const send = async (by: TestMember, ...appends: Append[]): Promise<string> =>
  outcomeOf(await desk.send(by, appends));

/** The founder's append of the same entries, with something about it changed. */
function resigned(
  file: KeptFile,
  { boxes, statement }: Append,
  changes: Partial<Parameters<typeof signAppend>[1]>,
): Append {
  const entries = readAppend(readStatement(statement)).entries;
  const body = {
    seen: practiceHead(practice.state),
    access: accessHead(file.access),
    epoch: 1,
    entries,
    ...changes,
  };
  const { head } = file.record;
  const place = { practice: practice.id, file: file.file, device: founder.device, head };
  return { statement: signAppend(place, body, founder.statement.secret), boxes };
}

describe("an append is refused", () => {
  test("to a file that is not here", async () => {
    const file = practice.createFile(founder, "care");
    const append = desk.append(founder, { ...file, ...desk.fold(file) });
    expect(await send(founder, append)).toBe("unknown-file 0");
  });

  test("from a device that did not sign it", async () => {
    const append = desk.append(founder, await keep());
    expect(await send(reader, append)).toBe("not-authorised 0");
  });

  test("from a member who may only read", async () => {
    expect(await send(reader, desk.append(reader, await keep()))).toBe("not-granted 0");
  });

  test("when a box is missing, changed, moved or not padded", async () => {
    const file = await keep();
    const two = desk.append(founder, file, [new Uint8Array(10), new Uint8Array(10)]);
    const [first, second] = two.boxes as [Uint8Array, Uint8Array];
    expect(await send(founder, { ...two, boxes: [first] })).toBe("malformed 0");
    const changed = Uint8Array.from(second);
    changed[30] = (changed[30] ?? 0) ^ 1;
    expect(await send(founder, { ...two, boxes: [first, changed] })).toBe("malformed 0");
    expect(await send(founder, { ...two, boxes: [second, first] })).toBe("malformed 0");
    const boxes = [first.subarray(1), second];
    expect(await send(founder, resigned(file, { ...two, boxes }, {}))).toBe("malformed 0");
  });

  test("when another stands at its place", async () => {
    const file = await keep();
    const first = desk.append(founder, file);
    const second = desk.append(founder, file);
    expect(await send(founder, first)).toBe("ok");
    expect(await send(founder, second)).toBe("conflict 0");
  });

  test("when it repeats an entry", async () => {
    const file = await keep();
    const append = desk.append(founder, file);
    await desk.send(founder, [append]);
    file.record = { ...file.record, head: placeOf(append.statement) };
    expect(await send(founder, resigned(file, append, {}))).toBe("duplicate-entry 0");
  });

  test("when it cites links of either chain that the vault lacks", async () => {
    const file = await keep();
    const append = desk.append(founder, file);
    const ahead = { seq: 900, hash: practiceHead(practice.state).hash };
    expect(await send(founder, resigned(file, append, { seen: ahead }))).toBe("behind 0");
    expect(await send(founder, resigned(file, append, { access: ahead }))).toBe("behind 0");
  });

  test("under an epoch that is not the newest", async () => {
    const file = await keep();
    const append = desk.append(founder, file);
    expect(await send(founder, resigned(file, append, { epoch: 2 }))).toBe("stale-epoch 0");
  });

  test("to a closed file", async () => {
    const file = await keep();
    const append = desk.append(founder, file);
    await desk.take(founder, [desk.access(founder, file, { kind: "close", body: {} })]);
    expect(await send(founder, append)).toBe("file-closed 0");
  });

  test("once a holder was revoked, until the file has a new epoch", async () => {
    const file = await keep();
    const subject = { type: "member" as const, id: reader.member };
    const order = practice.order(founder, "revoke", { file: file.file, subject });
    await desk.take(founder, [desk.access(founder, file, { kind: "revoke", body: { order } })]);
    expect(outcomeOf(await desk.write(founder, file))).toBe("rekey-due 0");
  });

  test("with the whole request, and nothing of it is written", async () => {
    const file = await keep();
    const other = await keep();
    const good = desk.append(founder, file);
    const bad = desk.append(founder, other);
    expect(await send(founder, good, { ...bad, boxes: [] as Uint8Array[] })).toBe("malformed");
    const broken = resigned(other, bad, { epoch: 2 });
    expect(await send(founder, good, broken)).toBe("stale-epoch 1");
    const opened = await desk.open(founder, [file]);
    expect(opened.ok && opened.value.files[0]?.head).toBeNull();
  });
});

describe("an append", () => {
  test("is kept with its boxes, and again without effect", async () => {
    const file = await keep();
    const append = desk.append(founder, file, [new Uint8Array(10), new Uint8Array(5000)]);
    expect(await send(founder, append)).toBe("ok");
    expect(await send(founder, append)).toBe("ok");
    const opened = await desk.open(reader, [file]);
    const records = opened.ok ? (opened.value.files[0]?.records ?? []) : [];
    expect(records.map(({ boxes }) => boxes.map((box) => Buffer.from(box)))).toEqual([
      append.boxes.map((box) => Buffer.from(box)),
    ]);
  });

  test("may follow another of the same request", async () => {
    const file = await keep();
    const first = desk.append(founder, file);
    file.record = { ...file.record, head: placeOf(first.statement) };
    const second = desk.append(founder, file);
    expect(await send(founder, first, second)).toBe("ok");
  });

  test("is never stopped by a freeze", async () => {
    const frozen = await vault.practice();
    const own = new TestDesk(vault, frozen);
    const file = await own.keep(frozen.founder, "care");
    const order = frozen.order(frozen.founder, "freeze", { member: null });
    await vault.done(VAULT_ROUTES.stop, { order }, own.as(frozen.founder));
    expect(outcomeOf(await own.write(frozen.founder, file))).toBe("ok");
    expect(outcomeOf(await own.open(frozen.founder, [file]))).toBe("frozen");
  });

  test("costs two verifications and one statement, which is its own commit", async () => {
    const file = await keep();
    const append = desk.append(founder, file);
    vault.queries.length = 0;
    const before = operationCounts.verifications;
    expect(await send(founder, append)).toBe("ok");
    expect(operationCounts.verifications - before).toBe(2);
    expect(vault.queries).toHaveLength(1);
  });
});

describe("appends that come together", () => {
  test("share commits, and each is answered for itself", async () => {
    const files = await Promise.all(Array.from({ length: 16 }, keep));
    const appends = files.map((file) => desk.append(founder, file));
    const bad = desk.append(founder, files[3] as KeptFile);
    appends[3] = resigned(files[3] as KeptFile, bad, { epoch: 7 });
    vault.queries.length = 0;
    const outcomes = await Promise.all(appends.map((append) => send(founder, append)));
    expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(15);
    expect(outcomes[3]).toBe("stale-epoch 0");
    expect(vault.queries.length).toBeLessThan(16);
  });

  test("to one place leave one winner", async () => {
    const file = await keep();
    const appends = Array.from({ length: 8 }, () => desk.append(founder, file));
    const outcomes = await Promise.all(appends.map((append) => send(founder, append)));
    expect(outcomes.toSorted()).toEqual([...Array.from({ length: 7 }, () => "conflict 0"), "ok"]);
  });

  test("at two processes on one database are each decided by what stands there", async () => {
    const twin = vault.twin();
    const other = new TestDesk(twin, practice);
    const file = await keep();
    expect(outcomeOf(await desk.write(founder, file))).toBe("ok");
    expect(outcomeOf(await other.write(founder, file))).toBe("ok");
    const late = desk.append(founder, file);
    expect(outcomeOf(await desk.write(founder, file))).toBe("ok");
    expect(outcomeOf(await other.send(founder, [late]))).toBe("conflict 0");
    const again = resigned(file, late, {});
    expect(outcomeOf(await other.send(founder, [again]))).toBe("ok");
    file.record = { ...file.record, head: placeOf(again.statement) };
    const repeated = resigned(file, late, {});
    expect(await send(founder, repeated)).toBe("duplicate-entry 0");
    const order = practice.order(founder, "revoke", {
      file: file.file,
      subject: { type: "member", id: founder.member },
    });
    await vault.done(VAULT_ROUTES.stop, { order }, desk.as(founder));
    expect(outcomeOf(await other.write(founder, file))).toBe("not-granted 0");
    expect(outcomeOf(await other.open(founder, [file]))).toBe("not-granted 0");
    await twin.sql.end();
  });

  test("and are the same succeed all", async () => {
    const append = desk.append(founder, await keep());
    const outcomes = await Promise.all([1, 2, 3].map(() => send(founder, append)));
    expect(outcomes).toEqual(["ok", "ok", "ok"]);
  });
});
