import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  GATE_ROUTES,
  RIGHTS,
  hashReviewDecisions,
  practiceHead,
  readOrder,
  weekOf,
  weekStart,
  type FileId,
  type KeyEdge,
  type MemberId,
  type OrderId,
  type ReviewRisk,
} from "@sinetti/core";
import {
  approveOpenings,
  closeRound,
  createFiles,
  decideEdges,
  edgeState,
  endingAccess,
  generateCaseId,
  giveOrder,
  grantFiles,
  listRounds,
  memberGrant,
  openFiles,
  openRound,
  prepareCanary,
  readReviewRecord,
  renewGrant,
  reviewReminder,
  setCanary,
  setPhase,
  verifyReviewRecord,
  type Client,
  type Decided,
  type KnownFile,
  type ReviewRound,
} from "@sinetti/client";
import { signOrder } from "@sinetti/core/secret";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "../testWorld.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;

let system: TestSystem;
let founder: Client;
let therapist: { client: Client; world: TestDeviceWorld; member: MemberId };
let colleague: { client: Client; member: MemberId };
let officer: { client: Client; world: TestDeviceWorld; member: MemberId };

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system, ["admin", "privacy"]));
  therapist = await addMember(system, founder, ["therapist"]);
  colleague = await addMember(system, founder, ["therapist"]);
  officer = await addMember(system, founder, ["privacy"]);
  system.clock.advance(2 * WEEK);
  for (const { client } of [therapist, colleague, officer])
    await client.context.practice.sync(client.context.services);
});
afterAll(() => system.stop());

async function careFiles(client: Client, count = 1): Promise<KnownFile[]> {
  return createFiles(
    client.context,
    Array.from({ length: count }, () => ({
      file: null,
      compartment: "care" as const,
      case: generateCaseId(),
      site: null,
      grants: [],
    })),
  );
}

async function one(client: Client): Promise<KnownFile> {
  const [file] = await careFiles(client);
  if (file === undefined) throw new TypeError("no file");
  return file;
}

async function outcome(client: Client, file: FileId): Promise<string | undefined> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  const [opened] = await openFiles(client.context, [{ file, vault: "what" }], {
    purpose: "session",
  });
  return opened?.outcome;
}

async function openAll(scope: Parameters<typeof openRound>[1]["scope"] = { by: "practice" }) {
  return openRound(officer.client, { scope });
}

function place(round: ReviewRound, file: FileId, subject?: string): number {
  return round.snapshot.edges.findIndex(
    (each) =>
      each.kind === "key" &&
      each.edge.file === file &&
      (subject === undefined || each.edge.subject.id === subject),
  );
}

function edgeAt(round: ReviewRound, index: number): KeyEdge {
  const found = round.snapshot.edges[index];
  if (found?.kind !== "key") throw new TypeError("no key edge");
  return found.edge;
}

function risksAt(round: ReviewRound, file: FileId, subject?: string): readonly ReviewRisk[] {
  return edgeAt(round, place(round, file, subject)).risks;
}

async function keep(
  client: Client,
  { round }: Pick<ReviewRound, "round">,
  edges: readonly number[],
  inBulk = false,
): Promise<Decided[]> {
  const wishes = edges.map((edge) => ({
    edge,
    verdict: "keep" as const,
    reason: "needed" as const,
    seconds: 2,
  }));
  return decideEdges(client, { round, wishes, inBulk });
}

function reasonOf(decided: readonly Decided[]): string[] {
  return decided.map((each) => (each.ok ? "done" : each.reason));
}

describe("a grant that nobody reviews", () => {
  test("is told to its holder and the officer, stops opening on its day, and is over; the last holder's sleeps", async () => {
    const file = await one(therapist.client);
    const week = weekOf(system.clock.now());
    await grantFiles(therapist.client.context, [file], {
      ...memberGrant(therapist.client.context, {
        member: colleague.member,
        rights: RIGHTS.read,
        reason: "supervision",
      }),
      expires: week + 2,
    });
    expect(await outcome(colleague.client, file.file)).toBe("released");
    expect((await endingAccess(colleague.client)).count).toBeGreaterThan(0);
    expect((await reviewReminder(officer.client)).ending).toBeGreaterThan(0);
    const before = await openAll();
    expect(edgeState(edgeAt(before, place(before, file.file, colleague.member)), at())).toBe("due");
    system.clock.advance(2 * WEEK);
    const inGrace = await openAll();
    expect(edgeState(edgeAt(inGrace, place(inGrace, file.file, colleague.member)), at())).toBe(
      "grace",
    );
    expect(risksAt(inGrace, file.file, colleague.member)).toContain("past-day");
    system.clock.advance(2 * WEEK);
    expect(await outcome(colleague.client, file.file)).toBe("lapsed");
    const after = await openAll();
    expect(edgeState(edgeAt(after, place(after, file.file, colleague.member)), at())).toBe("over");
    system.clock.advance(16 * WEEK);
    const late = await openAll();
    const own = edgeAt(late, place(late, file.file, therapist.member));
    expect(own.isLast).toBe(true);
    expect(edgeState(own, at())).toBe("asleep");
    expect(await outcome(therapist.client, file.file)).toBe("approval-needed");
    expect(
      reasonOf(await keep(officer.client, late, [place(late, file.file, therapist.member)])),
    ).toEqual(["done"]);
    expect(await outcome(therapist.client, file.file)).toBe("released");
  });
});

function at(): { week: number; now: number } {
  const now = system.clock.now();
  return { week: weekOf(now), now };
}

describe("a decision", () => {
  let file: KnownFile;
  let round: ReviewRound;
  beforeAll(async () => {
    file = await one(therapist.client);
    await grantFiles(therapist.client.context, [file], {
      ...memberGrant(therapist.client.context, {
        member: colleague.member,
        rights: RIGHTS.read | RIGHTS.write,
        reason: "care",
      }),
      expires: weekOf(system.clock.now()) + 3,
    });
    for (const { client } of [therapist, colleague]) await outcome(client, file.file);
    round = await openAll();
  });

  test("to keep renews without a key, and stands once", async () => {
    const edge = place(round, file.file, therapist.member);
    expect(edgeAt(round, edge).risks).toEqual([]);
    expect(reasonOf(await keep(officer.client, round, [edge], true))).toEqual(["done"]);
    expect(reasonOf(await keep(officer.client, round, [edge]))).toEqual(["decided"]);
  });

  test("to narrow leaves what it says, and no more is taken than there is", async () => {
    const edge = place(round, file.file, colleague.member);
    const wish = { edge, verdict: "narrow" as const, reason: "too-wide" as const, seconds: 4 };
    const wider = await decideEdges(officer.client, {
      round: round.round,
      wishes: [{ ...wish, rights: 7 }],
    });
    expect(reasonOf(wider)).toEqual(["not-narrower"]);
    const done = await decideEdges(officer.client, {
      round: round.round,
      wishes: [{ ...wish, rights: RIGHTS.read }],
    });
    expect(reasonOf(done)).toEqual(["done"]);
    const next = await openAll();
    expect(edgeAt(next, place(next, file.file, colleague.member)).rights).toBe(RIGHTS.read);
  });

  test("to revoke acts at once, and is refused for the last who can open or hand on", async () => {
    const next = await openAll();
    const revoke = async (subject: MemberId) =>
      decideEdges(officer.client, {
        round: next.round,
        wishes: [
          {
            edge: place(next, file.file, subject),
            verdict: "revoke" as const,
            reason: "unknown" as const,
            seconds: 1,
          },
        ],
      });
    expect(reasonOf(await revoke(therapist.member))).toEqual(["last-holder"]);
    expect(reasonOf(await revoke(colleague.member))).toEqual(["done"]);
    expect(await outcome(colleague.client, file.file)).toBe("not-granted");
  });

  test("together against all who could open a record, or hand it on, leaves the last of them", async () => {
    const both = [therapist.member, colleague.member];
    const files = await careFiles(therapist.client, 2);
    const shared = { member: colleague.member, rights: 7, reason: "handover" } as const;
    await grantFiles(
      therapist.client.context,
      files,
      memberGrant(therapist.client.context, shared),
    );
    const next = await openAll();
    const wishes = files.flatMap(({ file: id }, position) =>
      both.map((subject) => ({
        edge: place(next, id, subject),
        verdict: position === 0 ? ("revoke" as const) : ("narrow" as const),
        rights: RIGHTS.read,
        reason: "unknown" as const,
        seconds: 1,
      })),
    );
    const decided = await decideEdges(officer.client, { round: next.round, wishes });
    for (const { file: id } of files) {
      const edges = both.map((subject) => place(next, id, subject));
      const of = decided.filter(({ edge }) => edges.includes(edge));
      expect(reasonOf(of).toSorted()).toEqual(["done", "last-holder"]);
    }
    const after = await openAll();
    const left = files.map(({ file: id }) =>
      after.snapshot.edges.flatMap((each) =>
        each.kind === "key" && each.edge.file === id ? [each.edge.rights] : [],
      ),
    );
    expect(left.map((rights) => rights.toSorted((a, b) => a - b))).toEqual([[7], [RIGHTS.read, 7]]);
  });

  test("on a login of a database ends it on the day that was said, in the seconds that a database counts", async () => {
    const login = {
      database: "who",
      role: "report",
      path: ["report"],
      right: "LOGIN",
      object: "plain",
      validUntil: null,
      risks: [],
    };
    await one(therapist.client);
    const opened = await openRound(officer.client, {
      scope: { by: "practice" },
      databases: [login],
    });
    const edge = opened.snapshot.edges.findIndex(({ kind }) => kind === "database");
    const until = weekOf(system.clock.now()) + 3;
    const wish = { edge, verdict: "keep" as const, until, reason: "needed" as const, seconds: 1 };
    const [decided] = await decideEdges(officer.client, {
      round: opened.round,
      wishes: [wish],
    });
    expect(decided).toMatchObject({ ok: true, decision: { until: weekStart(until) } });
  });

  test("on an access that has changed since is refused", async () => {
    const stale = await openAll();
    const edge = place(stale, file.file, therapist.member);
    await renewGrant(founder.context, file, {
      subject: { type: "member", id: therapist.member },
      rights: 7,
      term: "standing",
      expires: weekOf(system.clock.now()) + 5,
    });
    expect(reasonOf(await keep(officer.client, stale, [edge]))).toEqual(["changed"]);
  });

  test("on one's own access, and on one's own grant, is refused here and by the gate", async () => {
    const next = await openAll();
    const own = next.snapshot.edges.findIndex(
      (each) => each.kind === "key" && each.edge.subject.id === officer.member,
    );
    expect(reasonOf(await keep(officer.client, next, [own]))).toEqual(["own"]);
    const directory = edgeAt(next, own);
    const renewOwn = renewGrant(
      officer.client.context,
      { file: directory.file, vault: "who" },
      {
        subject: directory.subject,
        rights: directory.rights,
        term: "standing",
        expires: weekOf(system.clock.now()) + 5,
      },
    );
    await expect(renewOwn).rejects.toMatchObject({ problem: "not-authorised" });
    // The founder has granted the directory to everybody, and is a privacy officer too.
    const founders = await openRound(founder, { scope: { by: "practice" } });
    const granted = place(founders, directory.file, officer.member);
    expect(risksAt(founders, directory.file, officer.member)).toContain("own-grant");
    expect(reasonOf(await keep(founder, founders, [granted]))).toEqual(["granted-by-reviewer"]);
    const renewGranted = renewGrant(
      founder.context,
      { file: directory.file, vault: "who" },
      {
        subject: directory.subject,
        rights: directory.rights,
        term: "standing",
        expires: weekOf(system.clock.now()) + 5,
      },
    );
    await expect(renewGranted).rejects.toMatchObject({ problem: "not-authorised" });
  });

  test("by who is no privacy officer is refused: the gate shows them nothing, and takes no round", async () => {
    await expect(openRound(therapist.client, { scope: { by: "practice" } })).rejects.toMatchObject({
      problem: "not-authorised",
    });
    const order = giveOrder(therapist.client.context, "review.open", {
      snapshot: round.state.snapshot,
      edges: 1,
    });
    await expect(order).rejects.toMatchObject({ code: "refused" });
  });

  test("made of a snapshot that was exchanged on the device is refused", async () => {
    const next = await openAll();
    const { cells } = officer.world.storage;
    const name = (id: OrderId): string => `review/${id}/snapshot`;
    const { device } = officer.client.context;
    const other = await device.read(name(round.round));
    if (other === null) throw new TypeError("no snapshot");
    const kept = cells.get(name(next.round));
    await device.write([device.seal(name(next.round), other)]);
    await expect(keep(officer.client, next, [0])).rejects.toMatchObject({
      code: "refused",
      detail: "review: changed snapshot",
    });
    if (kept !== undefined) cells.set(name(next.round), kept);
  });
});

describe("what may not be kept together with others", () => {
  test("unused, ended care, no reason for it, a canary, an opening by consent", async () => {
    const [used, unused, closed, odd, exempt] = await careFiles(therapist.client, 5);
    if (!used || !unused || !closed || !odd || !exempt) throw new TypeError("no files");
    for (const file of [used, closed])
      expect(await outcome(therapist.client, file.file)).toBe("released");
    await setPhase(therapist.client.context, closed, "close");
    await grantFiles(therapist.client.context, [odd], {
      ...memberGrant(therapist.client.context, {
        member: colleague.member,
        rights: RIGHTS.read,
        reason: "billing",
      }),
      expires: weekOf(system.clock.now()) + 3,
    });
    await grantFiles(therapist.client.context, [exempt], {
      ...memberGrant(therapist.client.context, {
        member: colleague.member,
        rights: RIGHTS.read,
        reason: "stand-in",
      }),
      term: "approved",
    });
    await approveOpenings(founder.context, {
      subject: colleague.member,
      scope: "files",
      files: [exempt.file],
      count: 1,
      until: Math.floor(system.clock.now()) + DAY,
      reason: "leave",
    });
    expect(await outcome(colleague.client, exempt.file)).toBe("released");
    await grantFiles(
      therapist.client.context,
      [unused],
      memberGrant(therapist.client.context, {
        member: colleague.member,
        rights: RIGHTS.read,
        reason: "care",
      }),
    );
    const canary = await prepareCanary(therapist.client, []);
    await setCanary(officer.client.context, canary, true);
    const round = await openAll();
    expect(risksAt(round, used.file)).toEqual([]);
    expect(risksAt(round, unused.file, therapist.member)).toEqual([]);
    expect(risksAt(round, unused.file, colleague.member)).toEqual(["unused"]);
    expect(risksAt(round, closed.file)).toEqual(["care-ended"]);
    expect(risksAt(round, odd.file, colleague.member)).toContain("unjustified");
    expect(risksAt(round, canary)).toContain("canary");
    expect(risksAt(round, exempt.file, colleague.member)).toEqual(["break-glass"]);
    const edges = [used, closed].map(({ file }) => place(round, file));
    edges.push(
      place(round, unused.file, colleague.member),
      place(round, odd.file, colleague.member),
      place(round, canary),
    );
    const decided = new Map(
      (await keep(officer.client, round, edges, true)).map((each) => [each.edge, each]),
    );
    expect(edges.map((edge) => reasonOf([decided.get(edge) as Decided])[0])).toEqual([
      "done",
      "risky",
      "risky",
      "risky",
      "risky",
    ]);
  });

  test("whose subject has left: nothing is kept for them, before the round or during it", async () => {
    const file = await one(therapist.client);
    await grantFiles(therapist.client.context, [file], {
      ...memberGrant(therapist.client.context, {
        member: colleague.member,
        rights: RIGHTS.read,
        reason: "care",
      }),
    });
    expect(await outcome(colleague.client, file.file)).toBe("released");
    const before = await openAll();
    const edge = place(before, file.file, colleague.member);
    expect(risksAt(before, file.file, colleague.member)).toEqual([]);
    await giveOrder(founder.context, "member.end", { member: colleague.member });
    expect(reasonOf(await keep(officer.client, before, [edge]))).toEqual(["changed"]);
    const after = await openAll();
    expect(risksAt(after, file.file, colleague.member)).toContain("left");
    expect(
      reasonOf(await keep(officer.client, after, [place(after, file.file, colleague.member)])),
    ).toEqual(["left"]);
  });
});

describe("closing a round", () => {
  test("signs its decisions into the practice chain, where anybody can hold its document against them", async () => {
    const file = await one(therapist.client);
    const round = await openAll({ by: "subject", subject: therapist.member });
    await keep(officer.client, round, [place(round, file.file)]);
    const record = await closeRound(officer.client, round.round);
    await therapist.client.context.practice.sync(therapist.client.context.services);
    const read = verifyReviewRecord(therapist.client.practice, record);
    expect(read.decisions).toHaveLength(1);
    expect(read.state.closed).toMatchObject({ kept: 1, left: round.snapshot.edges.length - 1 });
    expect(await readReviewRecord(officer.client, round.round)).toEqual(record);
    await expect(keep(officer.client, round, [0])).rejects.toMatchObject({ code: "refused" });
    const forged = { ...record, decisions: Uint8Array.from(record.decisions) };
    forged.decisions[forged.decisions.length - 1] = (forged.decisions.at(-1) ?? 0) ^ 1;
    expect(() => verifyReviewRecord(therapist.client.practice, forged)).toThrow(
      expect.objectContaining({ code: "verification-failed" }),
    );
    expect(listRounds(therapist.client.practice).some((row) => row.closed !== null)).toBe(true);
  });

  test("is for a privacy officer, once, and a forged closing is refused", async () => {
    const round = await openAll();
    const body = {
      round: round.round,
      decisions: hashReviewDecisions(new Uint8Array(1)),
      kept: 0,
      narrowed: 0,
      revoked: 0,
      left: round.snapshot.edges.length,
    };
    const { context } = therapist.client;
    await context.practice.sync(context.services);
    await expect(giveOrder(context, "review.close", body)).rejects.toMatchObject({
      detail: "not-authorised",
    });
    const { practice, device } = officer.client.context;
    const forged = signOrder(
      {
        practice: practice.state.practice,
        author: { by: "device", id: device.owner.device },
        seen: practiceHead(practice.state),
        kind: "review.close",
        body,
      },
      founder.context.device.statement.secret,
    );
    expect(readOrder(forged).kind).toBe("review.close");
    const proposed = officer.client.context.services.call("gate", GATE_ROUTES.orderPropose, {
      order: forged,
    });
    await expect(proposed).rejects.toMatchObject({ problem: "bad-signature" });
    await closeRound(officer.client, round.round);
    await expect(closeRound(officer.client, round.round)).rejects.toMatchObject({
      code: "refused",
    });
  });

  test("goes on after the program was killed", async () => {
    const file = await one(therapist.client);
    const round = await openAll();
    await keep(officer.client, round, [place(round, file.file)]);
    officer.client = await restart(system, officer.world);
    expect(reasonOf(await keep(officer.client, round, [place(round, file.file)]))).toEqual([
      "decided",
    ]);
    expect((await closeRound(officer.client, round.round)).round).toBe(round.round);
  });
});
