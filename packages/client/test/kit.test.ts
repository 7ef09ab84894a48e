import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { epochAt, memberKey } from "@sinetti/core";
import { generateEntryId, generateKit, printKit } from "@sinetti/core/secret";
import {
  OrderWaits,
  appendEntries,
  approvePending,
  createFiles,
  finishDevice,
  generateCaseId,
  listIntruding,
  openFiles,
  readEntries,
  readKit,
  recoverDevice,
  refusePending,
  rekeyMember,
  takeKit,
  type Client,
  type FileRef,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import {
  PASSWORD,
  addMember,
  foundPractice,
  restart,
  testWorld,
  type TestDeviceWorld,
} from "./testWorld.ts";

const HOUR = 3600;
const NOTE = new Uint8Array(300).fill(7);

let system: TestSystem;
let founder: Client;
beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system));
});
afterAll(() => system.stop());
beforeEach(() => system.clock.advance(600));

/** A therapist with a kit on paper and a file with one note. */
async function therapist() {
  const added = await addMember(system, founder, ["therapist"]);
  const kit = await readKit(added.client.context);
  if (kit === null) throw new TypeError("no kit");
  await takeKit(added.client.context);
  const [file] = await createFiles(added.client.context, [
    { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file");
  await write(added.client, { file: file.file, vault: "what" });
  return { ...added, kit, file: { file: file.file, vault: "what" as const } };
}

async function write(client: Client, ref: FileRef): Promise<void> {
  const [opened] = await openFiles(client.context, [ref], { purpose: "documentation" });
  if (opened?.outcome !== "released") throw new TypeError(opened?.outcome);
  const entries = [{ id: generateEntryId(), class: "entry" as const, body: NOTE }];
  await appendEntries(client.context, [{ file: opened.file, entries }]);
}

async function notes(client: Client, ref: FileRef): Promise<number> {
  const [opened] = await openFiles(client.context, [ref], { purpose: "session" });
  if (opened?.outcome !== "released") throw new TypeError(opened?.outcome);
  return readEntries(client.context, opened.file).length;
}

type Lost = Awaited<ReturnType<typeof therapist>>;

function recover(world: TestDeviceWorld, { client, kit }: Pick<Lost, "client" | "kit">) {
  const { practice, member } = client.context.device.owner;
  const wish = { endpoints: system.endpoints, password: PASSWORD, kit, practice, member };
  return recoverDevice(world, wish);
}

async function begin(lost: Lost): Promise<{ world: TestDeviceWorld; waits: OrderWaits }> {
  const world = testWorld(system);
  const waits = await recover(world, lost).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(waits instanceof OrderWaits)) throw waits;
  return { world, waits };
}

function finish(world: TestDeviceWorld): Promise<Client> {
  return finishDevice(world, { password: PASSWORD, endpoints: system.endpoints });
}

describe("a kit that is refused", () => {
  test("leaves nothing behind: mistyped, of somebody else, of another practice", async () => {
    const lost = await therapist();
    const other = await therapist();
    const world = testWorld(system);
    const rejected = { code: "input-rejected" };
    await expect(recover(world, { ...lost, kit: `${lost.kit}0` })).rejects.toMatchObject(rejected);
    await expect(recover(world, { ...lost, kit: other.kit })).rejects.toMatchObject(rejected);
    await expect(recover(world, { ...lost, kit: printKit(generateKit()) })).rejects.toMatchObject(
      rejected,
    );
    const stranger = await foundPractice(system);
    await expect(recover(world, { ...lost, client: stranger.client })).rejects.toMatchObject(
      rejected,
    );
    expect(await world.storage.list("")).toEqual([]);
  });

  test("acts not before 24 hours alone, and every other device of the member is told while it waits", async () => {
    const lost = await therapist();
    const { world, waits } = await begin(lost);
    expect(waits.dueAt).toBe(system.clock.now() + 24 * HOUR);
    expect(await listIntruding(lost.client.context)).toEqual([
      { order: waits.order, kind: "device.add", by: "kit", dueAt: waits.dueAt },
    ]);
    expect(await listIntruding(founder.context)).toEqual([]);
    system.clock.advance(24 * HOUR - 1);
    await expect(finish(world)).rejects.toMatchObject({ code: "not-ready" });
  });

  test("a stolen kit alone is refused by the owner's device, by nobody else's, and dies with the key", async () => {
    const lost = await therapist();
    const { world, waits } = await begin(lost);
    await expect(refusePending(founder.context, waits.order)).rejects.toMatchObject({
      problem: "not-authorised",
    });
    await refusePending(lost.client.context, waits.order);
    system.clock.advance(25 * HOUR);
    await expect(finish(world)).rejects.toMatchObject({ code: "refused", detail: "withdrawn" });
    await rekeyMember(lost.client.context);
    await expect(recover(testWorld(system), lost)).rejects.toMatchObject({
      code: "input-rejected",
    });
    expect(await readKit(lost.client.context)).not.toBe(lost.kit);
    await expect(
      begin({ ...lost, kit: (await readKit(lost.client.context)) ?? "" }),
    ).resolves.toBeDefined();
  });
});

describe("a lost password", () => {
  test("loses nothing: after 24 hours the kit alone brings the member back, with a new key and a new kit", async () => {
    const lost = await therapist();
    const { world } = await begin(lost);
    system.clock.advance(24 * HOUR);
    const client = await finish(world);
    expect(client.member).toBe(lost.member);
    expect(memberKey(client.practice, lost.member)?.version).toBe(2);
    expect(await notes(client, lost.file)).toBe(1);
    await write(client, lost.file);
    expect(await notes(client, lost.file)).toBe(2);
    const [opened] = await openFiles(client.context, [lost.file], { purpose: "session" });
    if (opened?.outcome !== "released") throw new TypeError("not opened");
    expect(epochAt(opened.file.access).epoch).toBe(2);
    const kit = await readKit(client.context);
    expect(kit).not.toBe(lost.kit);
    await expect(recover(testWorld(system), lost)).rejects.toMatchObject({
      code: "input-rejected",
    });

    const again = await begin({ ...lost, kit: kit ?? "" });
    system.clock.advance(24 * HOUR);
    expect(await notes(await finish(again.world), lost.file)).toBe(2);
  });

  test("needs no day when a second member approves in person", async () => {
    const lost = await therapist();
    const { world, waits } = await begin(lost);
    expect(await approvePending(founder.context, waits.order)).toEqual({ state: "done" });
    const client = await finish(world);
    expect(await notes(client, lost.file)).toBe(1);
  });

  test("an older device of the member is told that the key was renewed, and opens what is older", async () => {
    const lost = await therapist();
    const { world, waits } = await begin(lost);
    await approvePending(founder.context, waits.order);
    const client = await finish(world);
    expect(await notes(lost.client, lost.file)).toBe(1);
    await write(client, lost.file);
    const old = await restart(system, lost.world);
    await old.resume();
    await expect(notes(old, lost.file)).rejects.toMatchObject({
      code: "refused",
      detail: "key-renewed-elsewhere",
    });
    await expect(rekeyMember(old.context)).rejects.toMatchObject({ code: "refused" });
  });

  test("cut at every step is finished by the next run, with one new key and a kit that works", async () => {
    const lost = await therapist();
    const { world, waits } = await begin(lost);
    await approvePending(founder.context, waits.order);
    let isDone = false;
    for (let at = 0; !isDone; at++) {
      let points = 0;
      const pass = (): void => {
        if (points++ >= at) throw new TypeError("killed");
      };
      world.interrupt = pass;
      world.storage.beforeWrite = pass;
      isDone = await finish(world)
        .then((client) => client.resume())
        .then(
          () => true,
          () => false,
        );
      expect(at).toBeLessThan(80);
      system.clock.advance(60);
    }
    world.interrupt = () => undefined;
    world.storage.beforeWrite = () => undefined;
    const client = await finish(world);
    await client.resume();
    expect(memberKey(client.practice, lost.member)?.version).toBe(2);
    expect(await notes(client, lost.file)).toBe(1);
    const kit = await readKit(client.context);
    await expect(begin({ ...lost, kit: kit ?? "" })).resolves.toBeDefined();
  });
});
