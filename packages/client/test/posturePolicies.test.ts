import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  GATE_ROUTES,
  approvedPolicy,
  encodeShape,
  hashOrder,
  practiceHead,
  type Hash,
  type Signed,
} from "@sinetti/core";
import { generateSignKey, signOrder } from "@sinetti/core/secret";
import {
  approveMany,
  keepPolicyFile,
  proposePolicies,
  readPolicyFile,
  readPolicyProposals,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

const DAY = 86_400;
const FIRST = "ab".repeat(32) as Hash;
const SECOND = "cd".repeat(32) as Hash;

const systems: TestSystem[] = [];
const system = async (): Promise<TestSystem> => {
  const started = await startTestSystem();
  systems.push(started);
  return started;
};
afterAll(() => Promise.all(systems.map((each) => each.stop())));

const approvedOf = ({ practice }: Client, database: "who" | "gate" = "who"): Hash | null =>
  approvedPolicy(practice, database)?.policy ?? null;

describe("a declared policy", () => {
  let admin: Client;
  let officer: { client: Client; world: TestDeviceWorld };
  const propose = async (policy: Hash): Promise<Hash> => {
    const [given] = await proposePolicies(admin.context, [{ database: "who", policy }]);
    if (given?.state !== "pending") throw new TypeError("nobody was asked");
    return given.order;
  };

  beforeAll(async () => {
    const started = await system();
    ({ client: admin } = await foundPractice(started, ["admin"]));
    officer = await addMember(started, admin, ["privacy"]);
  });

  test("is proposed to a privacy officer, who approves; what was proposed beside it is overtaken", async () => {
    const orders = [await propose(FIRST), await propose(SECOND)];
    const { context } = officer.client;
    const waiting = await readPolicyProposals(context);
    expect(waiting.map(({ policy, by, isOvertaken }) => [policy, by, isOvertaken])).toEqual(
      expect.arrayContaining([
        [FIRST, admin.member, false],
        [SECOND, admin.member, false],
      ]),
    );
    expect(await approveMany(context, orders.slice(0, 1))).toEqual([{ state: "done" }]);
    expect([approvedOf(officer.client), approvedOf(officer.client, "gate")]).toEqual([FIRST, null]);
    expect(await readPolicyProposals(context)).toEqual([
      expect.objectContaining({ policy: SECOND, isOvertaken: true }),
    ]);
    await expect(approveMany(context, orders.slice(1))).rejects.toMatchObject({
      code: "refused",
      detail: "broken-chain",
    });
    expect(approvedOf(officer.client)).toBe(FIRST);
  });

  test("is shown by no gate as proposed that no administrator's device has signed", async () => {
    const { context, practice } = officer.client;
    const body = { database: "gate" as const, policy: SECOND, replaces: null };
    const author = { by: "device" as const, id: admin.context.device.owner.device };
    const forged = (by: typeof author, key = generateSignKey().secret): Signed =>
      signOrder(
        {
          practice: practice.practice,
          author: by,
          seen: practiceHead(practice),
          kind: "posture.policy",
          body,
        },
        key,
      );
    const own = { ...author, id: officer.client.context.device.owner.device };
    const orders = [
      forged(author),
      forged(own, officer.client.context.device.statement.secret),
    ].map((order) => ({ order, hash: hashOrder(order), approvals: [], dueAt: null }));
    const { world } = officer;
    const honest = world.fetch;
    const { answer, path } = GATE_ROUTES.orderPending;
    Object.assign(world, {
      fetch: async (url: string, init: RequestInit) => {
        const response = await honest(url, init);
        return new URL(url).pathname === path
          ? new Response(encodeShape(answer, { orders }) as Uint8Array<ArrayBuffer>, response)
          : response;
      },
    });
    try {
      expect(await readPolicyProposals(context)).toEqual([]);
    } finally {
      Object.assign(world, { fetch: honest });
    }
  });

  test("is kept on the device for whoever asks what changed, sealed, and for nobody else", async () => {
    const bytes = new TextEncoder().encode("sinettiPosture: 1\n");
    const { context } = officer.client;
    await keepPolicyFile(context, { policy: FIRST, bytes });
    expect(await readPolicyFile(context, FIRST)).toEqual(bytes);
    expect(await readPolicyFile(context, SECOND)).toBe(null);
    const cells = [...officer.world.storage.cells.values()].map((cell) => Buffer.from(cell));
    expect(cells.some((cell) => cell.includes("sinettiPosture"))).toBe(false);
  });
});

test("in a practice of one a declared policy waits a day at the gate, whoever is asked before", async () => {
  const started = await system();
  const { client } = await foundPractice(started);
  const [given] = await proposePolicies(client.context, [{ database: "who", policy: FIRST }]);
  expect(given).toMatchObject({ state: "pending", dueAt: expect.any(Number) as unknown });
  const order = given?.state === "pending" ? given.order : FIRST;
  started.clock.advance(DAY - 60);
  expect(await approveMany(client.context, [order])).toMatchObject([{ state: "pending" }]);
  expect(approvedOf(client)).toBe(null);
  started.clock.advance(120);
  expect(await approveMany(client.context, [order])).toEqual([{ state: "done" }]);
  expect(approvedOf(client)).toBe(FIRST);
});
