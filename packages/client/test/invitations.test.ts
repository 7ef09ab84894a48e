import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, rolesAt, type Role } from "@sinetti/core";
import { generateSlip, parseSlip, printSlip, slipMailbox } from "@sinetti/core/secret";
import {
  acceptInvitation,
  admitMembers,
  approveMany,
  cancelInvitations,
  confirmInvitations,
  finishDevice,
  inviteMembers,
  listInvitations,
  listPending,
  memberName,
  openDirectory,
  readAccepted,
  type Client,
  type Invitation,
} from "@sinetti/client";
import { databaseUrlToOptions } from "../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import {
  PASSWORD,
  addMember,
  foundPractice,
  restart,
  testWorld,
  type TestDeviceWorld,
} from "./testWorld.ts";

const DAY = 86_400;
let system: TestSystem;
let admin: Client;
let world: TestDeviceWorld;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: admin, world } = await foundPractice(system));
});
afterAll(() => system.stop());

async function invite(...people: [name: string, roles: Role[]][]): Promise<Invitation[]> {
  const until = system.clock.now() + 14 * DAY;
  const invitees = people.map(([name, roles]) => ({ name, roles, site: null }));
  return inviteMembers(admin.context, invitees, { practiceName: "Practice", until });
}

async function one(name: string, roles: Role[] = ["therapist"]): Promise<Invitation> {
  const [invitation] = await invite([name, roles]);
  if (invitation === undefined) throw new TypeError("no invitation");
  return invitation;
}

const accept = (at: TestDeviceWorld, slip: string) =>
  acceptInvitation(at, { endpoints: system.endpoints, slip, password: PASSWORD });
const finish = (at: TestDeviceWorld) =>
  finishDevice(at, { endpoints: system.endpoints, password: PASSWORD });
const rowOf = async ({ member }: Invitation) =>
  (await listInvitations(admin.context)).find((row) => row.member === member);

describe("a slip", () => {
  test("is refused altered, of nobody, of another practice, and taken back", async () => {
    const { slip, ...rest } = await one("Refused");
    const altered = `${slip.slice(0, -1)}${slip.endsWith("0") ? "1" : "0"}`;
    await expect(accept(testWorld(system), altered)).rejects.toMatchObject({
      detail: "slip-typed",
    });
    const nobodys = printSlip(generateSlip());
    await expect(accept(testWorld(system), nobodys)).rejects.toMatchObject({
      detail: "slip-unknown",
    });
    const elsewhere = await startTestSystem();
    const other = testWorld(elsewhere);
    await foundPractice(elsewhere);
    await expect(
      acceptInvitation(other, { endpoints: elsewhere.endpoints, slip, password: PASSWORD }),
    ).rejects.toMatchObject({ detail: "slip-unknown" });
    await elsewhere.stop();
    await cancelInvitations(admin.context, [rest.member]);
    await expect(accept(testWorld(system), slip)).rejects.toMatchObject({ detail: "slip-unknown" });
  });

  test("brings one person in, with the words that both sides see, after the administrator confirmed", async () => {
    const invitation = await one("Eero");
    const theirs = testWorld(system);
    const accepted = await accept(theirs, invitation.slip);
    expect(accepted.offer).toMatchObject({ name: "Eero", practiceName: "Practice" });
    expect(accepted.words).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await expect(finish(theirs)).rejects.toMatchObject({ code: "not-ready" });
    expect(await readAccepted(theirs, PASSWORD)).toEqual({
      kit: accepted.kit,
      words: accepted.words,
    });
    expect(await rowOf(invitation)).toMatchObject({ state: "answered", words: accepted.words });
    await confirmInvitations(admin.context, [invitation.member]);
    const client = await finish(theirs);
    expect(client.member).toBe(invitation.member);
    expect(client.roles).toEqual(["therapist"]);
    expect(await rowOf(invitation)).toBeUndefined();
    expect(await readAccepted(theirs, PASSWORD)).toEqual({ kit: null, words: null });
  });

  test("is good once: who comes second is told, and the first answer stays", async () => {
    const invitation = await one("Once");
    const first = testWorld(system);
    const { words } = await accept(first, invitation.slip);
    const thief = testWorld(system);
    await expect(accept(thief, invitation.slip)).rejects.toMatchObject({ detail: "slip-used" });
    expect(await thief.storage.list("")).toEqual([]);
    expect(await rowOf(invitation)).toMatchObject({ words });
  });

  test("that a thief answered first shows other words, and leaves the newcomer out instead of in", async () => {
    const invitation = await one("Stolen");
    const { words: ofThief } = await accept(testWorld(system), invitation.slip);
    await expect(accept(testWorld(system), invitation.slip)).rejects.toMatchObject({
      detail: "slip-used",
    });
    expect(await rowOf(invitation)).toMatchObject({ words: ofThief });
    await cancelInvitations(admin.context, [invitation.member]);
    await expect(confirmInvitations(admin.context, [invitation.member])).rejects.toMatchObject({
      detail: "invitation-unanswered",
    });
  });

  test("shows an answer that the gate swapped for another as altered, and nobody can confirm it", async () => {
    const [mine, other] = await invite(["Mine", ["therapist"]], ["Other", ["admin"]]);
    if (mine === undefined || other === undefined) throw new TypeError("no invitations");
    await accept(testWorld(system), mine.slip);
    await accept(testWorld(system), other.slip);
    await swapAnswers(slipMailbox(parseSlip(mine.slip)), slipMailbox(parseSlip(other.slip)));
    for (const each of [mine, other]) {
      expect((await rowOf(each))?.state).toBe("altered");
      await expect(confirmInvitations(admin.context, [each.member])).rejects.toMatchObject({
        detail: "invitation-unanswered",
      });
    }
  });

  test("whose answer was cut off is answered by the next run, with the same keys", async () => {
    for (const at of ["before", "after"] as const) {
      const invitation = await one(`Cut ${at}`);
      const theirs = testWorld(system);
      theirs.interrupt = (when, request) => {
        if (when === at && request.endsWith("/answer")) throw new TypeError("cut");
      };
      await expect(accept(theirs, invitation.slip)).rejects.toMatchObject({ code: "unreachable" });
      theirs.interrupt = () => undefined;
      const { words } = await readAccepted(theirs, PASSWORD);
      await expect(finish(theirs)).rejects.toMatchObject({ code: "not-ready" });
      expect(await rowOf(invitation)).toMatchObject({ state: "answered", words });
    }
  });
});

/** What a hostile gate can do with two answers. */
async function swapAnswers(a: Uint8Array, b: Uint8Array): Promise<void> {
  const sql = postgres({ ...databaseUrlToOptions(system.databases.gate.superUrl), max: 1 });
  const rows = await sql<{ mailbox: Uint8Array; answer: Uint8Array }[]>`
    select mailbox, answer from invitations where mailbox in (${a}, ${b})`;
  for (const { mailbox, answer } of rows) {
    const target = bytesToHex(mailbox) === bytesToHex(a) ? b : a;
    await sql`update invitations set answer = ${answer} where mailbox = ${target}`;
  }
  await sql.end();
}

describe("inviting", () => {
  test("is for administrators", async () => {
    const { client } = await addMember(system, admin, ["office"]);
    const until = system.clock.now() + DAY;
    const wish = [{ name: "No", roles: ["office" as const], site: null }];
    await expect(
      inviteMembers(client.context, wish, { practiceName: "Practice", until }),
    ).rejects.toMatchObject({ problem: "not-authorised" });
    await expect(listInvitations(client.context)).rejects.toMatchObject({
      problem: "not-authorised",
    });
  });

  test("again gives the slip again while it is open, wherever the first run was cut off", async () => {
    const until = system.clock.now() + DAY;
    const wish = [{ name: "Again", roles: ["office" as const], site: null }];
    const run = () => inviteMembers(admin.context, wish, { practiceName: "Practice", until });
    world.interrupt = (when, request) => {
      if (when === "before" && request.endsWith("/invitation/put")) throw new TypeError("cut");
    };
    await expect(run()).rejects.toMatchObject({ code: "unreachable" });
    world.interrupt = () => undefined;
    const [first] = await listInvitations(admin.context).then((rows) =>
      rows.filter(({ name }) => name === "Again"),
    );
    expect(first?.state).toBe("gone");
    const [second] = await run();
    expect(second).toMatchObject({ slip: first?.slip, member: first?.member });
    expect((await rowOf(second as Invitation))?.state).toBe("waiting");
  });
});

describe("confirming many", () => {
  test("takes one request to the gate for all, and goes on where it was cut off", async () => {
    const invitations = await invite(
      ...Array.from({ length: 12 }, (_, index): [string, Role[]] => [`P${index}`, ["therapist"]]),
    );
    const theirs = invitations.map(() => testWorld(system));
    for (const [index, { slip }] of invitations.entries()) {
      const at = theirs[index] as TestDeviceWorld;
      await accept(at, slip);
    }
    const members = invitations.map(({ member }) => member);
    world.requests.length = 0;
    world.interrupt = (when, request) => {
      if (when === "after" && request.endsWith("/practice/submit")) throw new TypeError("cut");
    };
    await expect(confirmInvitations(admin.context, members)).rejects.toMatchObject({
      code: "unreachable",
    });
    const again = await restart(system, world);
    await again.resume();
    expect(members.every((member) => rolesAt(again.practice, member).length > 0)).toBe(true);
    expect(await listInvitations(again.context)).not.toContainEqual(
      expect.objectContaining({ name: "P0" }),
    );
    expect(world.requests.filter((path) => path === "gate /v1/practice/submit")).toHaveLength(1);
    await admitMembers(
      again.context,
      invitations.map(({ member, name, roles }) => ({ id: member, name, roles })),
    );
    const last = await finish(theirs[11] as TestDeviceWorld);
    expect(memberName(await openDirectory(last.context), members[3] ?? last.member)).toBe("P3");
    admin = again;
  });

  test("waits for a second person where one is needed, who sees the words and approves all at once", async () => {
    const { client: privacy } = await addMember(system, admin, ["privacy"]);
    await addMember(system, admin, ["therapist"]);
    system.clock.advance(9 * DAY);
    const [a, b] = await invite(["A", ["therapist"]], ["B", ["office"]]);
    if (a === undefined || b === undefined) throw new TypeError("no invitations");
    const theirs = testWorld(system);
    const { words } = await accept(theirs, a.slip);
    await accept(testWorld(system), b.slip);
    const confirmed = await confirmInvitations(admin.context, [a.member, b.member]);
    expect(confirmed.map(({ given }) => given.state)).toEqual(["pending", "pending"]);
    await expect(finish(theirs)).rejects.toMatchObject({ code: "not-ready" });
    await privacy.resume();
    const waiting = await listPending(privacy.context);
    expect(waiting.map(({ newcomer }) => newcomer?.words)).toContain(words);
    const given = await approveMany(
      privacy.context,
      waiting.map(({ order }) => order),
    );
    expect(given).toEqual([{ state: "done" }, { state: "done" }]);
    expect((await finish(theirs)).roles).toEqual(["therapist"]);
  });

  test("is too late once a slip is over", async () => {
    const over = await one("Over");
    system.clock.advance(14 * DAY);
    await expect(accept(testWorld(system), over.slip)).rejects.toMatchObject({
      detail: "slip-unknown",
    });
    expect((await rowOf(over))?.state).toBe("gone");
  });
});
