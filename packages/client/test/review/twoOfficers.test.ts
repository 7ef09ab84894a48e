import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  RIGHTS,
  closerOf,
  encodeReviewSnapshot,
  encodeShape,
  grantsAt,
  hashReviewSnapshot,
  parseId,
  reviewOf,
  shapes,
  type FileId,
  type MemberId,
  type OrderId,
} from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  appendEntries,
  approveDevice,
  closeRound,
  createFiles,
  decideEdges,
  fetchFiles,
  finishDevice,
  giveOrder,
  generateCaseId,
  grantFiles,
  listRounds,
  memberGrant,
  openRound,
  readReviewRecord,
  readRound,
  renewGrant,
  requestDevice,
  reviewReminder,
  setPhase,
  signReviewPaper,
  unheldFiles,
  verifyReviewPaper,
  verifyReviewRecord,
  type Client,
  type Decided,
  type KnownFile,
  type ReviewRound,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import {
  PASSWORD,
  addMember,
  foundPractice,
  restart,
  testWorld,
  type TestDeviceWorld,
} from "../testWorld.ts";

interface Person {
  client: Client;
  readonly world: TestDeviceWorld;
  readonly member: MemberId;
}

let system: TestSystem;
let first: Person;
let second: Person;
let therapist: Person;
let colleague: Person;

beforeAll(async () => {
  system = await startTestSystem();
  const founded = await foundPractice(system, ["admin", "privacy"]);
  first = { ...founded, member: founded.client.member };
  therapist = await addMember(system, first.client, ["therapist"]);
  colleague = await addMember(system, first.client, ["therapist"]);
  second = await addMember(system, first.client, ["privacy"]);
  for (const { client } of [therapist, colleague, second])
    await client.context.practice.sync(client.context.services);
});
afterAll(() => system.stop());

/** A file that both therapists may open and hand on. */
async function shared({ client: { context } } = therapist): Promise<KnownFile> {
  const [file] = await createFiles(context, [
    { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file");
  const wish = { member: colleague.member, rights: 7, reason: "care" } as const;
  await grantFiles(context, [file], memberGrant(context, wish));
  return file;
}

async function decide(
  { client }: Person,
  { round, snapshot }: ReviewRound,
  wish: { file: FileId; subject: MemberId; verdict: "keep" | "narrow" | "revoke" },
): Promise<string | undefined> {
  const edge = snapshot.edges.findIndex(
    (each) =>
      each.kind === "key" && each.edge.file === wish.file && each.edge.subject.id === wish.subject,
  );
  const { verdict } = wish;
  const rights = verdict === "narrow" ? { rights: RIGHTS.read } : {};
  const [decided] = await decideEdges(client, {
    round,
    wishes: [{ edge, verdict, reason: "unknown", seconds: 1, ...rights }],
  });
  return reasonOf(decided);
}

function reasonOf(decided: Decided | undefined): string | undefined {
  return decided?.ok === true ? "done" : decided?.reason;
}

/** Lets `act` happen once, between what a person's device weighs and what it sends. */
function beforeSending({ world }: Person, act: () => Promise<unknown>): void {
  const { fetch } = world;
  let isDone = false;
  Object.assign(world, {
    fetch: async (url: string, init: RequestInit) => {
      const isSending = /\/v1\/(stop|access\/submit)$/.test(url);
      if (isSending && !isDone) {
        isDone = true;
        await act();
      }
      return fetch(url, init);
    },
  });
}

async function rightsLeft(file: KnownFile): Promise<number[]> {
  for (const { client } of [therapist, colleague]) {
    const { context } = client;
    await context.practice.sync(context.services);
    const fetched = await fetchFiles(context, [{ file: file.file, vault: "what" }], {
      boxes: false,
    });
    const found = fetched.get(file.file);
    if (found === undefined) continue;
    const staff = grantsAt(found.file.access).filter(
      ({ grant }) => grant.subject.type === "member",
    );
    return staff.map(({ grant }) => grant.rights).toSorted((a, b) => a - b);
  }
  return [];
}

describe("two officers who decide at the same time", () => {
  test.each(["revoke", "narrow"] as const)(
    "on two holders of one record (%s) leave the last of them",
    async (verdict) => {
      const file = await shared();
      const [one, other] = [
        await openRound(first.client, { scope: { by: "practice" } }),
        await openRound(second.client, { scope: { by: "practice" } }),
      ];
      const wish = { file: file.file, verdict };
      let meanwhile: string | undefined;
      beforeSending(second, async () => {
        meanwhile = await decide(first, one, { ...wish, subject: colleague.member });
      });
      expect(await decide(second, other, { ...wish, subject: therapist.member })).toBe(
        "last-holder",
      );
      expect(meanwhile).toBe("done");
      expect(await rightsLeft(file)).toEqual(verdict === "revoke" ? [7] : [RIGHTS.read, 7]);
    },
  );

  test("on one holder weigh again: whoever comes second finds another access", async () => {
    const file = await shared();
    const [one, other] = [
      await openRound(first.client, { scope: { by: "practice" } }),
      await openRound(second.client, { scope: { by: "practice" } }),
    ];
    const wish = { file: file.file, subject: colleague.member };
    beforeSending(second, () => decide(first, one, { ...wish, verdict: "narrow" }));
    expect(await decide(second, other, { ...wish, verdict: "revoke" })).toBe("changed");
  });

  test("on what does not touch each other are both carried out, whoever was first", async () => {
    const file = await shared();
    const [one, other] = [
      await openRound(first.client, { scope: { by: "practice" } }),
      await openRound(second.client, { scope: { by: "practice" } }),
    ];
    beforeSending(second, () =>
      decide(first, one, { file: file.file, subject: therapist.member, verdict: "keep" }),
    );
    const wish = { file: file.file, subject: colleague.member, verdict: "revoke" } as const;
    expect(await decide(second, other, wish)).toBe("done");
    expect(await rightsLeft(file)).toEqual([7]);
  });
});

describe("a record whose last holders go at the same time", () => {
  /** A file of a therapist who came for it, and of the colleague. */
  async function heldByLeaver(): Promise<{ leaver: MemberId; file: KnownFile }> {
    const { client, member } = await addMember(system, first.client, ["therapist"]);
    await therapist.client.context.practice.sync(therapist.client.context.services);
    return { leaver: member, file: await shared({ ...therapist, client, member }) };
  }
  const unheld = async (): Promise<FileId[]> =>
    (await unheldFiles(second.client)).map(({ file }) => file);

  test("is kept by the one whose access is to be ended, where the other has left meanwhile", async () => {
    const { leaver, file } = await heldByLeaver();
    const round = await openRound(second.client, { scope: { by: "practice" } });
    beforeSending(second, () => giveOrder(first.client.context, "member.end", { member: leaver }));
    const wish = { file: file.file, subject: colleague.member, verdict: "revoke" } as const;
    expect(await decide(second, round, wish)).toBe("last-holder");
    expect(await unheld()).not.toContain(file.file);
  });

  test("is lost where the other leaves afterwards, since a stop is never refused; and the officers find it", async () => {
    const { leaver, file } = await heldByLeaver();
    const round = await openRound(second.client, { scope: { by: "practice" } });
    const wish = { file: file.file, subject: colleague.member, verdict: "revoke" } as const;
    expect(await decide(second, round, wish)).toBe("done");
    expect(await unheld()).not.toContain(file.file);
    await giveOrder(first.client.context, "member.end", { member: leaver });
    const found = (await unheldFiles(second.client)).find((each) => each.file === file.file);
    expect(found).toMatchObject({ compartment: "care", holders: [leaver] });
    expect((await reviewReminder(second.client)).unheld).toBeGreaterThan(0);
  });

  test("is told to privacy officers alone", async () => {
    await expect(unheldFiles(therapist.client)).rejects.toMatchObject({
      problem: "not-authorised",
    });
  });
});

/** A further device of the same person. */
async function anotherDevice({ client, member }: Person): Promise<Person> {
  const world = testWorld(system);
  const { endpoints } = system;
  const asked = { endpoints, password: PASSWORD, isNewPerson: false };
  const { code } = await requestDevice(world, asked);
  await approveDevice(client.context, code);
  return { client: await finishDevice(world, { password: PASSWORD, endpoints }), world, member };
}

describe("a round that is open", () => {
  test("is gone through and closed on another device of the same officer", async () => {
    const file = await shared();
    const other = await anotherDevice(second);
    const round = await openRound(second.client, { scope: { by: "practice" } });
    const wish = { file: file.file, subject: colleague.member };
    expect(await decide(second, round, { ...wish, verdict: "keep" })).toBe("done");
    await other.client.context.practice.sync(other.client.context.services);
    const read = await readRound(other.client, round.round);
    expect(read.snapshot).toEqual(round.snapshot);
    expect(read.decisions).toMatchObject([{ verdict: "keep", by: second.member }]);
    expect(await decide(other, read, { ...wish, verdict: "revoke" })).toBe("decided");
    const narrow = { file: file.file, subject: therapist.member, verdict: "narrow" } as const;
    expect(await decide(other, read, narrow)).toBe("done");
    expect((await readRound(second.client, round.round)).decisions).toHaveLength(2);
    const record = await closeRound(other.client, round.round);
    await second.client.context.practice.sync(second.client.context.services);
    expect(await readReviewRecord(second.client, round.round)).toEqual(record);
    expect(verifyReviewRecord(second.client.practice, record).decisions).toHaveLength(2);
  });

  test("is gone through and closed by another officer, who decides on what is the opener's own and not on what is theirs", async () => {
    const round = await openRound(first.client, { scope: { by: "practice" } });
    await second.client.context.practice.sync(second.client.context.services);
    const directory = round.snapshot.edges.flatMap((each) =>
      each.kind === "key" && each.edge.compartment === "directory" ? [each.edge.file] : [],
    )[0] as FileId;
    const keep = (by: Person, { member: subject }: Person) =>
      decide(by, round, { file: directory, subject, verdict: "keep" });
    expect(await keep(first, first)).toBe("own");
    expect(await keep(first, therapist)).toBe("granted-by-reviewer");
    expect(await keep(second, second)).toBe("own");
    expect(await keep(second, first)).toBe("done");
    expect(await keep(second, therapist)).toBe("done");
    const record = await closeRound(second.client, round.round);
    const { practice } = second.client;
    const { state, decisions } = verifyReviewRecord(practice, record);
    expect([state.by, closerOf(state)]).toEqual([first.member, second.member]);
    expect(decisions.map(({ by }) => by)).toEqual([second.member, second.member]);
    await first.client.context.practice.sync(first.client.context.services);
    expect(await readReviewRecord(first.client, round.round)).toEqual(record);
    const paper = signReviewPaper(second.client, round.round, new Uint8Array([37]));
    expect(verifyReviewPaper(practice, paper)).toBe(round.round);
    expect(() => signReviewPaper(first.client, round.round, new Uint8Array([37]))).toThrow(
      expect.objectContaining({ code: "refused" }),
    );
  });

  test("reaches an officer who came later with the next decision, and nobody who is none", async () => {
    const file = await shared();
    const round = await openRound(first.client, { scope: { by: "practice" } });
    const late = await addMember(system, first.client, ["privacy"]);
    const unknown = expect.objectContaining({ code: "unknown-record" });
    await expect(readRound(late.client, round.round)).rejects.toEqual(unknown);
    const wish = { file: file.file, subject: colleague.member, verdict: "keep" } as const;
    expect(await decide(first, round, wish)).toBe("done");
    expect((await readRound(late.client, round.round)).decisions).toHaveLength(1);
    const { context } = therapist.client;
    await context.practice.sync(context.services);
    expect(reviewOf(therapist.client.practice, round.round)).not.toBe(null);
    await expect(readRound(therapist.client, round.round)).rejects.toEqual(unknown);
  });

  test("of which another snapshot is shared than was frozen is refused to whoever reads it there", async () => {
    const { round: honest, snapshot } = await openRound(first.client, {
      scope: { by: "practice" },
    });
    await closeRound(first.client, honest);
    const { context } = first.client;
    await giveOrder(context, "review.open", {
      snapshot: hashReviewSnapshot(encodeReviewSnapshot(snapshot)),
      edges: snapshot.edges.length,
    });
    const isNew = (row: { round: string; snapshot: string }): boolean =>
      row.round !== honest && row.snapshot === snapshotOf(first.client, honest);
    const round = listRounds(first.client.practice).find(isNew)?.round;
    if (round === undefined) throw new TypeError("no round");
    const id = parseId<FileId>(round);
    const grant = memberGrant(context, { member: second.member, rights: 7, reason: "staff" });
    const wish = { file: id, compartment: "review" as const, case: null, site: null };
    const [file] = await createFiles(context, [{ ...wish, grants: [grant] }]);
    if (file === undefined) throw new TypeError("no file");
    const bytes = encodeReviewSnapshot({ ...snapshot, at: snapshot.at + 1 });
    const part = { kind: "snapshot", v: 1, part: 0, of: 1, bytes } as const;
    const entry = { id: generateEntryId(), class: "entry", body: encodeShape(PART, part) } as const;
    await appendEntries(context, [{ file, entries: [entry] }]);
    await second.client.context.practice.sync(second.client.context.services);
    await expect(readRound(second.client, round)).rejects.toMatchObject({
      code: "refused",
      detail: "review: changed snapshot",
    });
  });
});

function snapshotOf({ practice }: Client, round: OrderId): string | undefined {
  return reviewOf(practice, round)?.snapshot;
}

/** A part of a snapshot, written down apart from the source. */
const PART = shapes.variant("kind", {
  snapshot: shapes.record({
    v: shapes.version,
    part: shapes.uint(16),
    of: shapes.uint(16),
    bytes: shapes.maxBytes(1024 * 1024),
  }),
});

describe("what was cut off", () => {
  test("in a review is not put after a chain that has moved on", async () => {
    const file = await shared();
    const [one, other] = [
      await openRound(first.client, { scope: { by: "practice" } }),
      await openRound(second.client, { scope: { by: "practice" } }),
    ];
    second.world.interrupt = (at, request) => {
      if (at === "before" && /\/v1\/(stop|access\/submit)$/.test(request))
        throw new TypeError("cut off");
    };
    const wish = { file: file.file, verdict: "revoke" } as const;
    await expect(
      decide(second, other, { ...wish, subject: therapist.member }),
    ).rejects.toMatchObject({ code: "unreachable" });
    expect(await decide(first, one, { ...wish, subject: colleague.member })).toBe("done");
    second.client = await restart(system, second.world);
    await second.client.resume();
    expect(await rightsLeft(file)).toEqual([7]);
  });

  test("outside a review is put after it, by an officer who cannot open the record", async () => {
    const file = await shared();
    const renew = {
      ...memberGrant(first.client.context, { member: colleague.member, rights: 7, reason: "care" }),
    };
    second.world.interrupt = (at, request) => {
      if (at === "before" && request === "gate /v1/access/submit") throw new TypeError("cut off");
    };
    const cut = renewGrant(second.client.context, file, { ...renew, rights: RIGHTS.read });
    await expect(cut).rejects.toMatchObject({ code: "unreachable" });
    await setPhase(first.client.context, file, "close");
    second.client = await restart(system, second.world);
    expect(await second.client.resume()).toMatchObject({ done: 1, refused: [] });
    expect(await rightsLeft(file)).toEqual([RIGHTS.read, 7]);
  });
});
