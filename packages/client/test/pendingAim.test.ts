import {
  DEFAULT_POLICY,
  readOrder,
  serviceKeyId,
  type OrderBody,
  type OrderKind,
} from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";
import { beforeAll, describe, expect, test } from "vitest";
import { TestPractice, loadSuite, testMember } from "../../../tools/testPractice.ts";
import { aimOf, type OrderAim } from "../src/pendingAim.ts";

beforeAll(loadSuite);

describe("whoever approves an order is shown", () => {
  let practice: TestPractice;
  const aim = <K extends OrderKind>(kind: K, body: OrderBody<K>): OrderAim =>
    aimOf(
      practice.state,
      readOrder(
        practice.order(practice.founder, kind, body as Parameters<typeof practice.order<K>>[2]),
      ),
    );
  beforeAll(() => {
    practice = new TestPractice({ founderRoles: ["admin"] });
  });

  test("who asks, whose roles become which", () => {
    const { member } = practice.founder;
    expect(aim("member.role", { member, roles: ["admin", "privacy"] })).toEqual({
      asker: member,
      members: [member],
      roles: ["admin", "privacy"],
      facts: [],
    });
  });

  test("each number of a policy that changes, and no other", () => {
    const policy = { ...DEFAULT_POLICY, topUp: 99, care: { ...DEFAULT_POLICY.care, day: 3000 } };
    expect(aim("policy", { policy }).facts).toEqual([
      { name: "care.day", value: "30 → 3000" },
      { name: "topUp", value: "12 → 99" },
    ]);
  });

  test("whose device is let in, and the key that a service is given", () => {
    const { device: id, statement, request } = testMember(["therapist"]);
    const device = {
      device: id,
      statementKey: statement.publicKey,
      requestKey: request.publicKey,
    };
    const { member } = practice.founder;
    expect(aim("device.add", { member, device })).toMatchObject({
      members: [member],
      facts: [{ name: "device", value: device.device }],
    });
    const key = generateSignKey().publicKey;
    expect(aim("service.rotate", { service: "gate", key }).facts).toEqual([
      { name: "service", value: "gate" },
      { name: "key", value: serviceKeyId(key) },
    ]);
  });
});
