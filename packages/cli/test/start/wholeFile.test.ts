import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { loadSuite } from "../../../../tools/testPractice.ts";
import { InputError } from "../../src/inputError.ts";
import { writeMetricsFile } from "../../src/metrics/metricsFile.ts";
import { makeHostKey, readHostKey } from "../../src/posture/hostKey.ts";
import { writeSecretFile } from "../../src/start/secretFile.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-whole-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("a file that is written whole", () => {
  it("is private from its first byte, also where somebody left an open draft", () => {
    const path = join(folder, "service.key");
    writeFileSync(`${path}.draft`, "left behind", { mode: 0o666 });
    writeSecretFile(path, "a secret");
    expect([readFileSync(path, "utf8"), modeOf(path)]).toEqual(["a secret\n", 0o600]);
  });

  it("is never written through a link that somebody laid beside it", () => {
    const victim = join(folder, "victim.key");
    writeFileSync(victim, "another secret", { mode: 0o600 });
    for (const write of [writeSecretFile, writeMetricsFile]) {
      const path = join(folder, "numbers.prom");
      symlinkSync(victim, `${path}.draft`);
      write(path, "written");
      expect(readFileSync(path, "utf8").trim()).toBe("written");
      expect([readFileSync(victim, "utf8"), modeOf(victim)]).toEqual(["another secret", 0o600]);
    }
  });

  it("leaves what was there when it cannot be written", () => {
    const path = join(folder, "numbers.prom");
    writeMetricsFile(path, "before");
    mkdirSync(`${path}.draft`);
    expect(() => writeSecretFile(path, "after")).toThrow(/directory/);
    expect(readFileSync(path, "utf8")).toBe("before");
  });
});

describe("the key of a host", () => {
  it("is not taken from a file that others read", async () => {
    await loadSuite();
    const path = join(folder, "host.key");
    makeHostKey(path);
    expect(readHostKey(path).publicKey).toHaveLength(32);
    const open = join(folder, "open.key");
    writeFileSync(open, readFileSync(path), { mode: 0o644 });
    expect(() => readHostKey(open)).toThrow(InputError);
  });
});
