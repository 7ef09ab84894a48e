import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  GATE_ROUTES,
  VAULT_ROUTES,
  decodeShape,
  encodeShape,
  problemOf,
  problemShape,
  type Hash,
  type Route,
} from "@sinetti/core";
import {
  generateEntryId,
  generateSignKey,
  signOrder,
  signOrderStatement,
} from "@sinetti/core/secret";
import { signAcceptance } from "@sinetti/core/service";
import {
  appendEntries,
  approvePending,
  approvePerson,
  createFiles,
  generateCaseId,
  giveOrder,
  listPending,
  openFiles,
  proposePolicies,
  readEntries,
  reconcile,
  requestDevice,
  type Client,
  type FileRef,
  type KnownFile,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { testMember } from "../../../tools/testPractice.ts";
import { PASSWORD, foundPractice, restart, testWorld, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let world: TestDeviceWorld;
let honest: TestDeviceWorld["fetch"];

beforeAll(async () => {
  system = await startTestSystem();
  ({ world } = await foundPractice(system));
  honest = world.fetch;
});
afterAll(() => system.stop());
beforeEach(() => {
  Object.assign(world, { fetch: honest });
});

/** Lets a service answer something else on one route. */
function answerOtherwise<Q, A>(route: Route<Q, A>, change: (answer: A) => A): void {
  Object.assign(world, {
    fetch: async (url: string, init: RequestInit) => {
      const response = await honest(url, init);
      if (new URL(url).pathname !== route.path || !response.ok) return response;
      const answer = decodeShape(route.answer, new Uint8Array(await response.arrayBuffer()));
      return new Response(encodeShape(route.answer, change(answer)) as Uint8Array<ArrayBuffer>, {
        headers: { "content-type": "application/cbor" },
      });
    },
  });
}

async function append(client: Client, file: KnownFile, byte: number): Promise<void> {
  await appendEntries(client.context, [
    {
      file,
      entries: [{ id: generateEntryId(), class: "entry", body: new Uint8Array(100).fill(byte) }],
    },
  ]);
}

/** Two files with three notes each, by a client that is then forgotten. */
async function twoFiles(): Promise<{ one: KnownFile; two: KnownFile }> {
  const client = await restart(system, world);
  const wish = { file: null, compartment: "care" as const, site: null, grants: [] };
  const [one, two] = await createFiles(client.context, [
    { ...wish, case: generateCaseId() },
    { ...wish, case: generateCaseId() },
  ]);
  if (one === undefined || two === undefined) throw new TypeError("no files");
  for (const file of [one, two]) for (const byte of [1, 2, 3]) await append(client, file, byte);
  return { one, two };
}

/** A client that knows nothing of these files yet. */
async function newcomer(...files: readonly FileRef[]): Promise<Client> {
  for (const { file } of files)
    for (const name of await world.storage.list(`file/${file}`)) world.storage.cells.delete(name);
  return restart(system, world);
}

async function read(client: Client, ...refs: readonly FileRef[]): Promise<number> {
  const opened = await openFiles(client.context, refs, { purpose: "session" });
  return opened.reduce(
    (sum, { file }) => sum + (file === null ? 0 : readEntries(client.context, file).length),
    0,
  );
}

type OpenAnswer = ReturnType<(typeof VAULT_ROUTES.fileOpen)["answer"]["decode"]>;
type OpenedFile = OpenAnswer["files"][number];
const HARD_STOP = { code: "verification-failed" };

describe("a hostile vault", () => {
  const lies: Record<string, (files: OpenedFile[]) => OpenedFile[]> = {
    "withholds the newest statement that a reader has reported": ([one, ...rest]) => [
      { ...(one as OpenedFile), records: (one as OpenedFile).records.slice(0, -1) },
      ...rest,
    ],
    "withholds everything": ([one, ...rest]) => [{ ...(one as OpenedFile), records: [] }, ...rest],
    "leaves out a statement in the middle": ([one, ...rest]) => [
      {
        ...(one as OpenedFile),
        records: (one as OpenedFile).records.filter((_, index) => index !== 1),
      },
      ...rest,
    ],
    "swaps two statements": ([one, ...rest]) => [
      { ...(one as OpenedFile), records: (one as OpenedFile).records.toReversed() },
      ...rest,
    ],
    "gives one entry's box for another": ([one, ...rest]) => {
      const [first, second, third] = (one as OpenedFile).records;
      if (first === undefined || second === undefined || third === undefined)
        throw new TypeError("three records");
      return [
        {
          ...(one as OpenedFile),
          records: [{ ...first, boxes: second.boxes }, { ...second, boxes: first.boxes }, third],
        },
        ...rest,
      ];
    },
    "flips one bit of a box": ([one, ...rest]) => {
      const records = (one as OpenedFile).records.map(({ statement, boxes }) => ({
        statement,
        boxes: boxes.map((box) => box.map((byte, at) => (at === 60 ? byte ^ 1 : byte))),
      }));
      return [{ ...(one as OpenedFile), records }, ...rest];
    },
    "flips one bit of a statement": ([one, ...rest]) => {
      const records = (one as OpenedFile).records.map(({ statement, boxes }) => ({
        statement: statement.map((byte, at) => (at === 10 ? byte ^ 1 : byte)),
        boxes,
      }));
      return [{ ...(one as OpenedFile), records }, ...rest];
    },
    "gives the wraps of another file": ([one, two]) => [
      {
        ...(one as OpenedFile),
        wraps: (two as OpenedFile).wraps,
        batchKeys: (two as OpenedFile).batchKeys,
      },
      two as OpenedFile,
    ],
    "gives the chain of another file": ([one, two]) => [
      { ...(two as OpenedFile), file: (one as OpenedFile).file },
      two as OpenedFile,
    ],
    "answers for the files in another order": (files) => files.toReversed(),
    "gives no access chain": ([one, ...rest]) => [{ ...(one as OpenedFile), access: [] }, ...rest],
    "promises more and gives nothing": (files) =>
      files.map((file) => ({ ...file, access: [], records: [], more: true })),
  };

  test.each(Object.entries(lies))("%s: hard stop", async (_name, lie) => {
    const { one, two } = await twoFiles();
    // Another reader has reported the newest heads to the gate.
    const reader = await restart(system, world);
    await read(reader, one, two);
    const client = await newcomer(one, two);
    answerOtherwise(VAULT_ROUTES.fileOpen, ({ files }) => ({ files: lie(files) }));
    await expect(read(client, one, two)).rejects.toMatchObject(HARD_STOP);
    // Nothing of the lie has stayed on the device.
    Object.assign(world, { fetch: honest });
    expect(await read(await restart(system, world), one, two)).toBe(6);
  });

  test("refuses a file that nobody asked for: hard stop, and not the same question for ever", async () => {
    const { one } = await twoFiles();
    const client = await newcomer(one);
    Object.assign(world, {
      fetch: (url: string, init: RequestInit) =>
        new URL(url).pathname === VAULT_ROUTES.fileOpen.path
          ? Promise.resolve(
              new Response(
                encodeShape(problemShape, problemOf("not-granted", 7)) as Uint8Array<ArrayBuffer>,
                { status: 403, headers: { "content-type": "application/problem+cbor" } },
              ),
            )
          : honest(url, init),
    });
    await expect(read(client, one)).rejects.toMatchObject(HARD_STOP);
  });

  test("a fork of what this device has verified before: hard stop", async () => {
    const { one, two } = await twoFiles();
    const client = await restart(system, world);
    await read(client, one);
    answerOtherwise(VAULT_ROUTES.fileOpen, ({ files }) => ({
      files: files.map((file) => ({ ...file, records: [...file.records, ...file.records] })),
    }));
    const other = await newcomer(two);
    await expect(read(other, two)).rejects.toMatchObject(HARD_STOP);
  });
});

describe("a hostile gate", () => {
  test("gives another share: hard stop, the key is not the committed one", async () => {
    const { one } = await twoFiles();
    const client = await newcomer(one);
    answerOtherwise(GATE_ROUTES.release, (answer) => ({
      ...answer,
      sealed: answer.sealed.map((byte, at) => (at === answer.sealed.length - 1 ? byte ^ 1 : byte)),
    }));
    await expect(read(client, one)).rejects.toMatchObject(HARD_STOP);
  });

  test("gives an answer to an earlier request again: hard stop", async () => {
    const { one } = await twoFiles();
    let first: unknown = null;
    answerOtherwise(GATE_ROUTES.release, (answer) => {
      first ??= answer;
      return first as typeof answer;
    });
    await read(await newcomer(one), one);
    await expect(read(await newcomer(one), one)).rejects.toMatchObject(HARD_STOP);
  });

  test("signs its receipt with another key: hard stop", async () => {
    const { one } = await twoFiles();
    const client = await newcomer(one);
    answerOtherwise(GATE_ROUTES.release, (answer) => ({
      ...answer,
      receipt: answer.receipt.map((byte, at) => (at === 3 ? byte ^ 1 : byte)),
    }));
    await expect(read(client, one)).rejects.toMatchObject(HARD_STOP);
  });

  test("adds a member whom no administrator has signed for: hard stop, and nothing of it is kept", async () => {
    const client = await restart(system, world);
    const { state } = client.context.practice;
    const stranger = testMember(["therapist", "admin"]);
    const body = {
      member: stranger.member,
      roles: stranger.roles,
      key: stranger.kem.publicKey,
      kit: stranger.kit.publicKey,
      device: {
        device: stranger.device,
        statementKey: stranger.statement.publicKey,
        requestKey: stranger.request.publicKey,
      },
    };
    const seen = { seq: state.heads.length - 1, hash: state.heads.at(-1) ?? state.heads[0] };
    if (seen.hash === undefined) throw new TypeError("no head");
    const order = signOrder(
      {
        practice: state.practice,
        author: { by: "device", id: client.context.device.owner.device },
        seen: { seq: seen.seq, hash: seen.hash },
        kind: "member.add",
        body,
      },
      stranger.statement.secret,
    );
    const statement = signOrderStatement(
      state,
      { device: client.context.device.owner.device, order, approvals: [] },
      stranger.statement.secret,
    );
    const acceptance = signAcceptance(
      {
        practice: state.practice,
        week: state.week,
        items: [
          {
            chain: "practice",
            id: state.practice,
            seq: seen.seq + 1,
            hash: seen.hash,
            share: null,
          },
        ],
      },
      generateSignKey().secret,
    );
    answerOtherwise(GATE_ROUTES.practiceRead, () => ({
      links: [{ statement, acceptance }],
      more: false,
    }));
    const heads = state.heads.length;
    await expect(client.context.practice.sync(client.context.services)).rejects.toMatchObject(
      HARD_STOP,
    );
    expect(client.practice.heads).toHaveLength(heads);
    expect(client.practice.members[stranger.member]).toBeUndefined();
  });

  test("swaps the keys of a device that waits for its approval: nothing is signed", async () => {
    const client = await restart(system, world);
    const theirs = testWorld(system);
    const { code } = await requestDevice(theirs, {
      endpoints: system.endpoints,
      password: PASSWORD,
      isNewPerson: true,
    });
    answerOtherwise(GATE_ROUTES.rendezvousGet, ({ blob }) => ({
      blob:
        blob === null ? null : blob.map((byte, at) => (at === blob.length - 1 ? byte ^ 1 : byte)),
    }));
    const before = client.practice.heads.length;
    await expect(approvePerson(client.context, code, ["therapist"])).rejects.toMatchObject({
      code: "open-failed",
    });
    Object.assign(world, { fetch: honest });
    await client.context.practice.sync(client.context.services);
    expect(client.practice.heads).toHaveLength(before);
  });

  test("shows one waiting order under the hash of another: hard stop, and nobody has approved what they did not see", async () => {
    const client = await restart(system, world);
    await proposePolicies(
      client.context,
      ["ab", "cd"].map((byte) => ({ database: "who", policy: byte.repeat(32) as Hash })),
    );
    const shown = await listPending(client.context);
    expect(shown).toHaveLength(2);
    answerOtherwise(GATE_ROUTES.orderPending, ({ orders: [one, two] }) => {
      if (one === undefined || two === undefined) throw new TypeError("two orders");
      return {
        orders: [
          { ...one, hash: two.hash },
          { ...two, hash: one.hash },
        ],
      };
    });
    await expect(listPending(client.context)).rejects.toMatchObject(HARD_STOP);
    for (const { order } of shown)
      await expect(approvePending(client.context, order)).rejects.toMatchObject(HARD_STOP);
    Object.assign(world, { fetch: honest });
    expect((await listPending(client.context)).map(({ approvals }) => approvals)).toEqual([0, 0]);
  });

  test("logs a release that this device never asked for: the daily reconciliation names it", async () => {
    const { one } = await twoFiles();
    const client = await newcomer(one);
    await reconcile(client.context);
    await read(client, one);
    for (const name of await world.storage.list("asked/")) world.storage.cells.delete(name);
    const { unknown } = await reconcile(client.context);
    expect(unknown).toHaveLength(1);
  });

  test("shows a log without a line that it signed for: the daily reconciliation names it, once", async () => {
    const { one } = await twoFiles();
    const client = await newcomer(one);
    await read(client, one);
    const honestly = await reconcile(client.context);
    expect(honestly.missing).toEqual([]);
    answerOtherwise(GATE_ROUTES.logRead, ({ rows, ...answer }) => ({
      ...answer,
      rows: rows.filter(({ index }) => index !== rows.at(-1)?.index),
    }));
    const { missing, unknown } = await reconcile(client.context);
    expect(missing).toHaveLength(1);
    expect(unknown).toEqual([]);
    expect((await reconcile(client.context)).missing).toEqual([]);
  });

  test("shows a log that was hashed anew without an earlier line: the daily reconciliation names what moved", async () => {
    const { one } = await twoFiles();
    const client = await newcomer(one);
    await reconcile(client.context);
    await read(client, one);
    answerOtherwise(GATE_ROUTES.logRead, ({ rows, ...answer }) => ({
      ...answer,
      rows: rows.map((row) => ({ ...row, index: row.index - 1 })),
    }));
    expect((await reconcile(client.context)).missing.length).toBeGreaterThan(0);
  });

  test("refuses a stop, or answers nonsense: both vaults obey it all the same", async () => {
    const client = await restart(system, world);
    const { context, member } = client;
    Object.assign(world, {
      fetch: (url: string, init: RequestInit) =>
        url.startsWith(system.endpoints.gate)
          ? Promise.resolve(new Response("no", { headers: { "content-type": "application/cbor" } }))
          : honest(url, init),
    });
    await expect(giveOrder(context, "freeze", { member })).rejects.toMatchObject(HARD_STOP);
    for (const vault of ["who", "what"] as const) {
      const { answer } = await context.services.call(vault, VAULT_ROUTES.status, {});
      expect(answer.frozen).toBe(true);
    }
  });
});
