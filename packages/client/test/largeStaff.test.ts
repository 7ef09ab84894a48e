import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bytesToId,
  epochAt,
  grantsAt,
  operationCounts,
  randomBytes,
  rolesAt,
  type DeviceId,
  type MemberId,
  type OrderBody,
} from "@sinetti/core";
import { generateKemKey, generateSignKey } from "@sinetti/core/secret";
import {
  admitMembers,
  giveOrder,
  giveOrders,
  memberName,
  openDirectory,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

const STAFF = 70;
let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());

/** Somebody with keys that nobody keeps. */
function newcomer(): OrderBody<"member.add"> {
  return {
    member: bytesToId<MemberId>(randomBytes(16)),
    roles: ["therapist"],
    key: generateKemKey().publicKey,
    kit: generateSignKey().publicKey,
    device: {
      device: bytesToId<DeviceId>(randomBytes(16)),
      statementKey: generateSignKey().publicKey,
      requestKey: generateSignKey().publicKey,
    },
  };
}
const count = (path: string): number => world.requests.filter((each) => each === path).length;

describe("a staff of seventy", () => {
  const staff = () =>
    people.map(({ member, roles }, index) => ({ id: member, name: `P${index}`, roles }));
  let people: OrderBody<"member.add">[];

  test("comes into the chain by two requests, and into the directory by one append and one of grants", async () => {
    people = Array.from({ length: STAFF }, newcomer);
    world.requests.length = 0;
    const given = await giveOrders(client.context, "member.add", people);
    expect(given).toEqual(people.map(() => ({ state: "done" })));
    expect(count("gate /v1/practice/submit")).toBe(2);
    world.requests.length = 0;
    Object.assign(operationCounts, { encapsulations: 0 });
    await admitMembers(client.context, staff());
    expect(count("who /v1/record/append")).toBe(1);
    expect(count("gate /v1/access/submit")).toBe(1);
    expect(operationCounts.encapsulations).toBe(STAFF);
    world.requests.length = 0;
    await admitMembers(client.context, staff());
    expect(count("who /v1/record/append") + count("gate /v1/access/submit")).toBe(0);
  });

  test("reads a directory that is sealed anew when one of them has left", async () => {
    const [first] = people;
    if (first === undefined) throw new TypeError("nobody");
    await giveOrder(client.context, "member.end", { member: first.member });
    await admitMembers(client.context, [
      { id: first.member, name: "Left", roles: ["therapist"] },
    ]).catch(() => undefined);
    const again = await restart(system, world);
    await again.resume();
    const directory = await openDirectory(again.context);
    expect(epochAt(directory.file.access).epoch).toBe(2);
    expect(memberName(directory, people[69]?.member ?? first.member)).toBe("P69");
    expect(grantsAt(directory.file.access)).toHaveLength(STAFF - 1 + 2);
  });

  test("refuses a batch that holds what makes no sense, before any of it is given", async () => {
    const [known, fresh] = [people[1], newcomer()];
    if (known === undefined) throw new TypeError("nobody");
    await expect(giveOrders(client.context, "member.add", [fresh, known])).rejects.toMatchObject({
      code: "refused",
    });
    expect(rolesAt(client.practice, fresh.member)).toEqual([]);
    expect(await giveOrders(client.context, "member.add", [fresh])).toEqual([{ state: "done" }]);
  });
});
