import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { readSecretFile } from "../src/secretFile.ts";

const OWN = process.getuid?.() ?? 0;
/** No account of any machine. */
const [SOMEBODY, SOMEBODY_ELSE] = [4_000_001, 4_000_002];

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-secret-"));
  path = join(folder, "service.key");
  writeFileSync(path, "a secret\n", { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Who owns the file then: root can give it away, anybody else reads it as if they were another. */
function giveAway(): number {
  if (OWN !== 0) return OWN;
  chownSync(path, SOMEBODY, SOMEBODY);
  return SOMEBODY;
}

describe("a secret file", () => {
  test("of this account that nobody else may read is read", () => {
    expect(readSecretFile(path)).toEqual({ text: "a secret" });
  });

  test("of another account is refused, however closed it is", () => {
    expect(giveAway()).not.toBe(SOMEBODY_ELSE);
    expect(readSecretFile(path, SOMEBODY_ELSE)).toEqual({ fault: "of another account" });
  });

  test("of another account is refused to root too", () => {
    const owner = giveAway();
    expect(readSecretFile(path, owner)).toEqual({ text: "a secret" });
    expect(readSecretFile(path, 0)).toEqual({ fault: "of another account" });
  });

  test.each([0o640, 0o604, 0o620])("that others may open is refused (%o)", (mode) => {
    chmodSync(path, mode);
    expect(readSecretFile(path, OWN)).toEqual({ fault: "open to others" });
  });

  test("that is not there, is a folder, or is far too long for a secret is refused", () => {
    expect(readSecretFile(join(folder, "none"))).toEqual({ fault: "missing" });
    mkdirSync(join(folder, "made"), { mode: 0o700 });
    expect(readSecretFile(join(folder, "made"))).toEqual({ fault: "not a regular file" });
    writeFileSync(path, Buffer.alloc(65 * 1024, "a"));
    expect(readSecretFile(path)).toEqual({ fault: "too large" });
  });
});
