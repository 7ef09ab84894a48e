import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isReachable, makePrivateFolder } from "../../src/start/privateFolder.ts";
import { isWell, makePlace, startSmallSystem } from "./startedSystem.ts";

const isRoot = process.getuid?.() === 0;
const stranger = { name: "stranger", uid: 54_321, gid: 54_321 };

describe("a private folder", () => {
  let place: ReturnType<typeof makePlace>;
  let inner: string;

  beforeEach(() => {
    place = makePlace();
    inner = join(place.path, "outer", "inner");
    mkdirSync(inner, { recursive: true, mode: 0o755 });
  });

  afterEach(() => place.remove());

  it.each([
    ["itself", "outer/inner"],
    ["a folder above it", "outer"],
  ])("is out of a stranger's reach when %s is closed", (_what, closed) => {
    expect(isReachable(inner, stranger)).toBe(true);
    chmodSync(join(place.path, closed), 0o700);
    expect(isReachable(inner, stranger)).toBe(false);
  });

  it("is in reach of its group and its owner only as their own bits say", () => {
    const { uid, gid } = statSync(inner);
    chmodSync(inner, 0o710);
    expect(isReachable(inner, { ...stranger, gid })).toBe(true);
    chmodSync(inner, 0o701);
    expect(isReachable(inner, { ...stranger, gid })).toBe(false);
    expect(isReachable(inner, { ...stranger, uid })).toBe(true);
    chmodSync(inner, 0o077);
    expect(isReachable(inner, { ...stranger, uid })).toBe(false);
    chmodSync(inner, 0o755);
  });

  it("is closed again when somebody opened it", () => {
    chmodSync(inner, 0o777);
    makePrivateFolder(inner, undefined);
    expect(statSync(inner).mode & 0o777).toBe(0o700);
  });
});

describe("a data folder that only its owner can reach", () => {
  it("is started in; as root the databases are kept elsewhere, and a pointer says where", async () => {
    const place = makePlace();
    const data = join(place.path, "data");
    chmodSync(place.path, 0o700);
    try {
      const system = await startSmallSystem(data, () => undefined);
      const well = await isWell(system.web);
      await system.stop();
      const homes = ["who", "what", "gate"].map((name) => {
        const pointer = join(data, name, "postgres.location");
        return existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : join(data, name);
      });
      const made = homes.map((home) => existsSync(join(home, "postgres", "PG_VERSION")));
      for (const home of homes) rmSync(home, { recursive: true, force: true });
      expect({ well, made }).toEqual({ well: true, made: [true, true, true] });
      expect(homes.map((home) => !home.startsWith(data))).toEqual([isRoot, isRoot, isRoot]);
    } finally {
      place.remove();
    }
  });
});
