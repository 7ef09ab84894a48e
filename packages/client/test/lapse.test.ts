import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  GRACE_WEEKS,
  RIGHTS,
  epochAt,
  grantsAt,
  isRekeyDue,
  weekOf,
  type MemberId,
} from "@sinetti/core";
import { generateEntryId, openEntry } from "@sinetti/core/secret";
import {
  appendEntries,
  closeRound,
  createFiles,
  fetchFiles,
  generateCaseId,
  grantFiles,
  lapsedEdges,
  memberGrant,
  openFiles,
  openRound,
  renewGrant,
  type Client,
  type KnownFile,
  type ReviewRound,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

const WEEK = 7 * 86_400;

interface Person {
  readonly client: Client;
  readonly world: TestDeviceWorld;
  readonly member: MemberId;
}

let system: TestSystem;
let therapist: Person;
let colleague: Person;
let officer: Person;

beforeAll(async () => {
  system = await startTestSystem();
  const { client } = await foundPractice(system, ["admin", "privacy"]);
  therapist = await addMember(system, client, ["therapist"]);
  colleague = await addMember(system, client, ["therapist"]);
  officer = await addMember(system, client, ["privacy"]);
  for (const { client: each } of [therapist, colleague, officer])
    await each.context.practice.sync(each.context.services);
});
afterAll(() => system.stop());

const week = (): number => weekOf(system.clock.now());

/** A file of the therapist that the colleague may open for two weeks, and has opened. */
async function shared(rights: number = RIGHTS.read): Promise<KnownFile> {
  const { context } = therapist.client;
  const [file] = await createFiles(context, [
    { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file");
  const wish = { member: colleague.member, rights, reason: "supervision" } as const;
  await grantFiles(context, [file], { ...memberGrant(context, wish), expires: week() + 2 });
  expect(await outcome(colleague, file)).toBe("released");
  return file;
}

async function outcome({ client }: Person, { file }: KnownFile): Promise<string | undefined> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  const [opened] = await openFiles(client.context, [{ file, vault: "what" }], {
    purpose: "session",
  });
  return opened?.outcome;
}

/** The file opened anew by the therapist: leases do not last for weeks. */
async function reopened(file: KnownFile): Promise<KnownFile> {
  expect(await outcome(therapist, file)).toBe("released");
  const own = await therapist.client.context.files.get(file);
  if (own === null) throw new TypeError("not open");
  return own;
}

async function write({ client }: Person, file: KnownFile): Promise<void> {
  const body = new Uint8Array(500).fill(7);
  await appendEntries(client.context, [
    { file, entries: [{ id: generateEntryId(), class: "entry", body }] },
  ]);
}

const holders = ({ access }: KnownFile): string[] =>
  grantsAt(access).flatMap(({ grant }) =>
    grant.subject.type === "member" ? grant.subject.id : [],
  );

/** The chain as the therapist reads it anew. */
async function read({ file }: KnownFile): Promise<KnownFile> {
  const { context } = therapist.client;
  const fetched = await fetchFiles(context, [{ file, vault: "what" }], { boxes: false });
  const found = fetched.get(file)?.file;
  if (found === undefined) throw new TypeError("no file");
  return found;
}

describe("a grant that nobody renewed", () => {
  test("goes with the next entry of who may grant, which no key of its holder opens", async () => {
    const file = await shared();
    const { context } = colleague.client;
    const theirs = await context.files.get(file);
    const old = theirs?.keys.get(1);
    if (old === undefined) throw new TypeError("the colleague has no key");
    await write(therapist, file);
    system.clock.advance((2 + GRACE_WEEKS) * WEEK);
    await write(therapist, await reopened(file));
    const now = await read(file);
    expect(holders(now)).toEqual([therapist.member]);
    expect(epochAt(now.access).epoch).toBe(2);
    const [before, after] = now.links;
    const { practice, compartment } = now.access;
    const open = (link: typeof before, epoch: number): Uint8Array => {
      const [header] = link?.body.entries ?? [];
      const [box] = link?.boxes ?? [];
      if (header === undefined || box === undefined) throw new TypeError("no entry");
      return openEntry(old, { practice, file: file.file, compartment, epoch }, { header, box });
    };
    expect(after?.body.epoch).toBe(2);
    expect(open(before, 1)).toHaveLength(500);
    for (const epoch of [1, 2])
      expect(() => open(after, epoch)).toThrow(expect.objectContaining({ code: "open-failed" }));
  });

  test("stays through its grace, where a privacy officer still renews it without a key", async () => {
    const file = await shared();
    system.clock.advance((1 + GRACE_WEEKS) * WEEK);
    await write(therapist, await reopened(file));
    expect(holders(await read(file))).toContain(colleague.member);
    await renewGrant(officer.client.context, file, {
      subject: { type: "member", id: colleague.member },
      rights: RIGHTS.read,
      term: "standing",
      expires: week() + 4,
    });
    expect(await outcome(colleague, file)).toBe("released");
    system.clock.advance((1 + GRACE_WEEKS) * WEEK);
    await write(therapist, await reopened(file));
    expect(epochAt((await read(file)).access).epoch).toBe(1);
  });

  test("stays where its holder is the last who could hand the record on", async () => {
    const file = await shared(7);
    system.clock.advance(16 * WEEK);
    const round = await openRound(officer.client, { scope: { by: "practice" } });
    await closeRound(officer.client, round.round);
    expect(await outcome(therapist, file)).toBe("approval-needed");
    expect(await outcome(colleague, file)).toBe("approval-needed");
    expect(await lapsedEdges(officer.client, round)).not.toContain(place(round, file, colleague));
  });

  test("does not keep a note while the gate is away: the next one takes it", async () => {
    const file = await shared();
    system.clock.advance((2 + GRACE_WEEKS) * WEEK);
    const own = await reopened(file);
    therapist.world.interrupt = (at, request) => {
      if (at === "before" && request.startsWith("gate")) throw new TypeError("away");
    };
    await write(therapist, own);
    await write(therapist, own);
    expect(own.links).toHaveLength(2);
    therapist.world.interrupt = () => undefined;
    expect((await therapist.client.resume()).refused).toEqual([]);
    await write(therapist, own);
    expect(epochAt((await read(file)).access).epoch).toBe(2);
  });
});

function place({ snapshot }: ReviewRound, file: KnownFile, { member }: Person): number {
  return snapshot.edges.findIndex(
    (each) =>
      each.kind === "key" && each.edge.file === file.file && each.edge.subject.id === member,
  );
}

describe("closing a round", () => {
  let file: KnownFile;
  let round: ReviewRound;
  beforeEach(async () => {
    file = await shared();
    system.clock.advance((2 + GRACE_WEEKS) * WEEK);
    round = await openRound(officer.client, { scope: { by: "practice" } });
  });

  test("takes what was left past its grace, reads it again, and the next entry opens a new epoch", async () => {
    const edge = place(round, file, colleague);
    expect(await lapsedEdges(officer.client, round)).not.toContain(edge);
    await closeRound(officer.client, round.round);
    expect(await lapsedEdges(officer.client, round)).toContain(edge);
    await therapist.client.context.practice.sync(therapist.client.context.services);
    const now = await read(file);
    expect(holders(now)).toEqual([therapist.member]);
    expect(isRekeyDue(now.access, therapist.client.practice)).toBe(true);
    const own = await reopened(file);
    await write(therapist, own);
    expect(epochAt(own.access).epoch).toBe(2);
  });

  test("leaves what a colleague granted anew meanwhile", async () => {
    const { context } = therapist.client;
    const wish = { member: colleague.member, rights: RIGHTS.read, reason: "supervision" } as const;
    await outcome(therapist, file);
    await renewGrant(officer.client.context, file, {
      ...memberGrant(context, wish),
      expires: week() + 3,
    });
    await closeRound(officer.client, round.round);
    expect(await lapsedEdges(officer.client, round)).not.toContain(place(round, file, colleague));
    expect(holders(await read(file))).toContain(colleague.member);
  });
});
