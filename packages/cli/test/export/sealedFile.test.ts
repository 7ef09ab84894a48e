import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeSealedFile } from "../../src/export/sealedFile.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("a file has its name only once it is whole, and is for its owner alone", async () => {
  const path = join(folder, "whole.age");
  const bytes = new TextEncoder().encode("sealed");
  const written = await writeSealedFile(path, async (write) => {
    await write(bytes);
    expect(existsSync(path)).toBe(false);
    await write(bytes);
    return "value";
  });
  const whole = readFileSync(path);
  expect(whole.toString()).toBe("sealedsealed");
  const sha256 = createHash("sha256").update(whole).digest("hex");
  expect(written).toEqual({ file: path, bytes: 12, sha256, value: "value" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("what breaks off half way leaves nothing", async () => {
  const path = join(folder, "broken.age");
  const before = readdirSync(folder);
  const broken = writeSealedFile(path, async (write) => {
    await write(new Uint8Array(1000));
    throw new Error("cut");
  });
  await expect(broken).rejects.toThrow("cut");
  expect(readdirSync(folder)).toEqual(before);
});

it("a file that is there is not written over", async () => {
  const path = join(folder, "there.age");
  writeFileSync(path, "older");
  await expect(writeSealedFile(path, () => Promise.resolve())).rejects.toThrow("is there already");
  expect(readFileSync(path, "utf8")).toBe("older");
});

it("nothing is written through a draft that lies there: one open to others, or a link that somebody laid", async () => {
  const path = join(folder, "laid.age");
  const elsewhere = join(folder, "elsewhere");
  writeFileSync(elsewhere, "theirs", { mode: 0o666 });
  symlinkSync(elsewhere, `${path}.part`);
  await writeSealedFile(path, (write) => write(new TextEncoder().encode("ours")));
  expect(readFileSync(elsewhere, "utf8")).toBe("theirs");
  expect([lstatSync(path).isFile(), lstatSync(path).mode & 0o777]).toEqual([true, 0o600]);
});
