import { createHmac, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { decodeShape, encodeShape, type DeviceId } from "@sinetti/core";
import { lockedDeviceShape } from "@sinetti/core/secret";
import {
  Client,
  Device,
  admitMembers,
  endOwnDevice,
  giveOrder,
  knownDirectory,
  listOwnDevices,
  nameDevice,
  openDirectory,
  listPasskeys,
  practicePeople,
  type PasskeyPrf,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PASSWORD, addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());
beforeEach(async () => {
  ({ client, world } = await foundPractice(system));
});

/** An authenticator: one credential, whose PRF is an HMAC that never leaves it (CTAP hmac-secret). */
function authenticator(): { credential: Uint8Array; prf: PasskeyPrf; asked: number } {
  const key = randomBytes(32);
  const credential = Uint8Array.from(randomBytes(20));
  const made = {
    credential,
    asked: 0,
    prf: ((asks) => {
      made.asked++;
      const own = asks.find((ask) => Buffer.from(ask.credential).equals(Buffer.from(credential)));
      if (own === undefined) return Promise.resolve(null);
      const output = new Uint8Array(createHmac("sha256", key).update(own.salt).digest());
      return Promise.resolve({ credential, output });
    }) as PasskeyPrf,
  };
  return made;
}

const locked = (): Uint8Array => world.storage.cells.get("device") ?? new Uint8Array(0);
const unlock = (password: string): Promise<Device> => Device.unlock(world, password);

describe("a changed password", () => {
  test("opens the device from then on, in one write, and the old one opens nothing", async () => {
    let writes = 0;
    world.storage.beforeWrite = () => {
      writes++;
    };
    await client.context.device.changePassword({ from: PASSWORD, to: "another long sentence" });
    expect(writes).toBe(1);
    world.storage.beforeWrite = () => undefined;
    await expect(unlock(PASSWORD)).rejects.toMatchObject({ code: "wrong-password" });
    const again = await unlock("another long sentence");
    expect(again.owner).toEqual(client.context.device.owner);
    expect(await again.read("own/roster")).not.toBeNull();
  });

  test("leaves everything as it was where the old one is wrong or the write is cut off", async () => {
    const before = Uint8Array.from(locked());
    const { device } = client.context;
    await expect(device.changePassword({ from: "guess", to: "x" })).rejects.toMatchObject({
      code: "wrong-password",
    });
    await expect(device.changePassword({ from: PASSWORD, to: "" })).rejects.toMatchObject({
      code: "input-rejected",
    });
    world.storage.beforeWrite = () => {
      throw new TypeError("killed");
    };
    await expect(device.changePassword({ from: PASSWORD, to: "x" })).rejects.toThrow("killed");
    world.storage.beforeWrite = () => undefined;
    expect(locked()).toEqual(before);
    expect((await unlock(PASSWORD)).owner).toEqual(device.owner);
  });

  test("leaves an old copy of the locks nothing to open: what is sealed now is under another master key", async () => {
    const old = decodeShape(lockedDeviceShape, locked());
    await client.context.device.changePassword({ from: PASSWORD, to: "another" });
    const now = decodeShape(lockedDeviceShape, locked());
    const mixed = { ...now, slots: old.slots };
    world.storage.cells.set("device", encodeShape(lockedDeviceShape, mixed));
    await expect(unlock(PASSWORD)).rejects.toMatchObject({ code: "wrong-password" });
  });
});

describe("a passkey", () => {
  test("opens the device beside the password, and not after it was taken away", async () => {
    const key = authenticator();
    const { device } = client.context;
    await device.addPasskey({ password: PASSWORD, ...key });
    expect(await listPasskeys(world)).toMatchObject([{ credential: key.credential }]);
    const again = await Client.unlockWithPasskey(world, {
      prf: key.prf,
      endpoints: system.endpoints,
    });
    expect(again.member).toBe(client.member);
    expect((await unlock(PASSWORD)).owner).toEqual(device.owner);
    await device.removePasskey(key.credential);
    await expect(Device.unlockWithPasskey(world, key.prf)).rejects.toMatchObject({
      code: "wrong-passkey",
    });
    await expect(device.removePasskey(key.credential)).rejects.toMatchObject({
      code: "unknown-record",
    });
    expect((await unlock(PASSWORD)).owner).toEqual(device.owner);
  });

  test("is added by who knows the password alone, and takes the place of its own old lock", async () => {
    const key = authenticator();
    const { device } = client.context;
    await expect(device.addPasskey({ password: "guess", ...key })).rejects.toMatchObject({
      code: "wrong-password",
    });
    expect(key.asked).toBe(0);
    await device.addPasskey({ password: PASSWORD, ...key });
    await device.addPasskey({ password: PASSWORD, ...key });
    expect(device.passkeys).toHaveLength(1);
    const silent = { ...authenticator(), prf: () => Promise.resolve(null) };
    await expect(device.addPasskey({ password: PASSWORD, ...silent })).rejects.toMatchObject({
      code: "wrong-passkey",
    });
  });

  test("opens nothing with another one's output", async () => {
    const key = authenticator();
    await client.context.device.addPasskey({ password: PASSWORD, ...key });
    const liar: PasskeyPrf = () =>
      Promise.resolve({ credential: key.credential, output: new Uint8Array(32).fill(1) });
    const short: PasskeyPrf = () =>
      Promise.resolve({ credential: key.credential, output: new Uint8Array(31) });
    for (const prf of [liar, short, authenticator().prf])
      await expect(Device.unlockWithPasskey(world, prf)).rejects.toMatchObject({
        code: "wrong-passkey",
      });
  });

  test("goes on after a changed password where it is given again, and else is named as gone", async () => {
    const kept = authenticator();
    const gone = authenticator();
    const { device } = client.context;
    await device.addPasskey({ password: PASSWORD, ...kept });
    await device.addPasskey({ password: PASSWORD, ...gone });
    const { removed } = await device.changePassword({
      from: PASSWORD,
      to: "another",
      prf: kept.prf,
    });
    expect(removed.map(({ credential }) => credential)).toEqual([gone.credential]);
    expect((await Device.unlockWithPasskey(world, kept.prf)).owner).toEqual(device.owner);
    await expect(Device.unlockWithPasskey(world, gone.prf)).rejects.toMatchObject({
      code: "wrong-passkey",
    });
  });

  test("is one of fifteen at most", async () => {
    const key = authenticator();
    await client.context.device.addPasskey({ password: PASSWORD, ...key });
    const held = decodeShape(lockedDeviceShape, locked());
    const [password, passkey] = held.slots;
    if (password === undefined || passkey?.type !== "passkey") throw new TypeError("no locks");
    const many = Array.from({ length: 15 }, () => ({
      ...passkey,
      credential: Uint8Array.from(randomBytes(20)),
    }));
    const full = { ...held, slots: [password, ...many] };
    world.storage.cells.set("device", encodeShape(lockedDeviceShape, full));
    const device = await unlock(PASSWORD);
    expect(device.passkeys).toHaveLength(15);
    await expect(
      device.addPasskey({ password: PASSWORD, ...authenticator() }),
    ).rejects.toMatchObject({ code: "input-rejected" });
  });
});

describe("the people of a practice", () => {
  test("are known by name through a freeze while the session holds them, and without names after it began anew", async () => {
    await admitMembers(client.context, [
      { id: client.member, name: "Aino Laine", roles: ["admin", "therapist"] },
    ]);
    const named = `member/${client.member}`;
    expect((await knownDirectory(client))?.values.get(named)).toMatchObject({ name: "Aino Laine" });
    await giveOrder(client.context, "freeze", { member: client.member });
    expect((await knownDirectory(client))?.values.get(named)).toMatchObject({ name: "Aino Laine" });
    const again = await Client.unlock(world, { password: PASSWORD, endpoints: system.endpoints });
    await again.resume();
    expect(again.isFrozen).toBe(true);
    expect(await knownDirectory(again)).toBeNull();
    const { people } = await practicePeople(again);
    expect(people).toMatchObject([{ member: client.member, isMe: true, isFrozen: true }]);
  });

  test("are shown with roles, devices and freezes; an own device is ended, and not the last one", async () => {
    const other = await addMember(system, client, ["therapist"]);
    await admitMembers(client.context, [
      { id: other.member, name: "Eero Niemi", roles: ["therapist"], trainee: true },
    ]);
    await giveOrder(client.context, "freeze", { member: other.member });
    const { people, isPracticeFrozen } = await practicePeople(client);
    expect(isPracticeFrozen).toBe(false);
    const eero = people.find(({ member }) => member === other.member);
    expect(eero).toMatchObject({
      name: "Eero Niemi",
      roles: ["therapist"],
      isFrozen: true,
      isTrainee: true,
      isMe: false,
    });
    expect(eero?.devices).toHaveLength(1);
    const [own] = await listOwnDevices(client);
    expect(own?.isThisOne).toBe(true);
    await expect(endOwnDevice(client, own?.device as DeviceId)).rejects.toMatchObject({
      code: "input-rejected",
    });
    await expect(endOwnDevice(client, eero?.devices[0]?.device as DeviceId)).rejects.toMatchObject({
      code: "unknown-record",
    });
  });

  test("of a device is told to the whole staff by an administrator, and to themselves by anybody else", async () => {
    const { client: eero, member } = await addMember(system, client, ["therapist"]);
    await admitMembers(client.context, [{ id: member, name: "Eero Niemi", roles: ["therapist"] }]);
    const [founders] = await listOwnDevices(client);
    const [own] = await listOwnDevices(eero);
    const device = own?.device as DeviceId;
    await expect(
      nameDevice(eero, founders?.device as DeviceId, "Not theirs"),
    ).rejects.toMatchObject({ code: "unknown-record" });
    await nameDevice(eero, device, " Eero's  laptop ");
    expect(await listOwnDevices(eero)).toMatchObject([{ name: "Eero's laptop" }]);
    const toldTo = async (): Promise<(string | null)[]> =>
      (await practicePeople(client)).people
        .flatMap(({ devices }) => devices)
        .filter((each) => each.device === device)
        .map(({ name }) => name);
    expect(await toldTo()).toEqual([null]);
    await nameDevice(client, device, "Reception PC");
    expect(await toldTo()).toEqual(["Reception PC"]);
    await nameDevice(eero, device, "");
    await openDirectory(eero.context);
    expect(await listOwnDevices(eero)).toMatchObject([{ name: "Reception PC" }]);
  });
});
