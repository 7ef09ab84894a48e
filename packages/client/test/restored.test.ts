import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CHAIN_ROUTES,
  GATE_ROUTES,
  RIGHTS,
  VAULT_ROUTES,
  hashLostHeads,
  type FileId,
  type PracticeId,
  type RunFrame,
  type ServiceName,
} from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  appendEntries,
  approvePending,
  createFiles,
  generateCaseId,
  giveOrder,
  grantFiles,
  memberGrant,
  openFiles,
  proposeErase,
  readEntries,
  readRestores,
  resumeServices,
  revokeGrant,
  type Client,
  type FileRef,
  type KnownFile,
} from "@sinetti/client";
import postgres from "postgres";
import { databaseUrlToOptions } from "../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart } from "./testWorld.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;
type Added = Awaited<ReturnType<typeof addMember>>;

let system: TestSystem;
let founder: Client;
let world: Awaited<ReturnType<typeof foundPractice>>["world"];
let therapist: Added;
let leaver: Added;
let officer: Added;
let practice: PracticeId;

async function grownSystem(): Promise<void> {
  system = await startTestSystem();
  ({ client: founder, world } = await foundPractice(system, ["therapist", "admin"]));
  therapist = await addMember(system, founder, ["therapist"]);
  leaver = await addMember(system, founder, ["therapist"]);
  officer = await addMember(system, founder, ["privacy"]);
  system.clock.advance(2 * WEEK);
  practice = founder.practice.practice;
}

async function careFile({ context }: Client): Promise<KnownFile> {
  const wish = { file: null, compartment: "care" as const, case: generateCaseId(), site: null };
  const [made] = await createFiles(context, [{ ...wish, grants: [] }]);
  if (made === undefined) throw new TypeError("no file");
  return made;
}

async function append({ context }: Client, file: KnownFile, text: string): Promise<void> {
  const body = new TextEncoder().encode(text);
  const entries = [{ id: generateEntryId(), class: "entry" as const, body }];
  await appendEntries(context, [{ file, entries }]);
}

async function share({ context }: Client, file: FileRef, { member }: Added): Promise<void> {
  const grant = memberGrant(context, {
    member,
    rights: RIGHTS.read | RIGHTS.write,
    reason: "care",
  });
  await grantFiles(context, [file], grant);
}

async function outcome(client: Client, ref: FileRef): Promise<string | undefined> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  const [opened] = await openFiles(client.context, [ref], { purpose: "session" });
  return opened?.outcome;
}

async function read(client: Client, ref: FileRef): Promise<string[]> {
  const { file } = ref;
  await openFiles(client.context, [ref], { purpose: "session" });
  const known = await client.context.files.get({ file });
  if (known === null) throw new TypeError("not known");
  const entries = readEntries(client.context, known);
  return entries.map(({ body }) => new TextDecoder().decode(body));
}

async function rowsOf(service: ServiceName, tables: string[], file: FileId): Promise<number[]> {
  const sql = postgres({ ...databaseUrlToOptions(system.databases[service].superUrl), max: 1 });
  const counts = await Promise.all(
    tables.map(async (table) => {
      const [row] = await sql<{ n: number }[]>`
        select count(*)::int as n from ${sql(table)} where file = ${Buffer.from(file, "hex")}`;
      return row?.n ?? -1;
    }),
  );
  await sql.end();
  return counts;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function resumeByTwo(): Promise<void> {
  const [asked] = await resumeServices(founder.context);
  if (asked?.given.state !== "pending") throw new TypeError("not pending");
  await approvePending(officer.client.context, asked.given.order);
}

describe("a vault out of an old backup beside a gate that went on", () => {
  let revoked: KnownFile;
  let erased: KnownFile;
  let written: KnownFile;
  let later: KnownFile;
  let gone: KnownFile;

  beforeAll(async () => {
    await grownSystem();
    revoked = await careFile(founder);
    erased = await careFile(founder);
    written = await careFile(founder);
    gone = await careFile(therapist.client);
    for (const file of [revoked, erased, written]) await append(founder, file, "before");
    await share(founder, revoked, therapist);
    await share(founder, written, leaver);
    const putBack = await system.keep("what");

    await revokeGrant(founder.context, revoked, { type: "member", id: therapist.member });
    const given = await proposeErase(officer.client.context, erased.file, "request");
    if (given.state !== "pending") throw new TypeError("not pending");
    await approvePending(founder.context, given.order);
    await giveOrder(founder.context, "member.end", { member: leaver.member });
    await append(founder, revoked, "after");
    await append(founder, written, "after");
    later = await careFile(founder);
    await append(founder, later, "later");
    await share(founder, written, therapist);
    // Reported to the gate, and on a device that never comes back.
    await append(therapist.client, gone, "gone");
    await outcome(therapist.client, gone);
    await putBack();
    await system.markRestored(practice, ["what"]);
  });
  afterAll(() => system.stop());

  test("is still: it opens and takes nothing, and what was to be written is kept", async () => {
    expect(await refusal(append(founder, later, "kept"))).toBe("restored");
    expect(await founder.context.outbox.left()).toHaveLength(1);
    expect(await refusal(outcome(founder, written))).toBe("restored");
    expect([...(await readRestores(founder.context)).keys()]).toEqual(["what"]);
  });

  test("catches up with what the gate has accepted, and knows whose wraps are lost", async () => {
    const taken = await system.handOver(practice, { from: "gate", to: "what" });
    expect(taken).toMatchObject({ links: 1, erased: 1 });
    expect(taken.statements).toBeGreaterThanOrEqual(4);
    const lost = "lostWraps" in taken ? taken.lostWraps : [];
    const isLost = (file: KnownFile, id: string): boolean =>
      lost.some((each) => each.file === file.file && each.subject.id === id);
    expect(isLost(later, founder.member)).toBe(true);
    expect(isLost(written, therapist.member)).toBe(true);
    expect(isLost(gone, therapist.member)).toBe(false);
    const again = await system.handOver(practice, { from: "gate", to: "what" });
    expect(again).toMatchObject({ links: 0, statements: 0, stops: 0, erased: 0 });
  });

  test("forgets no erasure, also before it works again", async () => {
    const tables = ["entries", "wraps", "shares", "drafts", "attachments"];
    expect(await rowsOf("what", tables, erased.file)).toEqual([0, 0, 0, 0, 0]);
    expect(await rowsOf("what", ["record_links"], erased.file)).toEqual([1]);
  });

  test("takes from readers what was appended since, and not from others, nor what was changed", async () => {
    const known = await founder.context.files.get({ file: written.file });
    const link = known?.links[1];
    if (link === undefined) throw new TypeError("an append");
    const { services } = founder.context;
    const body = { appends: [{ statement: link.link.signed, boxes: [...(link.boxes ?? [])] }] };
    const stranger = officer.client.context.services;
    expect(await refusal(stranger.call("what", VAULT_ROUTES.recordReturn, body))).toBe("refused");
    const changed = Uint8Array.from(link.link.signed);
    changed[3] = (changed[3] ?? 0) ^ 1;
    const forged = {
      appends: [{ ...body.appends[0], statement: changed, boxes: [...(link.boxes ?? [])] }],
    };
    expect(await refusal(services.call("what", VAULT_ROUTES.recordReturn, forged))).toBe("refused");
    const resumed = await (await restart(system, world)).resume();
    expect(resumed).toMatchObject({ restored: ["what"] });
    expect(resumed.returned).toBeGreaterThanOrEqual(3);
    expect((await rowsOf("what", ["entries"], written.file))[0]).toBe(2);
    const { lostWraps = [] } = (await system.handOver(practice, { from: "gate", to: "what" })) as {
      lostWraps?: unknown[];
    };
    expect(lostWraps).toEqual([]);
  });

  test("works again by two, who give up what nobody has, once", async () => {
    const { context } = officer.client;
    founder = await restart(system, world);
    const [asked] = await resumeServices(founder.context);
    expect(asked).toMatchObject({ services: ["what"], lost: 1, given: { state: "pending" } });
    if (asked?.given.state !== "pending") throw new TypeError("not pending");
    expect(await refusal(outcome(founder, written))).toBe("restored");
    await approvePending(context, asked.given.order);
    const [pending] = (await context.services.call("gate", GATE_ROUTES.orderPending, {})).answer
      .orders;
    if (pending === undefined) throw new TypeError("an order");
    const lost = [{ file: gone.file, record: null }];
    const other = { order: pending.order, approvals: pending.approvals, lost: [] };
    expect(await refusal(context.services.call("what", CHAIN_ROUTES.resume, other))).toBe(
      "refused",
    );
    const [done] = await resumeServices(founder.context);
    expect(done?.given.state).toBe("done");
    expect([...(await readRestores(founder.context)).keys()]).toEqual([]);
    const { answer } = await context.services.call("gate", GATE_ROUTES.logChain, {
      from: 0,
      limit: 1000,
    });
    const line = answer.entries.findLast(({ kind }) => kind === "restored");
    expect(line).toMatchObject({ detail: hashLostHeads(lost), count: 1 });
    expect(line?.items.map(({ file }) => file)).toEqual([gone.file]);
    // A second time it would lower heads that have risen since.
    const repeated = { order: pending.order, approvals: pending.approvals, lost };
    await context.services.call("gate", CHAIN_ROUTES.resume, repeated);
    const after = await context.services.call("gate", GATE_ROUTES.logChain, {
      from: 0,
      limit: 1000,
    });
    expect(after.answer.entries).toHaveLength(answer.entries.length);
  });

  test("forgets no revocation and no end, and has every entry that somebody had", async () => {
    expect(await outcome(therapist.client, revoked)).toBe("not-granted");
    expect(await refusal(outcome(leaver.client, written))).not.toBe("accepted");
    expect(await outcome(founder, erased)).toBe("erased");
    expect(await outcome(founder, written)).toBe("released");
    expect(await read(founder, written)).toEqual(["before", "after"]);
    expect(await outcome(therapist.client, gone)).toBe("released");
    await founder.resume();
    expect(await founder.context.outbox.left()).toEqual([]);
  });
});

describe("a gate whose database is gone", () => {
  const files: KnownFile[] = [];
  let shared: KnownFile;
  let taken: KnownFile;

  beforeAll(async () => {
    await grownSystem();
    for (let count = 0; count < 4; count++) {
      const file = await careFile(founder);
      await append(founder, file, `note ${count}`);
      files.push(file);
    }
    [shared, taken] = files as [KnownFile, KnownFile];
    await share(founder, shared, therapist);
    await share(founder, taken, therapist);
    await revokeGrant(founder.context, taken, { type: "member", id: therapist.member });
    await append(founder, taken, "in a new epoch");
    const foreign = await foreignFrames();
    planted.push(...foreign);
  });
  afterAll(() => system.stop());

  const planted: RunFrame[] = [];
  async function foreignFrames(): Promise<RunFrame[]> {
    const other = await startTestSystem(system.clock);
    const { client } = await foundPractice(other, ["therapist", "admin"]);
    const file = await careFile(client);
    await append(client, file, "elsewhere");
    const frames: RunFrame[] = [];
    await other.handOver(client.practice.practice, {
      from: "what",
      to: "gate",
      change: (frame) => {
        frames.push(frame);
        return [frame];
      },
    });
    await other.stop();
    return frames;
  }

  type Change = (frame: RunFrame) => RunFrame[];
  const onFiles =
    (change: (frame: Extract<RunFrame, { kind: "files" }>) => RunFrame[]): Change =>
    (frame) =>
      frame.kind === "files" ? change(frame) : [frame];
  const flip = (bytes: Uint8Array, at: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  const kinds = (kind: RunFrame["kind"]): RunFrame[] =>
    planted.filter((each) => each.kind === kind);

  const HOSTILE: Record<string, Change> = {
    "a flipped bit in a statement": onFiles((frame) => [
      {
        ...frame,
        files: frame.files.map((file) => ({
          ...file,
          statements: file.statements.map((each) => ({
            ...each,
            statement: flip(each.statement, 70),
          })),
        })),
      },
    ]),
    "a flipped bit in an acceptance": (frame) =>
      frame.kind === "acceptances"
        ? [{ ...frame, signed: frame.signed.map((each) => flip(each, 5)) }]
        : [frame],
    "acceptances left out": (frame) => (frame.kind === "acceptances" ? [] : [frame]),
    "halves of other files": onFiles((frame) => [
      {
        ...frame,
        files: frame.files.map((file, index) => ({
          ...file,
          shares: frame.files[(index + 1) % frame.files.length]?.shares ?? [],
        })),
      },
    ]),
    "halves left out": onFiles((frame) => [
      { ...frame, files: frame.files.map((file) => ({ ...file, shares: [] })) },
    ]),
    "statements in another order": onFiles((frame) => [
      {
        ...frame,
        files: frame.files.map((file) => ({ ...file, statements: file.statements.toReversed() })),
      },
    ]),
    "a statement under another file": onFiles((frame) => [
      {
        ...frame,
        files: frame.files.map((file) => ({
          ...file,
          file: frame.files.find((each) => each.file !== file.file)?.file ?? file.file,
        })),
      },
    ]),
    "the first link of the practice left out": (frame) =>
      frame.kind === "practice" ? [{ ...frame, links: frame.links.slice(1) }] : [frame],
    "a flipped bit in a link of the practice": (frame) =>
      frame.kind === "practice"
        ? [
            {
              ...frame,
              links: frame.links.map((link) => ({ ...link, statement: flip(link.statement, 5) })),
            },
          ]
        : [frame],
    "another practice's links": (frame) =>
      frame.kind === "practice" ? kinds("practice") : [frame],
    "another practice's acceptances and files": (frame) =>
      frame.kind === "end" ? [...kinds("acceptances"), ...kinds("files"), frame] : [frame],
    "an end that never comes": (frame) => (frame.kind === "end" ? [] : [frame]),
  };

  test.each(Object.keys(HOSTILE))("is not filled by a vault that hands it %s", async (name) => {
    await system.lose("gate");
    const change = HOSTILE[name];
    if (change === undefined) throw new TypeError("no such lie");
    await expect(
      system.handOver(practice, { from: "what", to: "gate", change }),
    ).rejects.toMatchObject({
      name: expect.stringMatching(/^(Refusal|CoreError)$/),
    });
    const own = new Set<string>(files.map(({ file }) => file));
    const sql = postgres({ ...databaseUrlToOptions(system.databases.gate.superUrl), max: 1 });
    const rows = await sql<{ file: string }[]>`select encode(file, 'hex') as file from files`;
    await sql.end();
    expect(rows.filter(({ file }) => !own.has(file))).toEqual([]);
  });

  test("is filled again out of both vaults, and is still", async () => {
    await system.lose("gate");
    for (const from of ["who", "what"] as const) {
      const run = await system.handOver(practice, { from, to: "gate" });
      expect(run.statements).toBeGreaterThan(0);
    }
    await system.markRestored(practice, ["gate"]);
    expect(await refusal(outcome(founder, shared))).toBe("restored");
    expect(await refusal(careFile(founder))).toBe("restored");
    expect(
      await refusal(
        giveOrder(founder.context, "policy", {
          policy: founder.practice.policies[0]?.policy ?? fail(),
        }),
      ),
    ).toBe("restored");
    // Stops act all the same.
    await giveOrder(officer.client.context, "freeze", { member: leaver.member });
    expect(await refusal(resumeServices(therapist.client.context))).toBe("refused");
  });

  test("opens every file after two have resumed it, a day's budget counted as spent, and its log says so first", async () => {
    founder = await restart(system, world);
    await resumeByTwo();
    expect([...(await readRestores(founder.context)).keys()]).toEqual([]);
    expect(await outcome(therapist.client, shared)).toBe("over-budget");
    system.clock.advance(DAY);
    founder = await restart(system, world);
    for (const file of files) expect(await outcome(founder, file)).toBe("released");
    expect(await read(founder, taken)).toEqual(["note 1", "in a new epoch"]);
    expect(await outcome(therapist.client, shared)).toBe("released");
    expect(await outcome(therapist.client, taken)).toBe("not-granted");
    const { services } = officer.client.context;
    const { answer } = await services.call("gate", GATE_ROUTES.logChain, { from: 0, limit: 10 });
    expect(answer.entries[0]).toMatchObject({ index: 0, kind: "restored", member: null });
    const created = await careFile(founder);
    await append(founder, created, "as before");
    expect(await outcome(founder, created)).toBe("released");
  });
});

describe("a gate out of an old backup", () => {
  beforeAll(grownSystem);
  afterAll(() => system.stop());

  test("takes from the vaults what it had accepted since, and goes on where it was", async () => {
    const before = await careFile(founder);
    const putBack = await system.keep("gate");
    await giveOrder(founder.context, "freeze", { member: leaver.member });
    const later = await careFile(founder);
    await append(founder, later, "later");
    await share(founder, before, therapist);
    await revokeGrant(founder.context, before, { type: "member", id: therapist.member });
    await putBack();
    for (const from of ["who", "what"] as const)
      await system.handOver(practice, { from, to: "gate" });
    await system.markRestored(practice, ["gate"]);
    const restores = await readRestores(founder.context);
    expect([...restores.keys()]).toEqual(["gate"]);
    await resumeByTwo();
    system.clock.advance(DAY);
    founder = await restart(system, world);
    expect(await outcome(founder, later)).toBe("released");
    expect(await outcome(therapist.client, before)).toBe("not-granted");
    expect(await refusal(outcome(leaver.client, later))).toBe("refused");
    await officer.client.context.practice.sync(officer.client.context.services);
    expect(founder.practice.heads).toEqual(officer.client.practice.heads);
    expect(Object.values(officer.client.practice.freezes)).toHaveLength(1);
  });
});

function fail(): never {
  throw new TypeError("missing");
}
