import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { found, openDirectory } from "@sinetti/client";
import { initSuite } from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readInstallationCode } from "../../src/admission/installationCode.ts";
import { openProfile, type Profile } from "../../src/profile/profile.ts";
import { startSystem, type RunningSystem } from "../../src/start/startSystem.ts";
import { makePlace } from "../start/startedSystem.ts";

const PASSWORD = "a password of a test";

describe("founding a practice", () => {
  const place = makePlace();
  let system: RunningSystem;

  const foundWith = async (
    { world }: Profile,
    fetch: typeof world.fetch = world.fetch,
  ): ReturnType<typeof found> => {
    const roles = ["therapist", "admin"] as const;
    const founding = { name: "Kuusi", member: "Aino", roles, site: "Kuusi" };
    return found({ ...world, fetch }, founding, {
      endpoints: { who: system.vaultWho, what: system.vaultWhat, gate: system.gate },
      password: PASSWORD,
      readCode: () => readInstallationCode(system.data),
    });
  };

  beforeAll(async () => {
    await initSuite((count) => new Uint8Array(randomBytes(count)));
    system = await startSystem({
      dataDir: join(place.path, "data"),
      port: 0,
      onLog: () => undefined,
    });
  });
  afterAll(async () => {
    await system.stop();
    place.remove();
  });

  /** Founds with a connection that ends at one request, before it is sent or before its answer is here. */
  const foundCut = async (
    profile: Profile,
    { last, isSent }: { last: number; isSent: boolean },
  ): Promise<unknown> => {
    let count = 0;
    const { fetch } = profile.world;
    return foundWith(profile, async (url, init) => {
      const isCut = ++count >= last;
      if (isCut && isSent) await fetch(url, init);
      if (isCut) throw new TypeError("the connection is gone");
      return fetch(url, init);
    }).then(
      () => null,
      (error: unknown) => error,
    );
  };

  it.each([false, true])(
    "is finished by the next try, at whatever request it stopped (sent: %s), with the papers of the first",
    async (isSent) => {
      // The first three requests ask the services for their keys; nothing is begun before.
      let last = 4;
      for (; ; last++) {
        const profile = openProfile(join(place.path, `${isSent}-${last}`), { mayMake: true });
        const failure = await foundCut(profile, { last, isSent });
        if (failure === null) {
          profile.close();
          break;
        }
        expect(failure).toMatchObject({ name: "ClientError", code: "unreachable" });
        const { client, papers } = await foundWith(profile);
        expect(papers.kit).toMatch(/^[0-9A-Z-]{20,}$/);
        expect((await openDirectory(client.context)).values.size).toBe(3);
        await expect(foundWith(profile)).rejects.toMatchObject({ code: "profile-exists" });
        client.lock();
        profile.close();
      }
      expect(last).toBeGreaterThan(10);
    },
  );
});
