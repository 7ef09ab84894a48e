import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS, liveFreezes, phaseAt, weekOf, type FileId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  appendEntries,
  approveDevice,
  approveOpenings,
  approvePending,
  createFiles,
  dropDraft,
  finishDevice,
  generateCaseId,
  giveOrder,
  grantFiles,
  memberGrant,
  openFiles,
  openTeam,
  proposeErase,
  putAttachment,
  readAccess,
  readAttachment,
  readBudget,
  readDrafts,
  readEntries,
  renewGrant,
  requestDevice,
  revokeGrant,
  saveDraft,
  setCanary,
  setPhase,
  type Client,
  type FileRef,
  type KnownFile,
} from "@sinetti/client";
import postgres from "postgres";
import { databaseUrlToOptions } from "../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PASSWORD, addMember, foundPractice, testWorld } from "./testWorld.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;

let system: TestSystem;
let founder: Client;
let therapist: Awaited<ReturnType<typeof addMember>>;
let office: Awaited<ReturnType<typeof addMember>>;
let officer: Awaited<ReturnType<typeof addMember>>;

/** Four staff, all old enough to count as a second person. */
beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system, ["therapist", "admin"]));
  therapist = await addMember(system, founder, ["therapist"]);
  officer = await addMember(system, founder, ["privacy"]);
  office = await addMember(system, founder, ["office"]);
  system.clock.advance(2 * WEEK);
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

async function append(client: Client, file: KnownFile): Promise<void> {
  await appendEntries(client.context, [
    {
      file,
      entries: [{ id: generateEntryId(), class: "entry", body: new Uint8Array(50).fill(5) }],
    },
  ]);
}

async function outcome(
  client: Client,
  ref: FileRef,
  purpose: "session" | "crisis" = "session",
): Promise<string | undefined> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  const [opened] = await openFiles(client.context, [ref], { purpose });
  return opened?.outcome;
}

describe("looking after access without a key", () => {
  test("a privacy officer renews a grant that they cannot open, and revokes it", async () => {
    const file = await one(therapist.client);
    await grantFiles(therapist.client.context, [file], {
      ...memberGrant(therapist.client.context, {
        member: founder.member,
        rights: RIGHTS.read,
        reason: "care",
      }),
      expires: weekOf(system.clock.now()) + 2,
    });
    expect(await outcome(officer.client, file)).toBe("not-granted");
    const subject = { type: "member" as const, id: founder.member };
    await renewGrant(officer.client.context, file, {
      subject,
      rights: RIGHTS.read,
      term: "standing",
      expires: weekOf(system.clock.now()) + 10,
    });
    expect(await outcome(founder, file)).toBe("released");
    await revokeGrant(officer.client.context, file, subject);
    expect(await outcome(founder, file)).toBe("not-granted");
  });

  test("nobody renews their own grant, nor wider than it was", async () => {
    const file = await one(therapist.client);
    const subject = { type: "member" as const, id: therapist.member };
    const expires = weekOf(system.clock.now()) + 10;
    await expect(
      renewGrant(therapist.client.context, file, { subject, rights: 7, term: "standing", expires }),
    ).rejects.toMatchObject({ problem: "not-authorised" });
    await grantFiles(
      therapist.client.context,
      [file],
      memberGrant(therapist.client.context, {
        member: founder.member,
        rights: RIGHTS.read,
        reason: "care",
      }),
    );
    const wider = renewGrant(officer.client.context, file, {
      subject: { type: "member", id: founder.member },
      rights: 3,
      term: "standing",
      expires,
    });
    await expect(wider).rejects.toMatchObject({ problem: "not-authorised" });
  });

  test("a closed record takes no entry until it is reopened", async () => {
    const file = await one(therapist.client);
    await append(therapist.client, file);
    await setPhase(therapist.client.context, file, "close");
    await expect(append(therapist.client, file)).rejects.toMatchObject({ problem: "file-closed" });
    await setPhase(therapist.client.context, file, "reopen");
    await append(therapist.client, file);
  });
});

/** Rows of a file as a thief of the database would find them. */
async function rowsOf(
  service: "what" | "gate",
  tables: readonly string[],
  file: FileId,
): Promise<number[]> {
  const sql = postgres({ ...databaseUrlToOptions(system.databases[service].superUrl), max: 1 });
  const counts: number[] = [];
  for (const table of tables) {
    const [row] = await sql<
      { n: number }[]
    >`select count(*)::int as n from ${sql(table)} where file = decode(${file}, 'hex')`;
    counts.push(row?.n ?? -1);
  }
  await sql.end();
  return counts;
}

describe("erasure", () => {
  test("needs a second person, destroys what opens the record, and keeps the chain", async () => {
    const file = await one(therapist.client);
    await append(therapist.client, file);
    const given = await proposeErase(officer.client.context, file.file, "request");
    if (given.state !== "pending") throw new TypeError("not pending");
    await expect(approvePending(officer.client.context, given.order)).rejects.toMatchObject({
      code: "refused",
    });
    expect(await outcome(therapist.client, file)).toBe("released");
    await approvePending(founder.context, given.order);
    expect(phaseAt((await readAccess(founder.context, file.file)).access)).toBe("erased");
    expect(await outcome(therapist.client, file)).toBe("erased");
    expect(await rowsOf("what", ["entries", "wraps", "shares"], file.file)).toEqual([0, 0, 0]);
    expect(await rowsOf("gate", ["shares"], file.file)).toEqual([0]);
    expect(await rowsOf("what", ["record_links"], file.file)).toEqual([1]);
  });
});

describe("freeze", () => {
  test("of the practice: openings stop at once, an append under a live lease and drafts go on, a thaw needs two and an hour", async () => {
    const file = await one(therapist.client);
    await append(therapist.client, file);
    await giveOrder(officer.client.context, "freeze", { member: null });
    await append(therapist.client, file);
    const draft = await saveDraft(therapist.client.context, file, {
      draft: null,
      body: new Uint8Array(10),
    });
    expect(draft.revision).toBeGreaterThan(0);
    const frozen = await outcome(founder, file).catch(
      (error: unknown) => (error as { problem?: string }).problem,
    );
    expect(frozen).toBe("frozen");

    await officer.client.context.practice.sync(officer.client.context.services);
    const [freeze] = liveFreezes(officer.client.practice, officer.member);
    if (freeze === undefined) throw new TypeError("no freeze");
    const thaw = await giveOrder(officer.client.context, "thaw", { freeze: freeze.id });
    if (thaw.state !== "pending") throw new TypeError("not pending");
    const early = await approvePending(founder.context, thaw.order);
    expect(early.state).toBe("pending");
    system.clock.advance(3601);
    expect((await approvePending(founder.context, thaw.order)).state).toBe("done");
    expect(await outcome(therapist.client, file)).toBe("released");
  });

  test("of oneself by anybody, and of another only by therapist, privacy officer or administrator", async () => {
    await expect(
      giveOrder(office.client.context, "freeze", { member: therapist.member }),
    ).rejects.toMatchObject({ code: "refused" });
    const file = await one(therapist.client);
    await giveOrder(therapist.client.context, "freeze", { member: therapist.member });
    const frozen = await outcome(therapist.client, file).catch(
      (error: unknown) => (error as { problem?: string }).problem,
    );
    expect(frozen).toBe("frozen");
    const [freeze] = liveFreezes(therapist.client.practice, therapist.member);
    if (freeze === undefined) throw new TypeError("no freeze");
    await expect(
      giveOrder(therapist.client.context, "thaw", { freeze: freeze.id }),
    ).rejects.toMatchObject({ code: "refused" });
    const thaw = await giveOrder(officer.client.context, "thaw", { freeze: freeze.id });
    if (thaw.state !== "pending") throw new TypeError("not pending");
    system.clock.advance(3601);
    expect((await approvePending(founder.context, thaw.order)).state).toBe("done");
  });
});

describe("budget", () => {
  test("beyond it another person's approval opens; one's own does not", async () => {
    const files = await careFiles(therapist.client, 20);
    system.clock.advance(8 * DAY);
    therapist.client.lock();
    const opened = await openFiles(therapist.client.context, files, { purpose: "session" });
    expect(opened.filter((each) => each.outcome === "over-budget")).toHaveLength(8);
    const [care] = await readBudget(therapist.client.context);
    expect(care?.horizons[0]?.spent).toBe(12);
    const wish = {
      subject: therapist.member,
      scope: "care" as const,
      files: [] as FileId[],
      count: 20,
      until: Math.floor(system.clock.now()) + DAY,
      reason: "handover" as const,
    };
    await expect(approveOpenings(therapist.client.context, wish)).rejects.toMatchObject({
      problem: "not-authorised",
    });
    await approveOpenings(officer.client.context, wish);
    const again = await openFiles(therapist.client.context, files, { purpose: "handover" });
    expect(again.every((each) => each.outcome === "released")).toBe(true);
  });

  test("a patient in crisis is opened even then, once in ten minutes", async () => {
    const files = await careFiles(therapist.client, 16);
    system.clock.advance(31 * DAY);
    therapist.client.lock();
    await openFiles(therapist.client.context, files.slice(0, 12), { purpose: "session" });
    expect(await outcome(therapist.client, files[13] as KnownFile)).toBe("over-budget");
    expect(await outcome(therapist.client, files[13] as KnownFile, "crisis")).toBe("released");
    expect(await outcome(therapist.client, files[14] as KnownFile, "crisis")).toBe("over-budget");
  });

  test("who opens a canary is stopped until another person says otherwise", async () => {
    const [canary, honest] = await careFiles(therapist.client, 2);
    if (canary === undefined || honest === undefined) throw new TypeError("no files");
    await expect(setCanary(therapist.client.context, canary.file, true)).rejects.toMatchObject({
      problem: "not-authorised",
    });
    await setCanary(officer.client.context, canary.file, true);
    system.clock.advance(8 * DAY);
    expect(await outcome(therapist.client, canary)).not.toBe("released");
    expect(await outcome(therapist.client, honest)).toBe("frozen");
    await approveOpenings(founder.context, {
      subject: therapist.member,
      scope: "files",
      files: [canary.file],
      count: 1,
      until: Math.floor(system.clock.now()) + DAY,
      reason: "audit",
    });
    expect(await outcome(therapist.client, honest)).toBe("released");
  });
});

describe("a stand-in", () => {
  test("sleeps until another person approves, and ends", async () => {
    const file = await one(therapist.client);
    const grant = {
      ...memberGrant(therapist.client.context, {
        member: founder.member,
        rights: RIGHTS.read,
        reason: "stand-in",
      }),
      term: "approved" as const,
    };
    await grantFiles(therapist.client.context, [file], grant);
    expect(await outcome(founder, file)).toBe("approval-needed");
    await approveOpenings(officer.client.context, {
      subject: founder.member,
      scope: "files",
      files: [file.file],
      count: 5,
      until: Math.floor(system.clock.now()) + DAY,
      reason: "leave",
    });
    expect(await outcome(founder, file)).toBe("released");
    system.clock.advance(2 * DAY);
    expect(await outcome(founder, file)).toBe("approval-needed");
  });
});

describe("a second device of the same member", () => {
  test("reads what the first wrote, after the first has confirmed its code", async () => {
    const file = await one(therapist.client);
    await append(therapist.client, file);
    const world = testWorld(system);
    const { code, kit } = await requestDevice(world, {
      endpoints: system.endpoints,
      password: PASSWORD,
      isNewPerson: false,
    });
    expect(kit).toBeNull();
    await expect(
      finishDevice(world, { password: PASSWORD, endpoints: system.endpoints }),
    ).rejects.toMatchObject({ code: "not-ready" });
    expect((await approveDevice(therapist.client.context, code)).given.state).toBe("done");
    const second = await finishDevice(world, { password: PASSWORD, endpoints: system.endpoints });
    const [opened] = await openFiles(second.context, [file], { purpose: "session" });
    expect(opened?.file && readEntries(second.context, opened.file)).toHaveLength(1);
    await giveOrder(therapist.client.context, "device.end", {
      device: second.context.device.owner.device,
    });
    second.lock();
    await expect(openFiles(second.context, [file], { purpose: "session" })).rejects.toMatchObject({
      problem: "not-authorised",
    });
  });
});

describe("drafts and attachments", () => {
  test("a draft that another device has saved since is not overwritten", async () => {
    const file = await one(therapist.client);
    const first = await saveDraft(therapist.client.context, file, {
      draft: null,
      body: new Uint8Array([1]),
    });
    await saveDraft(therapist.client.context, file, { draft: first, body: new Uint8Array([2]) });
    await expect(
      saveDraft(therapist.client.context, file, { draft: first, body: new Uint8Array([3]) }),
    ).rejects.toMatchObject({ problem: "conflict" });
    expect((await readDrafts(therapist.client.context, file)).map(({ body }) => body[0])).toEqual([
      2,
    ]);
    await dropDraft(therapist.client.context, file, { draft: first.id });
    expect(await readDrafts(therapist.client.context, file)).toEqual([]);
  });

  test.each([0, 1, 256 * 1024, 256 * 1024 + 1, 600_000])(
    "an attachment of %i bytes comes back as it went",
    async (size) => {
      const file = await one(therapist.client);
      const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
      const { link } = await putAttachment(
        therapist.client.context,
        file,
        (async function* () {
          for (let at = 0; at < size; at += 70_000) yield bytes.subarray(at, at + 70_000);
        })(),
      );
      const parts: Uint8Array[] = [];
      for await (const part of readAttachment(therapist.client.context, file, link))
        parts.push(Uint8Array.from(part));
      expect(Buffer.concat(parts).equals(Buffer.from(bytes))).toBe(true);
    },
  );
});

describe("a team", () => {
  test("its member reads through it, and after leaving neither the gate nor a vault gives anything", async () => {
    const { team, given } = await openTeam(founder.context, {
      kind: "cover",
      site: null,
      members: [therapist.member],
    });
    if (given.state === "pending") await approvePending(officer.client.context, given.order);
    await founder.context.practice.sync(founder.context.services);
    const [file] = await createFiles(founder.context, [
      {
        file: null,
        compartment: "care",
        case: generateCaseId(),
        site: null,
        grants: [
          {
            subject: { type: "team", id: team },
            rights: RIGHTS.read,
            term: "approved",
            expires: 0,
            reason: "stand-in",
          },
        ],
      },
    ]);
    if (file === undefined) throw new TypeError("no file");
    expect(await outcome(therapist.client, file)).toBe("approval-needed");
    await approveOpenings(officer.client.context, {
      subject: therapist.member,
      scope: "files",
      files: [file.file],
      count: 5,
      until: Math.floor(system.clock.now()) + DAY,
      reason: "leave",
    });
    expect(await outcome(therapist.client, file)).toBe("released");
    await giveOrder(officer.client.context, "team.remove", { team, member: therapist.member });
    expect(await outcome(therapist.client, file)).toBe("not-granted");
  });
});
