import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS, grantsAt, type FileId, type MemberId } from "@sinetti/core";
import {
  createFiles,
  decideEdges,
  fetchFiles,
  generateCaseId,
  grantFiles,
  memberGrant,
  openRound,
  renewGrant,
  setPhase,
  type Client,
  type Decided,
  type KnownFile,
  type ReviewRound,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "../testWorld.ts";

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
async function shared(): Promise<KnownFile> {
  const { context } = therapist.client;
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
