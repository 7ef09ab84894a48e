import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isProfile, openProfile } from "../../src/profile/profile.ts";

describe("a profile", () => {
  let place: string;
  let folder: string;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "sinetti-profile-"));
    folder = join(place, "aino");
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it("is not made by somebody who only wants to read", () => {
    expect(() => openProfile(folder, { mayMake: false })).toThrowError(
      expect.objectContaining({ code: "no-profile" }),
    );
    expect(isProfile(folder)).toBe(false);
  });

  it("closes a folder that others could enter", () => {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    openProfile(folder, { mayMake: true }).close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "factor")).mode & 0o777).toBe(0o600);
  });

  it("gives the same factor for a salt every time, another for another salt, another on another device", async () => {
    const salt = new Uint8Array(16).fill(7);
    const factorOf = async (where: string, of: Uint8Array): Promise<string> => {
      const profile = openProfile(where, { mayMake: true });
      const factor = await profile.world.deviceFactor(of);
      profile.close();
      expect(factor).toHaveLength(32);
      return Buffer.from(factor).toString("hex");
    };
    const first = await factorOf(folder, salt);
    expect(await factorOf(folder, salt)).toBe(first);
    expect(await factorOf(folder, new Uint8Array(16))).not.toBe(first);
    expect(await factorOf(join(place, "eero"), salt)).not.toBe(first);
    expect(readFileSync(join(folder, "factor"), "utf8")).not.toContain(first);
  });

  it("never makes a new factor for a device that has lost its own", () => {
    openProfile(folder, { mayMake: true }).close();
    rmSync(join(folder, "factor"));
    expect(() => openProfile(folder, { mayMake: true })).toThrowError(
      expect.objectContaining({ code: "secret-missing" }),
    );
  });
});
