import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isProcessAlive } from "../start/startedSystem.ts";
import { ProfileStorage } from "../../src/profile/profileStorage.ts";

const writer = fileURLToPath(new URL("fixtures/writer.ts", import.meta.url));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the storage of a profile", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sinetti-profile-"));
    path = join(folder, "profile.db");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives back what was written, and nothing of what was deleted", async () => {
    const storage = new ProfileStorage(path);
    await storage.write([{ name: "a", value: bytes("one") }]);
    await storage.write([{ name: "a", value: bytes("two") }]);
    expect(await storage.get("a")).toEqual(bytes("two"));
    await storage.write([{ name: "a", value: null }]);
    expect(await storage.get("a")).toBeNull();
    storage.close();
  });

  it("lists exactly the names under a prefix, rising", async () => {
    const storage = new ProfileStorage(path);
    const names = ["outbox/2", "outbox", "outbox/10", "outboy", "file/1"];
    await storage.write(names.map((name) => ({ name, value: bytes(name) })));
    expect(await storage.list("outbox/")).toEqual(["outbox/10", "outbox/2"]);
    expect(await storage.list("")).toHaveLength(names.length);
    storage.close();
  });

  it("keeps none of a write of which one part fails", async () => {
    const storage = new ProfileStorage(path);
    const broken = { name: "b", value: "text" as unknown as Uint8Array };
    await expect(
      (async () => storage.write([{ name: "a", value: bytes("one") }, broken]))(),
    ).rejects.toThrowError("cannot store");
    expect(await storage.list("")).toEqual([]);
    await storage.write([{ name: "a", value: bytes("one") }]);
    expect(await storage.list("")).toEqual(["a"]);
    storage.close();
  });

  it("is a file for its owner alone, whatever the umask", async () => {
    const before = process.umask(0);
    const storage = new ProfileStorage(path);
    await storage.write([{ name: "a", value: bytes("one") }]);
    process.umask(before);
    for (const name of ["profile.db", "profile.db-wal"])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    storage.close();
  });

  it.each([1, 20, 60])(
    "holds every write that was acknowledged, and whole pairs, after kill -9 (at %i)",
    async (at) => {
      const child = spawn(process.execPath, [writer, path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let acknowledged = 0;
      const lines = createInterface({ input: child.stdout });
      const exited = once(child, "exit");
      for await (const line of lines) {
        acknowledged = Number(line);
        if (acknowledged === at) child.kill("SIGKILL");
      }
      await exited;
      const storage = new ProfileStorage(path);
      const [left, right] = [await storage.get("left"), await storage.get("right")];
      expect(left).toEqual(right);
      expect(Number(new TextDecoder().decode(left ?? bytes("0")))).toBeGreaterThanOrEqual(
        acknowledged,
      );
      expect(acknowledged).toBeGreaterThanOrEqual(at);
      storage.close();
    },
  );

  it("belongs to one process at a time: the next one waits until it is free", async () => {
    const child = spawn(process.execPath, [writer, path], { stdio: ["ignore", "pipe", "inherit"] });
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    expect(Number(first.toString("utf8").split("\n")[0])).toBe(1);
    const killer = spawn("/bin/sh", ["-c", `sleep 0.3; kill -9 ${child.pid}`]);
    const storage = new ProfileStorage(path);
    // Opening waited in the call itself: it came back only when the other was gone.
    expect(isProcessAlive(child.pid)).toBe(false);
    await once(killer, "exit");
    storage.close();
  });
});
