import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  GATE_ROUTES,
  activeStaff,
  isRecovered,
  phaseAt,
  recoveryAt,
  type MemberId,
  type Role,
} from "@sinetti/core";
import {
  deriveRecoveryKeys,
  generateEntryId,
  joinRecoveryShares,
  signRequest,
  type RecoveryShare,
} from "@sinetti/core/secret";
import {
  OrderWaits,
  appendEntries,
  approveOwnOpenings,
  createFiles,
  finishDevice,
  generateCaseId,
  giveBack,
  giveOrder,
  heldRecoverySecret,
  listGranted,
  listIntruding,
  openDirectory,
  openFiles,
  readEntries,
  readKit,
  recoverPractice,
  refusePending,
  resumeServices,
  rotateRecovery,
  splitHeldSecret,
  strikeRecoverySecret,
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
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());
beforeEach(() => system.clock.advance(600));

/** A practice of three with two files, whose secret is with its trustees. */
async function practiceOfThree() {
  const { client: founder, world } = await foundPractice(system);
  const therapist = await addMember(system, founder, ["therapist"]);
  const office = await addMember(system, founder, ["office"]);
  const files = [await care(founder), await care(therapist.client)];
  const shares = await splitHeldSecret(founder.context, { threshold: 2, count: 3 });
  await strikeRecoverySecret(founder.context);
  system.clock.advance(14 * 24 * HOUR);
  return { founder, founderWorld: world, therapist, office, files, shares };
}

async function care(client: Client): Promise<FileRef> {
  const [file] = await createFiles(client.context, [
    { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file");
  const entries = [{ id: generateEntryId(), class: "entry" as const, body: NOTE }];
  await appendEntries(client.context, [{ file, entries }]);
  return { file: file.file, vault: "what" };
}

async function join(shares: readonly (RecoveryShare | undefined)[]) {
  const joined = await joinRecoveryShares(shares.filter((share) => share !== undefined));
  if (!joined.ok) throw new TypeError(joined.fault.code);
  return joined.secret;
}

/** The trustees lay their order down. */
async function begin(
  { shares, founder }: Awaited<ReturnType<typeof practiceOfThree>>,
  roles: Role[] = ["admin", "privacy", "therapist"],
): Promise<{ world: TestDeviceWorld; waits: OrderWaits }> {
  const world = testWorld(system);
  const secret = await join([shares[0], shares[2]]);
  const { practice } = founder.context.device.owner;
  const wish = {
    endpoints: system.endpoints,
    password: PASSWORD,
    secret,
    practice,
    roles,
    name: "New",
  };
  const waits = await recoverPractice(world, wish).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(waits instanceof OrderWaits)) throw waits;
  return { world, waits };
}

async function resume(world: TestDeviceWorld): Promise<Client> {
  const client = await finishDevice(world, { password: PASSWORD, endpoints: system.endpoints });
  await client.resume();
  return client;
}

async function outcomes(client: Client, files: readonly FileRef[]): Promise<string[]> {
  const opened = await openFiles(client.context, files, { purpose: "handover" });
  return opened.map(({ outcome }) => outcome);
}

async function bodies(client: Client, file: FileRef): Promise<Uint8Array[]> {
  const [opened] = await openFiles(client.context, [file], { purpose: "session" });
  if (opened?.outcome !== "released") throw new TypeError(opened?.outcome);
  return readEntries(client.context, opened.file).map(({ body }) => body);
}

function othersOf(client: Client): MemberId[] {
  return activeStaff(client.practice).filter((member) => member !== client.member);
}

describe("the trustees' order", () => {
  test("acts not before 72 hours, and the waiting device reads nothing", async () => {
    const practice = await practiceOfThree();
    const { world, waits } = await begin(practice);
    expect(waits.dueAt).toBe(system.clock.now() + 72 * HOUR);
    system.clock.advance(72 * HOUR - 1);
    await expect(resume(world)).rejects.toMatchObject({ code: "not-ready" });
    system.clock.advance(1);
    const client = await resume(world);
    expect(isRecovered(client.practice, client.member)).toBe(true);
    expect(await readKit(client.context)).toMatch(/^[0-9A-Z-]{34}$/);
  });

  test("everybody on the staff is told, one alone does not withdraw it, two do, for good", async () => {
    const practice = await practiceOfThree();
    const { world, waits } = await begin(practice);
    for (const client of [practice.founder, practice.therapist.client, practice.office.client])
      expect(await listIntruding(client.context)).toMatchObject([
        { kind: "recover", by: "recovery" },
      ]);
    const metrics = await system.fetch(`${system.endpoints.gate}/metrics`, { method: "GET" });
    expect(await metrics.text()).toContain('sinetti_alarms_total{alarm="recovery"}');
    await refusePending(practice.office.client.context, waits.order);
    await refusePending(practice.office.client.context, waits.order);
    expect(await listIntruding(practice.founder.context)).toHaveLength(1);
    await refusePending(practice.therapist.client.context, waits.order);
    expect(await listIntruding(practice.founder.context)).toEqual([]);
    system.clock.advance(73 * HOUR);
    await expect(resume(world)).rejects.toMatchObject({ code: "refused", detail: "withdrawn" });
  });

  test("is withdrawn by the only member of a practice of one", async () => {
    const { client: founder } = await foundPractice(system);
    const shares = await splitHeldSecret(founder.context, { threshold: 2, count: 2 });
    const world = testWorld(system);
    const { practice } = founder.context.device.owner;
    const secret = await join(shares);
    const wish = { endpoints: system.endpoints, password: PASSWORD, secret, practice };
    const waits = await recoverPractice(world, { ...wish, roles: ["admin"], name: "New" }).catch(
      (error: unknown) => error,
    );
    if (!(waits instanceof OrderWaits)) throw waits;
    await refusePending(founder.context, waits.order);
    system.clock.advance(73 * HOUR);
    await expect(resume(world)).rejects.toMatchObject({ code: "refused" });
  });

  test("one trustee's share brings nobody in", async () => {
    const { client: founder } = await foundPractice(system);
    for (const share of await splitHeldSecret(founder.context, { threshold: 2, count: 3 })) {
      const alone = await joinRecoveryShares([share]);
      expect(alone).toEqual({ ok: false, fault: { code: "shares-missing", missing: 1 } });
    }
  });

  test("the joined key approves openings of nobody whom it has not brought in, and none of anybody's orders", async () => {
    const practice = await practiceOfThree();
    const secret = await join(practice.shares.slice(0, 2));
    const { sign } = deriveRecoveryKeys(secret);
    const { context } = practice.founder;
    const { practice: id, member } = context.device.owner;
    const asKey = context.services.as({
      practice: id,
      author: { by: "recovery", id },
      sign: (base) => Promise.resolve(signRequest(sign, base)),
    });
    const openings = {
      subject: member,
      scope: "all" as const,
      files: [],
      count: 5,
      reason: "recovery" as const,
    };
    const until = system.clock.now() + 1000;
    await expect(
      asKey.call("gate", GATE_ROUTES.openingApprove, { ...openings, until }),
    ).rejects.toMatchObject({ problem: "not-authorised" });
    await expect(
      approveOwnOpenings(context, { scope: "all", files: [], count: 5, until }),
    ).rejects.toMatchObject({ code: "refused" });
  });
});

describe("everything lost but two trustees and the databases", () => {
  test("the practice is whole again: every record opens, colleagues come, files go back, the shares are made anew", async () => {
    const lost = await practiceOfThree();
    const { world } = await begin(lost, ["admin", "privacy"]);
    system.clock.advance(72 * HOUR);
    const client = await resume(world);
    const until = system.clock.now() + 1000;
    const everything = [
      ...(await listGranted(client.context, "who")),
      ...(await listGranted(client.context, "what")),
    ];
    expect(everything.map(({ compartment }) => compartment).toSorted()).toEqual(
      ["care", "care", "directory", "roster"].toSorted(),
    );
    await approveOwnOpenings(client.context, { scope: "all", files: [], count: 10, until });
    expect(new Set(await outcomes(client, everything))).toEqual(new Set(["released"]));
    for (const file of lost.files) expect(await bodies(client, file)).toEqual([NOTE]);
    expect((await openDirectory(client.context)).values.size).toBeGreaterThan(2);

    const [founder, therapist] = [lost.founder.member, lost.therapist.member];
    expect((await giveBack(client.context, { to: client.member, from: null })).files).toEqual([]);
    for (const member of othersOf(client))
      await giveOrder(client.context, "member.end", { member });
    const own = await giveBack(client.context, { to: client.member, from: null });
    expect(own.files).toHaveLength(1);

    const heir = await addMember(system, client, ["therapist"]);
    const given = await giveBack(client.context, { to: heir.member, from: therapist });
    expect(given).toEqual({ files: [lost.files[1]?.file], closed: 0 });
    expect((await giveBack(client.context, { to: heir.member, from: founder })).files).toEqual([
      lost.files[0]?.file,
    ]);
    await heir.client.context.practice.sync(heir.client.context.services);
    for (const file of lost.files) {
      expect(await bodies(heir.client, file)).toEqual([NOTE]);
      const [opened] = await openFiles(heir.client.context, [file], { purpose: "session" });
      if (opened?.outcome !== "released") throw new TypeError("not opened");
      const entries = [{ id: generateEntryId(), class: "entry" as const, body: NOTE }];
      await appendEntries(heir.client.context, [{ file: opened.file, entries }]);
      expect(await bodies(heir.client, file)).toEqual([NOTE, NOTE]);
      expect(phaseAt(opened.file.access)).toBe("open");
    }

    const shares = await splitHeldSecret(client.context, { threshold: 2, count: 2 });
    await strikeRecoverySecret(client.context);
    expect(recoveryAt(client.practice).version).toBe(2);
    expect(isRecovered(client.practice, client.member)).toBe(false);
    expect(heldRecoverySecret(client.context)).toBeNull();
    client.lock();
    expect(await outcomes(client, [lost.files[0] as FileRef])).toEqual(["not-granted"]);
    const old = await join(lost.shares.slice(0, 2));
    const { practice } = client.context.device.owner;
    const wish = {
      endpoints: system.endpoints,
      password: PASSWORD,
      practice,
      roles: ["admin"] as const,
      name: "Again",
    };
    const stale = testWorld(system);
    await expect(recoverPractice(stale, { ...wish, secret: old })).rejects.toMatchObject({
      code: "input-rejected",
    });
    expect(await stale.storage.list("")).toEqual([]);
    const again = testWorld(system);
    const next = await join(shares);
    await expect(recoverPractice(again, { ...wish, secret: next })).rejects.toBeInstanceOf(
      OrderWaits,
    );
    system.clock.advance(72 * HOUR);
    const second = await resume(again);
    await approveOwnOpenings(second.context, {
      scope: "all",
      files: [],
      count: 10,
      until: system.clock.now() + 1000,
    });
    for (const file of lost.files) expect(await bodies(second, file)).toHaveLength(2);
  });
});

describe("services that a backup brought back, and nobody left to resume them", () => {
  test("are resumed by whom the trustees brought in, with the trustees as the second person, and release again", async () => {
    const lost = await practiceOfThree();
    const { practice } = lost.founder.context.device.owner;
    await system.markRestored(practice, ["who", "what", "gate"]);
    const { world } = await begin(lost, ["admin", "privacy"]);
    system.clock.advance(72 * HOUR);
    const client = await resume(world);
    const until = system.clock.now() + 1000;
    const openings = { scope: "all" as const, files: [], count: 10, until };
    await expect(approveOwnOpenings(client.context, openings)).rejects.toMatchObject({
      code: "restored",
    });
    const resumed = await resumeServices(client.context);
    expect(resumed).toMatchObject([{ given: { state: "done" }, lost: 0 }]);
    await approveOwnOpenings(client.context, openings);
    expect(await outcomes(client, lost.files)).toEqual(["released", "released"]);
  });
});

describe("the shares of a practice that lives", () => {
  test("are made anew by an administrator with the old ones, by no therapist, and not twice from one set", async () => {
    const { founder, therapist, shares } = await practiceOfThree();
    const secret = await join(shares.slice(0, 2));
    const { context } = therapist.client;
    await expect(rotateRecovery(context, secret)).rejects.toMatchObject({ code: "pending" });
    expect(recoveryAt(context.practice.state).version).toBe(1);
    await rotateRecovery(founder.context, secret);
    expect(recoveryAt(founder.practice).version).toBe(2);
    const anew = await splitHeldSecret(founder.context, { threshold: 2, count: 2 });
    expect(anew.map(({ version }) => version)).toEqual([2, 2]);
    await expect(rotateRecovery(founder.context, secret)).rejects.toMatchObject({
      code: "refused",
    });
    expect(heldRecoverySecret(founder.context)).not.toBeNull();
  });
});

describe("cut at every step", () => {
  const cuts = (world: TestDeviceWorld, at: number): void => {
    let points = 0;
    const pass = (): void => {
      if (points++ >= at) throw new TypeError("killed");
    };
    world.interrupt = pass;
    world.storage.beforeWrite = pass;
  };
  const undisturbed = (world: TestDeviceWorld): void => cuts(world, Number.POSITIVE_INFINITY);

  test("a recovery that is due is finished by the next run", async () => {
    const practice = await practiceOfThree();
    const { world } = await begin(practice);
    system.clock.advance(72 * HOUR);
    let isDone = false;
    for (let at = 0; !isDone; at++) {
      cuts(world, at);
      isDone = await resume(world).then(
        () => true,
        () => false,
      );
      expect(at).toBeLessThan(60);
      system.clock.advance(60);
    }
    undisturbed(world);
    const client = await resume(world);
    expect(isRecovered(client.practice, client.member)).toBe(true);
    expect(await readKit(client.context)).not.toBeNull();
    expect(await client.context.outbox.left()).toEqual([]);
  });

  test("a secret that is being replaced is replaced once, and the device holds the one that the chain names", async () => {
    const practice = await practiceOfThree();
    const { world } = await begin(practice);
    system.clock.advance(72 * HOUR);
    await resume(world);
    let shares: RecoveryShare[] | null = null;
    for (let at = 0; shares === null; at++) {
      const client = await restart(system, world);
      cuts(world, at);
      shares = await splitHeldSecret(client.context, { threshold: 2, count: 2 }).catch(() => null);
      expect(at).toBeLessThan(60);
      system.clock.advance(60);
    }
    undisturbed(world);
    const client = await restart(system, world);
    await client.resume();
    expect(recoveryAt(client.practice).version).toBe(2);
    expect(shares[0]?.version).toBe(2);
    const held = heldRecoverySecret(client.context);
    if (held === null) throw new TypeError("no secret");
    const { sign } = deriveRecoveryKeys(await join(shares));
    expect(deriveRecoveryKeys(held).sign.publicKey).toEqual(sign.publicKey);
  });
});
