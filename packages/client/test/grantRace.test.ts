import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS, epochAt } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  appendEntries,
  createFiles,
  generateCaseId,
  grantFiles,
  memberGrant,
  openFiles,
  revokeGrant,
  type Client,
  type KnownFile,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let founder: Client;
let world: TestDeviceWorld;
let writer: Awaited<ReturnType<typeof addMember>>;
let former: Awaited<ReturnType<typeof addMember>>;
let reader: Awaited<ReturnType<typeof addMember>>;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder, world } = await foundPractice(system));
  writer = await addMember(system, founder, ["therapist"]);
  former = await addMember(system, founder, ["therapist"]);
  reader = await addMember(system, founder, ["therapist"]);
});
afterAll(() => system.stop());

/** A file that a colleague may write too, in which a new epoch is due. */
async function dueFile(): Promise<KnownFile> {
  const [file] = await createFiles(founder.context, [
    { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file");
  await grantTo(file, writer, RIGHTS.read | RIGHTS.write);
  await grantTo(file, former, RIGHTS.read);
  await revokeGrant(founder.context, file, { type: "member", id: former.member });
  return file;
}

function grantTo(file: KnownFile, { member }: typeof writer, rights: number): Promise<void> {
  return grantFiles(
    founder.context,
    [file],
    memberGrant(founder.context, { member, rights, reason: "care" }),
  );
}

/** A note by the colleague, whose device opens the epoch that is due. */
async function rekeyElsewhere(file: KnownFile): Promise<void> {
  const { context } = writer.client;
  await context.practice.sync(context.services);
  const [opened] = await openFiles(context, [file], { purpose: "session" });
  if (opened?.file === undefined || opened.file === null) throw new TypeError("not open");
  const entry = { id: generateEntryId(), class: "entry" as const, body: new Uint8Array(20) };
  await appendEntries(context, [{ file: opened.file, entries: [entry] }]);
}

async function outcomeFor({ client }: typeof reader, file: KnownFile): Promise<string | undefined> {
  await client.context.practice.sync(client.context.services);
  const [opened] = await openFiles(client.context, [file], { purpose: "session" });
  return opened?.outcome;
}

/** Runs `work` once, before the founder's next request of this kind. */
function before(request: string, work: () => Promise<void>): void {
  const { fetch } = world;
  let isDone = false;
  Object.assign(world, {
    fetch: async (url: string, init: RequestInit) => {
      if (!isDone && new URL(url).pathname === request) {
        isDone = true;
        await work();
      }
      return fetch(url, init);
    },
  });
}

test("two looks at once at a record that somebody has just granted further take the new grant once", async () => {
  const { context } = writer.client;
  const file = await dueFile();
  await rekeyElsewhere(file);
  await grantTo(file, reader, RIGHTS.read);
  await context.practice.sync(context.services);
  const look = () => openFiles(context, [file], { purpose: "session" });
  const opened = (await Promise.all([look(), look(), look()])).flat();
  expect(opened.map(({ outcome }) => outcome)).toEqual(["released", "released", "released"]);
  const known = await context.files.get(file);
  expect(new Set(known?.access.heads).size).toBe(known?.access.heads.length);
});

describe("a grant that meets a new epoch of another device", () => {
  test("is wrapped again for that epoch, and its reader opens the record", async () => {
    const file = await dueFile();
    before("/v1/access/submit", () => rekeyElsewhere(file));
    await grantTo(file, reader, RIGHTS.read);
    expect(await outcomeFor(reader, file)).toBe("released");
  });

  test("is wrapped again when an earlier run left it in the outbox", async () => {
    const file = await dueFile();
    world.interrupt = (at, request) => {
      if (at === "before" && request === "gate /v1/access/submit") throw new TypeError("cut");
    };
    await expect(grantTo(file, reader, RIGHTS.read)).rejects.toMatchObject({ code: "unreachable" });
    await rekeyElsewhere(file);
    founder = await restart(system, world);
    await founder.context.practice.sync(founder.context.services);
    expect(await founder.resume()).toMatchObject({ waiting: 0, refused: [] });
    expect(await outcomeFor(reader, file)).toBe("released");
  });
});

describe("a new epoch that an earlier run left in the outbox", () => {
  test("is struck when another device was first, and the session goes on", async () => {
    const file = await dueFile();
    world.interrupt = (at, request) => {
      if (at === "before" && request === "gate /v1/access/submit") throw new TypeError("cut");
    };
    const entry = { id: generateEntryId(), class: "entry" as const, body: new Uint8Array(20) };
    await expect(
      appendEntries(founder.context, [{ file, entries: [entry] }]),
    ).rejects.toMatchObject({ code: "unreachable" });
    await rekeyElsewhere(file);
    founder = await restart(system, world);
    const first = await founder.resume();
    expect(first.waiting).toBe(0);
    expect(await founder.resume()).toMatchObject({ done: 0, waiting: 0, refused: [] });
    const [opened] = await openFiles(founder.context, [file], { purpose: "session" });
    if (opened?.file === undefined || opened.file === null) throw new TypeError("not open");
    expect(epochAt(opened.file.access).epoch).toBe(2);
    await appendEntries(founder.context, [{ file: opened.file, entries: [entry] }]);
  });
});

describe("a note where a new epoch is due", () => {
  test.each(["/v1/record/append", "/v1/wraps/stage", "/v1/access/submit", "/v1/access/take"])(
    "that is cut off before %s is kept, and stands in the record once",
    async (path) => {
      const file = await dueFile();
      let isCut = false;
      world.interrupt = (at, request) => {
        if (isCut || at !== "before" || !request.endsWith(path)) return;
        isCut = true;
        throw new TypeError("cut");
      };
      const entry = { id: generateEntryId(), class: "entry" as const, body: new Uint8Array(20) };
      await expect(
        appendEntries(founder.context, [{ file, entries: [entry] }]),
      ).rejects.toMatchObject({ code: "unreachable" });
      founder = await restart(system, world);
      expect(await founder.resume()).toMatchObject({ waiting: 0, refused: [] });
      const [opened] = await openFiles(founder.context, [file], { purpose: "session" });
      expect(opened?.file?.links.flatMap(({ body }) => body.entries.map(({ id }) => id))).toEqual([
        entry.id,
      ]);
    },
  );
});

describe("a revocation that was cut off", () => {
  test("does not take back what was granted after it was given again", async () => {
    const file = await dueFile();
    await grantTo(file, reader, RIGHTS.read);
    const revoke = (): Promise<void> =>
      revokeGrant(founder.context, file, { type: "member", id: reader.member });
    world.interrupt = (at, request) => {
      if (at === "before" && request === "gate /v1/access/submit") throw new TypeError("cut");
    };
    await expect(revoke()).rejects.toMatchObject({ code: "unreachable" });
    world.interrupt = () => undefined;
    await revoke();
    await grantTo(file, reader, RIGHTS.read);
    expect(await founder.resume()).toMatchObject({ waiting: 0, refused: [] });
    expect(await outcomeFor(reader, file)).toBe("released");
  });

  test("is not taken for the one that follows a new grant", async () => {
    const file = await dueFile();
    await grantTo(file, reader, RIGHTS.read);
    const revoke = (): Promise<void> =>
      revokeGrant(founder.context, file, { type: "member", id: reader.member });
    // In the chain, but not yet at the vault.
    world.interrupt = (at, request) => {
      if (at === "before" && request === "what /v1/stop") throw new TypeError("cut");
    };
    await revoke();
    await grantTo(file, reader, RIGHTS.read);
    world.interrupt = () => undefined;
    await revoke();
    expect(await outcomeFor(reader, file)).toBe("not-granted");
  });

  test("that reaches the gate as a stop only after its chain carried it takes back no later grant", async () => {
    const file = await dueFile();
    await grantTo(file, reader, RIGHTS.read);
    world.interrupt = (at, request) => {
      if (at === "before" && request === "gate /v1/stop") throw new TypeError("cut");
    };
    await revokeGrant(founder.context, file, { type: "member", id: reader.member });
    world.interrupt = () => undefined;
    await grantTo(file, reader, RIGHTS.read);
    expect(await founder.resume()).toMatchObject({ waiting: 0, refused: [], strays: [] });
    expect(await outcomeFor(reader, file)).toBe("released");
  });

  test.each(["/v1/stop", "/v1/access/submit", "/v1/access/take"])(
    "that comes a second time at %s, after a new grant, takes nothing back",
    async (path) => {
      const file = await dueFile();
      await grantTo(file, reader, RIGHTS.read);
      const { fetch } = world;
      const late: (() => Promise<Response>)[] = [];
      Object.assign(world, {
        fetch: (url: string, init: RequestInit) => {
          if (new URL(url).pathname === path) late.push(() => fetch(url, init));
          return fetch(url, init);
        },
      });
      await revokeGrant(founder.context, file, { type: "member", id: reader.member });
      Object.assign(world, { fetch });
      await grantTo(file, reader, RIGHTS.read);
      for (const again of late) await again();
      expect(late.length).toBeGreaterThan(0);
      expect(await outcomeFor(reader, file)).toBe("released");
    },
  );
});
