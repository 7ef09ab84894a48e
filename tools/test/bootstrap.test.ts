import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { root } from "../step.ts";

const PACKAGE = { name: "small", version: "1.0.0" };

describe("the bootstrap", () => {
  let copy: string;

  const writeJson = (path: string, value: unknown): void => {
    writeFileSync(join(copy, path), JSON.stringify(value));
  };

  const writeLock = (note: string): void => {
    writeJson("package-lock.json", {
      ...PACKAGE,
      note,
      lockfileVersion: 3,
      requires: true,
      packages: { "": PACKAGE },
    });
  };

  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ["tools/bootstrap.mjs", ...args], { cwd: copy, encoding: "utf8" });

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "sinetti-bootstrap-"));
    mkdirSync(join(copy, "tools"));
    cpSync(join(root, "tools/bootstrap.mjs"), join(copy, "tools/bootstrap.mjs"));
    writeFileSync(
      join(copy, "tools/check.ts"),
      "console.log(process.argv.slice(2).join()); process.exit(7);\n",
    );
    writeJson("package.json", PACKAGE);
    writeLock("first");
  });

  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  it("installs once, and again when the lock file has changed", () => {
    expect(run("check").stderr).toContain("Installing");
    expect(run("check").stderr).toBe("");
    writeLock("second");
    expect(run("check").stderr).toContain("Installing");
    expect(run("check").stderr).toBe("");
  });

  it("takes an installation that npm itself has made and recorded", () => {
    run("record");
    expect(run("check").stderr).toBe("");
  });

  it("passes the arguments on, and ends as the program ends", () => {
    expect(run("test", "--demo", "a b")).toMatchObject({ status: 7, stdout: "--demo,a b\n" });
    expect(run("check")).toMatchObject({ status: 7, stdout: "pure\n" });
  });

  it("says what to do when the installation fails, and runs nothing", () => {
    writeFileSync(join(copy, "package-lock.json"), "damaged");
    const { status, stdout, stderr } = run("check");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("To try by hand: npm ci");
  });

  it("refuses a word that it does not know", () => {
    expect(run("destroy")).toMatchObject({ status: 1 });
    expect(run("destroy").stderr).toContain("usage:");
  });
});
