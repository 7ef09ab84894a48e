import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  RIGHTS,
  VAULT_ROUTES,
  encodeShape,
  liveFreezes,
  practiceHead,
  readOrder,
  type OrderBody,
  type OrderKind,
  type Signed,
} from "@sinetti/core";
import { signOrder } from "@sinetti/core/secret";
import {
  approvePending,
  createFiles,
  generateCaseId,
  giveOrder,
  grantFiles,
  listPending,
  memberGrant,
  openFiles,
  type Client,
  type KnownFile,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;
const HOUR = 3600;
type Added = Awaited<ReturnType<typeof addMember>>;

let system: TestSystem;
let founder: Client;
let world: TestDeviceWorld;
let hostile: Added;
let officer: Added;
let second: Added;
let file: KnownFile;

/** A grown staff, and one record of the founder's. */
beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder, world } = await foundPractice(system, ["therapist", "admin"]));
  hostile = await addMember(system, founder, ["therapist"]);
  officer = await addMember(system, founder, ["privacy"]);
  second = await addMember(system, founder, ["therapist"]);
  system.clock.advance(2 * WEEK);
  const wish = { file: null, compartment: "care" as const, case: generateCaseId(), site: null };
  const [made] = await createFiles(founder.context, [{ ...wish, grants: [] }]);
  if (made === undefined) throw new TypeError("no file");
  file = made;
});
afterAll(() => system.stop());

/** What a hostile or crashed program leaves behind: an order that one service got and nobody else. */
async function stray<K extends OrderKind>(
  { context }: Client,
  service: "what" | "gate",
  { kind, body }: { kind: K; body: OrderBody<K> },
): Promise<Signed> {
  const { practice, services, device } = context;
  await practice.sync(services);
  const order = signOrder(
    {
      practice: practice.state.practice,
      author: { by: "device", id: device.owner.device },
      seen: practiceHead(practice.state),
      kind,
      body,
    },
    device.statement.secret,
  );
  if (service === "what") await practice.handTo(services, "what");
  await services.call(service, VAULT_ROUTES.stop, { order });
  return order;
}

async function outcome(client: Client): Promise<string | undefined> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  try {
    const [opened] = await openFiles(client.context, [file], { purpose: "session" });
    return opened?.outcome;
  } catch (error) {
    return (error as { problem?: string }).problem;
  }
}

const freezeOf = (client: Client, order: Signed) => client.practice.freezes[readOrder(order).id];

async function thaw(by: Client, order: Signed): Promise<void> {
  const given = await giveOrder(by.context, "thaw", { freeze: readOrder(order).id });
  if (given.state !== "pending") throw new TypeError("not pending");
  system.clock.advance(HOUR + 1);
  expect((await approvePending(second.client.context, given.order)).state).toBe("done");
}

describe("a stop that one service alone was given", () => {
  test("changes nothing when its author did not sign it, or may not give it", async () => {
    await founder.resume();
    const { context } = founder;
    const seen = practiceHead(founder.practice);
    const author = { by: "device" as const, id: context.device.owner.device };
    const { practice } = founder.practice;
    const body = { member: second.member };
    const forged = signOrder(
      { practice, author, seen, kind: "freeze", body },
      hostile.client.context.device.statement.secret,
    );
    const honest = world.fetch;
    Object.assign(world, {
      fetch: async (url: string, init: RequestInit) =>
        new URL(url).pathname === VAULT_ROUTES.stopsRead.path
          ? new Response(
              encodeShape(VAULT_ROUTES.stopsRead.answer, {
                orders: [forged],
                restore: null,
              }) as Uint8Array<ArrayBuffer>,
              { headers: { "content-type": "application/cbor" } },
            )
          : honest(url, init),
    });
    try {
      expect((await founder.resume()).strays).toEqual([]);
    } finally {
      Object.assign(world, { fetch: honest });
    }
    expect(freezeOf(founder, forged)).toBeUndefined();
    expect(await listPending(founder.context)).toEqual([]);
  });

  test.each(["what", "gate"] as const)(
    "%s: stands in the chain after anybody's next session, and is thawed as any other",
    async (service) => {
      const order = await stray(hostile.client, service, {
        kind: "freeze",
        body: { member: founder.member },
      });
      expect(await outcome(founder)).toBe("frozen");
      expect(freezeOf(founder, order)).toBeUndefined();
      expect((await officer.client.resume()).strays).toEqual(["freeze"]);
      expect((await officer.client.resume()).strays).toEqual([]);
      expect(freezeOf(officer.client, order)).toMatchObject({ by: hostile.member });
      await thaw(officer.client, order);
      expect(await outcome(founder)).toBe("released");
      system.clock.advance(2 * DAY);
    },
  );

  test("by somebody who needs a second person now is laid down, and thawed once it was approved", async () => {
    const first = await giveOrder(hostile.client.context, "freeze", { member: second.member });
    expect(first.state).toBe("done");
    const [known] = liveFreezes(hostile.client.practice, second.member);
    if (known === undefined) throw new TypeError("no freeze");
    const given = await giveOrder(founder.context, "thaw", { freeze: known.id });
    if (given.state !== "pending") throw new TypeError("not pending");
    system.clock.advance(HOUR + 1);
    await approvePending(officer.client.context, given.order);

    const body = { member: officer.member };
    const order = await stray(hostile.client, "what", { kind: "freeze", body });
    for (const _ of [1, 2]) {
      expect((await founder.resume()).strays).toEqual([]);
      expect(await listPending(founder.context)).toMatchObject([{ kind: "freeze", approvals: 0 }]);
    }
    const [waiting] = await listPending(founder.context);
    if (waiting === undefined) throw new TypeError("nothing waits");
    expect((await approvePending(founder.context, waiting.order)).state).toBe("done");
    expect(freezeOf(founder, order)).toMatchObject({ thawedSeq: null });
    await thaw(founder, order);
    await officer.client.resume();
    expect(officer.client.isFrozen).toBe(false);
  });

  test("a revocation is put into its record's chain by who may know of it, and the holder may grant again", async () => {
    const grant = () =>
      grantFiles(
        founder.context,
        [file],
        memberGrant(founder.context, {
          member: second.member,
          rights: RIGHTS.read,
          reason: "care",
        }),
      );
    await grant();
    expect(await outcome(second.client)).toBe("released");
    const subject = { type: "member" as const, id: second.member };
    await stray(founder, "what", { kind: "revoke", body: { file: file.file, subject } });
    expect(await outcome(second.client)).not.toBe("released");
    expect((await hostile.client.resume()).strays).toEqual([]);
    expect((await officer.client.resume()).strays).toEqual(["revoke"]);
    expect((await founder.resume()).strays).toEqual([]);
    expect(await outcome(second.client)).not.toBe("released");
    await grant();
    expect(await outcome(second.client)).toBe("released");
  });

  test("costs one request a service when there is none", async () => {
    await founder.resume();
    world.requests.length = 0;
    await founder.resume();
    expect(world.requests.toSorted()).toEqual([
      "gate /v1/practice/read",
      "gate /v1/stop/read",
      "what /v1/stop/read",
      "who /v1/stop/read",
    ]);
  });
});
