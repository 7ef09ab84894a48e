import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { replaceFault } from "../../src/input/changeFault.ts";

describe("a program that is run in somebody's name", () => {
  let base: string;
  let program: string;

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "sinetti-program-"));
    program = join(base, "bin", "tell");
    mkdirSync(dirname(program), { mode: 0o755 });
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it("is taken where its owner alone changes it, also below a folder of everybody's that is sticky", () => {
    expect(replaceFault(program)).toBeNull();
    chmodSync(base, 0o1777);
    expect(replaceFault(program)).toBeNull();
  });

  it("is refused when it is gone, or others may write it", () => {
    expect(replaceFault(join(base, "none"))).toContain("not there");
    chmodSync(program, 0o775);
    expect(replaceFault(program)).toContain("changed by others");
  });

  it("is refused below a folder that others may write, also when a link leads there", () => {
    const link = join(base, "link");
    symlinkSync(program, link);
    chmodSync(dirname(program), 0o775);
    const fault = `others may put another file into ${dirname(program)}`;
    expect(replaceFault(program)).toContain(fault);
    expect(replaceFault(link)).toContain(fault);
    chmodSync(dirname(program), 0o755);
    expect(replaceFault(link)).toBeNull();
  });

  it("is taken of root by every account, and refused of any other", () => {
    const [sh, own] = [statSync("/bin/sh").uid, statSync(program).uid];
    expect(replaceFault("/bin/sh", sh + 4_000_001)).toBeNull();
    chownSync(program, own === 0 ? 4_000_001 : own, -1);
    expect(replaceFault(program, 4_000_002)).toContain("another account");
  });
});
