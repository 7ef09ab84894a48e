import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  PROBLEM_STATUS,
  RIGHTS,
  encodeShape,
  grantsAt,
  problemOf,
  problemShape,
} from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  type Client,
  appendEntries,
  createFiles,
  flushOutbox,
  generateCaseId,
  giveOrder,
  grantFiles,
  listGranted,
  memberGrant,
  openFiles,
  readEntries,
  revokeGrant,
  type FileRef,
  type FileWish,
  type KnownFile,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

/** What a flow leaves for the check after it. */
interface Flow {
  /** Makes what the flow needs, undisturbed. */
  prepare(client: Client): Promise<KnownFile | null>;
  run(client: Client, file: KnownFile | null): Promise<void>;
  /** What must hold after the restart; `kept`: the work lay in the outbox when the program was killed. */
  check(client: Client, file: KnownFile | null, kept: boolean): Promise<void>;
}

let system: TestSystem;
let world: TestDeviceWorld;
let founder: Client;
let second: Awaited<ReturnType<typeof addMember>>;
const LAST = new Uint8Array(300).fill(9);

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder, world } = await foundPractice(system));
  second = await addMember(system, founder, ["therapist"]);
});
afterAll(() => system.stop());
/** The clock stands still, and so would the services' measure of requests a second. */
beforeEach(() => system.clock.advance(600));

class Killed extends Error {}

/** Counts every point at which the program or a connection can end; from the n-th on everything ends. */
function killAt(n: number): { points: () => number } {
  let points = 0;
  const pass = (): void => {
    if (points++ >= n) throw new Killed();
  };
  world.interrupt = pass;
  world.storage.beforeWrite = pass;
  return { points: () => points };
}

function undisturbed(): void {
  world.interrupt = () => undefined;
  world.storage.beforeWrite = () => undefined;
}

const wish = (): FileWish => ({
  file: null,
  compartment: "care",
  case: generateCaseId(),
  site: null,
  grants: [],
});

async function fileWithNote(client: Client): Promise<KnownFile> {
  const [file] = await createFiles(client.context, [wish()]);
  if (file === undefined) throw new TypeError("no file");
  await append(client, file, new Uint8Array(200).fill(1));
  return file;
}

async function append(client: Client, file: KnownFile, body: Uint8Array): Promise<void> {
  await appendEntries(client.context, [
    { file, entries: [{ id: generateEntryId(), class: "entry", body }] },
  ]);
}

async function bodiesOf(client: Client, file: FileRef): Promise<Uint8Array[]> {
  const [opened] = await openFiles(client.context, [file], { purpose: "session" });
  if (opened?.file === undefined || opened.file === null)
    throw new Error(`not opened: ${opened?.outcome}`);
  return readEntries(client.context, opened.file).map(({ body }) => body);
}

async function secondSees(file: FileRef): Promise<string | undefined> {
  second.client.lock();
  const { context } = second.client;
  await context.practice.sync(context.services);
  const [opened] = await openFiles(context, [file], { purpose: "session" });
  return opened?.outcome;
}

async function grantSecond(client: Client, file: KnownFile): Promise<void> {
  await grantFiles(
    client.context,
    [file],
    memberGrant(client.context, { member: second.member, rights: RIGHTS.read, reason: "care" }),
  );
}

const SUBJECT = (): { type: "member"; id: typeof second.member } => ({
  type: "member",
  id: second.member,
});

async function careFilesGranted(client: Client): Promise<FileRef[]> {
  return (await listGranted(client.context, "what")).filter(
    ({ compartment }) => compartment === "care",
  );
}

async function nines(client: Client, file: KnownFile | null): Promise<number> {
  const bodies = await bodiesOf(client, file as KnownFile);
  expect(bodies[0]?.[0]).toBe(1);
  return bodies.filter((body) => body[0] === 9).length;
}

let filesBefore = 0;

const flows: Record<string, Flow> = {
  create: {
    prepare: async (client) => {
      filesBefore = (await careFilesGranted(client)).length;
      return null;
    },
    run: async (client) => void (await createFiles(client.context, [wish()])),
    check: async (client, _file, kept) => {
      const files = await careFilesGranted(client);
      expect(files).toHaveLength(filesBefore + (kept ? 1 : 0));
      const opened = await openFiles(client.context, files, { purpose: "session" });
      expect(opened.filter(({ outcome }) => outcome !== "released")).toEqual([]);
    },
  },
  append: {
    prepare: fileWithNote,
    run: async (client, file) => append(client, file as KnownFile, LAST),
    check: async (client, file, kept) => expect(await nines(client, file)).toBe(kept ? 1 : 0),
  },
  grant: {
    prepare: fileWithNote,
    run: async (client, file) => grantSecond(client, file as KnownFile),
    check: async (client, file, kept) => {
      expect(await bodiesOf(client, file as KnownFile)).toHaveLength(1);
      expect(await secondSees(file as KnownFile)).toBe(kept ? "released" : "not-granted");
    },
  },
  revoke: {
    prepare: async (client) => {
      const file = await fileWithNote(client);
      await grantSecond(client, file);
      return file;
    },
    run: async (client, file) => revokeGrant(client.context, file as KnownFile, SUBJECT()),
    check: async (client, file, kept) => {
      expect(await secondSees(file as KnownFile)).toBe(kept ? "not-granted" : "released");
      const [opened] = await openFiles(client.context, [file as KnownFile], { purpose: "session" });
      if (opened?.outcome !== "released") throw new TypeError("not opened");
      const standing = grantsAt(opened.file.access).map(({ grant }) => grant.subject.id);
      expect(standing.includes(second.member)).toBe(!kept);
    },
  },
  "rekey and append": {
    prepare: async (client) => {
      const file = await fileWithNote(client);
      await grantSecond(client, file);
      await revokeGrant(client.context, file, SUBJECT());
      return file;
    },
    run: async (client, file) => append(client, file as KnownFile, LAST),
    // Two pieces of work, one after the other: whatever was cut, writing again gives the note once more, in one new epoch.
    check: async (client, file) => {
      const before = await nines(client, file);
      expect(before).toBeLessThanOrEqual(1);
      const [opened] = await openFiles(client.context, [file as KnownFile], { purpose: "session" });
      if (opened?.outcome !== "released") throw new TypeError("not opened");
      await append(client, opened.file, LAST);
      expect(await nines(client, file)).toBe(before + 1);
      expect(opened.file.access.epochs).toHaveLength(2);
    },
  },
};

async function pointsOf(flow: Flow): Promise<number> {
  const client = await restart(system, world);
  const file = await flow.prepare(client);
  const counter = killAt(Number.POSITIVE_INFINITY);
  await flow.run(client, file);
  undisturbed();
  return counter.points();
}

describe.each(Object.entries(flows))("%s, cut at every step", (_name, flow) => {
  test("leaves nothing half done: the outbox finishes it, and every record stays open", async () => {
    const points = await pointsOf(flow);
    expect(points).toBeGreaterThanOrEqual(4);
    for (let point = 0; point < points; point++) {
      const before = await restart(system, world);
      const file = await flow.prepare(before);
      killAt(point);
      await expect(flow.run(before, file), `cut at ${point} of ${points}`).rejects.toThrow(/.*/);
      const kept = (await world.storage.list("outbox/")).length > 0;
      const after = await restart(system, world);
      const flushed = await after.resume();
      expect(flushed.waiting, `cut at ${point} of ${points}`).toBe(0);
      expect(await after.context.outbox.left()).toEqual([]);
      await flow.check(after, file, kept);
    }
  });
});

describe("what was acknowledged", () => {
  test("an append that returned is there after the program is killed at once", async () => {
    const client = await restart(system, world);
    const file = await fileWithNote(client);
    await append(client, file, LAST);
    killAt(0);
    const after = await restart(system, world);
    expect((await bodiesOf(after, file)).filter((body) => body[0] === 9)).toHaveLength(1);
  });

  test("an append that returned is there once when the power fails at once: its end is not on the disk yet", async () => {
    const client = await restart(system, world);
    const file = await fileWithNote(client);
    await append(client, file, LAST);
    world.storage.losePower();
    const after = await restart(system, world);
    expect((await after.context.outbox.left()).map(({ item }) => item.kind)).toEqual(["append"]);
    expect(await after.resume()).toMatchObject({ done: 1, waiting: 0, refused: [] });
    const known = await after.context.files.get(file);
    expect(known?.links.every(({ boxes }) => boxes !== null)).toBe(true);
    expect((await bodiesOf(after, file)).filter((body) => body[0] === 9)).toHaveLength(1);
  });

  test("an append that was kept before its vault went down goes out when the vault is back, once", async () => {
    const client = await restart(system, world);
    const file = await fileWithNote(client);
    world.interrupt = (at, request) => {
      if (at === "before" && request.startsWith("what")) throw new TypeError("connection refused");
    };
    await expect(append(client, file, LAST)).rejects.toMatchObject({ code: "unreachable" });
    undisturbed();
    expect(await client.resume()).toMatchObject({ done: 1, waiting: 0, refused: [], strays: [] });
    expect((await bodiesOf(client, file)).filter((body) => body[0] === 9)).toHaveLength(1);
  });

  test("work that was kept outlasts a clock that is wrong for an hour, and goes out once when it is right", async () => {
    const client = await restart(system, world);
    const file = await fileWithNote(client);
    world.interrupt = (at, request) => {
      if (at === "before" && request.startsWith("what")) throw new TypeError("connection refused");
    };
    await expect(append(client, file, LAST)).rejects.toMatchObject({ code: "unreachable" });
    undisturbed();
    const early = { ...world, clock: { now: () => system.clock.now() - 3600 } };
    const wrong = await restart(system, early);
    const problem = { problem: "outside-window" };
    await expect(wrong.context.practice.sync(wrong.context.services)).rejects.toMatchObject(
      problem,
    );
    expect(await flushOutbox(wrong.context)).toMatchObject({ done: 0, waiting: 1, refused: [] });
    await expect(grantSecond(wrong, file)).rejects.toMatchObject(problem);
    const after = await restart(system, world);
    expect(await after.resume()).toMatchObject({ done: 1, waiting: 0, refused: [] });
    expect((await bodiesOf(after, file)).filter((body) => body[0] === 9)).toHaveLength(1);
  });

  test.each(["internal", "rate-limited"] as const)(
    "work that a service refuses as %s is kept, whatever kind it is",
    async (code) => {
      const client = await restart(system, world);
      const file = await fileWithNote(client);
      const refuse = async (): Promise<Response> => {
        const body = encodeShape(problemShape, problemOf(code)) as Uint8Array<ArrayBuffer>;
        const headers = { "content-type": "application/problem+cbor" };
        return Promise.resolve(new Response(body, { status: PROBLEM_STATUS[code], headers }));
      };
      const paths = ["/v1/record/append", "/v1/access/submit", "/v1/stop", "/v1/practice/submit"];
      const fetch: typeof world.fetch = (url, init) =>
        paths.includes(new URL(url).pathname) ? refuse() : world.fetch(url, init);
      const refused = await restart(system, { ...world, fetch });
      await openFiles(refused.context, [file], { purpose: "session" });
      await expect(append(refused, file, LAST)).rejects.toMatchObject({ problem: code });
      await expect(grantSecond(refused, file)).rejects.toMatchObject({ problem: code });
      await expect(revokeGrant(refused.context, file, SUBJECT())).rejects.toMatchObject({
        problem: code,
      });
      await expect(
        giveOrder(refused.context, "member.role", { member: second.member, roles: ["office"] }),
      ).rejects.toMatchObject({ problem: code });
      expect((await refused.context.outbox.left()).map(({ item }) => item.kind)).toEqual([
        "append",
        "access",
        "stop",
        "order",
      ]);
      for (const each of await refused.context.outbox.left())
        await refused.context.outbox.done(each);
    },
  );
});
