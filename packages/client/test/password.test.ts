import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { initSuite } from "@sinetti/core";
import { createPractice, requestDevice } from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { testWorld } from "./testWorld.ts";

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await initSuite((count) => randomBytes(count));
  await system.stop();
});

/** Every request that leaves a device before a service answers the first sealed one, with the same chance each time. */
async function leaves(
  password: string,
  begin: (world: ReturnType<typeof testWorld>, password: string) => Promise<unknown>,
): Promise<string[]> {
  let drawn = 0;
  await initSuite((count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, () =>
      createHash("sha256").update(`chance ${drawn++}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
  });
  const world = testWorld(system);
  const sent: string[] = [];
  const asked = world.fetch;
  Object.assign(world, {
    fetch: async (url: string, init: RequestInit) => {
      if (init.method !== "POST") return asked(url, init);
      const body = new Uint8Array(await new Response(init.body).arrayBuffer());
      sent.push(JSON.stringify([url, init.headers, Buffer.from(body).toString("hex")]));
      throw new TypeError("cut off");
    },
  });
  await expect(begin(world, password)).rejects.toMatchObject({ code: "unreachable" });
  expect(sent).toHaveLength(1);
  return sent;
}

test("what leaves a new device is the same whatever the password is", async () => {
  const ask = (world: ReturnType<typeof testWorld>, password: string): Promise<unknown> =>
    requestDevice(world, { endpoints: system.endpoints, password, isNewPerson: true });
  expect(await leaves("summer 2026", ask)).toEqual(await leaves("an other pass phrase", ask));
});

test("what leaves a founder's device is the same whatever the password is", async () => {
  const found = (world: ReturnType<typeof testWorld>, password: string): Promise<unknown> =>
    createPractice(world, {
      endpoints: system.endpoints,
      installationCode: system.code(),
      password,
      roles: ["therapist", "admin"],
    });
  expect(await leaves("summer 2026", found)).toEqual(await leaves("an other pass phrase", found));
});
