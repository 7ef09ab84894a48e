import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { operationCounts } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  appendEntries,
  createFiles,
  generateCaseId,
  grantFiles,
  memberGrant,
  openFiles,
  readEntries,
  type Client,
  type FileWish,
  type KnownFile,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

const zero = { signatures: 0, verifications: 0, encapsulations: 0, decapsulations: 0 };
beforeEach(() => reset());

function reset(): void {
  Object.assign(operationCounts, zero);
  world.requests.length = 0;
  world.storage.syncs = 0;
  system.takeStatements();
}

function careFile(): FileWish {
  return { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] };
}

async function oneCare(): Promise<KnownFile> {
  const [file] = await createFiles(client.context, [careFile()]);
  if (file === undefined) throw new TypeError("no file");
  return file;
}

function entries(
  count: number,
): { id: ReturnType<typeof generateEntryId>; class: "entry"; body: Uint8Array }[] {
  return Array.from({ length: count }, () => ({
    id: generateEntryId(),
    class: "entry" as const,
    body: new Uint8Array(1500).fill(7),
  }));
}

function commits(statements: readonly string[]): number {
  return statements.filter((statement) => /^commit/i.test(statement.trim())).length;
}

describe("what each flow costs, services and device together", () => {
  test("a note under a lease: 1 round trip, 2 signatures, 2 verifications, 1 commit, 1 sync of the device, 0 HPKE", async () => {
    const file = await oneCare();
    await appendEntries(client.context, [{ file, entries: entries(1) }]);
    reset();
    await appendEntries(client.context, [{ file, entries: entries(1) }]);
    expect(world.requests).toEqual(["what /v1/record/append"]);
    expect(operationCounts).toEqual({ ...zero, signatures: 2, verifications: 2 });
    const { what, gate, who } = system.takeStatements();
    // One statement that is its own commit.
    expect(what).toHaveLength(1);
    expect([...gate, ...who]).toEqual([]);
    // What is to be sent; that it was sent may reach the disk later.
    expect(world.storage.syncs).toBe(1);
  });

  test("a cold chart of 60 entries in 6 appends: gate and vault side by side, 2 HPKE openings, a verification a statement", async () => {
    const file = await oneCare();
    for (let i = 0; i < 6; i++)
      await appendEntries(client.context, [{ file, entries: entries(10) }]);
    for (const name of await world.storage.list(`file/${file.file}`))
      world.storage.cells.delete(name);
    const cold = await restart(system, world);
    reset();
    const [opened] = await openFiles(cold.context, [file], { purpose: "session" });
    expect(opened?.file && readEntries(cold.context, opened.file)).toHaveLength(60);
    expect([...world.requests].sort()).toEqual(["gate /v1/release", "what /v1/file/open"]);
    // Device: 2 request signatures; gate: the receipt. Services: 2 request verifications; device: receipt, create, 6 appends.
    expect(operationCounts).toEqual({
      signatures: 3,
      verifications: 2 + 1 + 1 + 6,
      encapsulations: 1,
      decapsulations: 2,
    });
    const { what, gate } = system.takeStatements();
    expect(commits(gate)).toBe(1);
    expect(commits(what)).toBeLessThanOrEqual(1);
  });

  test("the same chart again after a restart: nothing that was verified is verified again", async () => {
    const file = await oneCare();
    for (let i = 0; i < 6; i++)
      await appendEntries(client.context, [{ file, entries: entries(10) }]);
    const warm = await restart(system, world);
    reset();
    const [opened] = await openFiles(warm.context, [file], { purpose: "session" });
    expect(opened?.file && readEntries(warm.context, opened.file)).toHaveLength(60);
    expect(operationCounts).toEqual({
      signatures: 3,
      verifications: 3,
      encapsulations: 1,
      decapsulations: 2,
    });
    // That the gate was asked.
    expect(world.storage.syncs).toBe(1);
    reset();
    await openFiles(warm.context, [file], { purpose: "session" });
    expect(world.requests).toEqual(["what /v1/file/open"]);
    expect(operationCounts).toEqual({ ...zero, signatures: 1, verifications: 1 });
    expect(world.storage.syncs).toBe(0);
    // Begin, practice, its mark, the file, its wraps, commit: of chains that are here whole nothing is read.
    expect(system.takeStatements().what).toHaveLength(6);
  });

  test("a batch of 60 creates: three requests, one encapsulation a recipient, one acceptance", async () => {
    await createFiles(client.context, Array.from({ length: 60 }, careFile));
    expect(world.requests).toEqual([
      "what /v1/wraps/stage",
      "gate /v1/access/submit",
      "what /v1/access/take",
    ]);
    expect(operationCounts.encapsulations).toBe(2);
    expect(operationCounts.decapsulations).toBe(0);
    // A statement a file, three requests, one acceptance for all.
    expect(operationCounts.signatures).toBe(60 + 3 + 1);
    const { what, gate } = system.takeStatements();
    expect(commits(gate)).toBe(1);
    expect(commits(what)).toBe(2);
    expect(gate.length + what.length).toBeLessThan(60);
  });

  test("a caseload of 60 handed over: one encapsulation for the recipient, batched requests", async () => {
    const second = await addMember(system, client, ["therapist"]);
    const files = await createFiles(client.context, Array.from({ length: 60 }, careFile));
    reset();
    await grantFiles(
      client.context,
      files,
      memberGrant(client.context, { member: second.member, rights: 1, reason: "handover" }),
    );
    expect(operationCounts.encapsulations).toBe(1);
    expect(world.requests.filter((request) => request.startsWith("gate"))).toEqual([
      "gate /v1/access/submit",
    ]);
    expect(world.requests.length).toBeLessThanOrEqual(5);
    reset();
    const { context } = second.client;
    await context.practice.sync(context.services);
    const opened = await openFiles(
      context,
      files.slice(0, 10).map(({ file }) => ({ file, vault: "what" as const })),
      { purpose: "handover" },
    );
    expect(opened.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 10 }, () => "released"),
    );
    // One for the answer, one for the batch key: the wraps themselves are symmetric.
    expect(operationCounts.decapsulations).toBe(2);
  });

  test("the number of SQL statements of an open and of a release does not grow with the number of files", async () => {
    const files = await createFiles(client.context, Array.from({ length: 8 }, careFile));
    const count = async (some: readonly KnownFile[]): Promise<{ gate: number; what: number }> => {
      for (const file of some) client.context.files.forget(file.file);
      system.takeStatements();
      await openFiles(client.context, some, { purpose: "session" });
      const { gate, what } = system.takeStatements();
      return { gate: gate.length, what: what.length };
    };
    expect(await count(files.slice(0, 7))).toEqual(await count(files.slice(0, 2)));
  });
});
