import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { check, startSoundSystem } from "./soundSystem.ts";

type Sound = Awaited<ReturnType<typeof startSoundSystem>>;
let sound: Sound;

beforeAll(async () => {
  sound = await startSoundSystem();
});
afterAll(() => sound.system.stop());

describe("a sound system", () => {
  it.each([0, 2])("has nothing broken, seen with %i threads", async (threads) => {
    const report = await check(sound.system, { threads });
    expect(report.broken).toEqual([]);
    expect(report.chains).toBeGreaterThan(20);
    expect(report.entries).toBeGreaterThan(200);
  });
});
