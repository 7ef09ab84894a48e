import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { ProfileStorage } from "../../src/profile/profileStorage.ts";

const cell = (name: string, text: string | null) => ({
  name,
  value: text === null ? null : new TextEncoder().encode(text),
});
const textOf = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);

let folder: string;
const path = () => join(folder, "profile.db");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-storage-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("a write that has returned is there for whoever opens the file next", async () => {
  const first = new ProfileStorage(path());
  await first.write([cell("a", "1"), cell("b", "2")]);
  first.close();
  const second = new ProfileStorage(path());
  expect(textOf(await second.get("a"))).toBe("1");
  expect(await second.list("")).toEqual(["a", "b"]);
  second.close();
});

it("writes that come together all land, the later over the earlier", async () => {
  const storage = new ProfileStorage(path());
  await Promise.all([
    storage.write([cell("a", "1"), cell("b", "1")]),
    storage.write([cell("a", "2")]),
    storage.write([cell("b", null), cell("c", "3")]),
  ]);
  expect(textOf(await storage.get("a"))).toBe("2");
  expect(await storage.list("")).toEqual(["a", "c"]);
  storage.close();
});

it("a write under way when the profile closes is not lost", async () => {
  const storage = new ProfileStorage(path());
  const written = storage.write([cell("a", "1")]);
  storage.close();
  await written;
  const again = new ProfileStorage(path());
  expect(textOf(await again.get("a"))).toBe("1");
  again.close();
});

it("a write that fails leaves nothing and says so, and the next one goes in", async () => {
  const storage = new ProfileStorage(path());
  await expect(
    storage.write([cell("a", "1"), { name: "b", value: {} as Uint8Array }]),
  ).rejects.toThrow("cannot be bound");
  expect(await storage.list("")).toEqual([]);
  await storage.write([cell("a", "2")]);
  expect(textOf(await storage.get("a"))).toBe("2");
  storage.close();
});

it("only the owner may read the file", () => {
  new ProfileStorage(path()).close();
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});
