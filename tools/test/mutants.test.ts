import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { MUTANTS } from "../mutants/attackClasses.ts";
import { applyPatch } from "../mutants/mutant.ts";
import { root } from "../step.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The first column of the second table of the threat model. */
function attackClasses(): string[] {
  const [, section = ""] = read("docs/threat-model.md").split("## Attack classes");
  const rows = section.split("\n## ")[0]?.match(/^\| .+$/gm) ?? [];
  return rows
    .map((row) => row.split("|")[1]?.trim() ?? "")
    .filter((name) => name !== "class" && !name.startsWith("-"));
}

describe("a mutant", () => {
  test("is there for every attack class that the threat model names, and for no other", () => {
    const mutated = new Set(MUTANTS.map(({ attack }) => attack));
    expect(mutated).toEqual(new Set(attackClasses()));
  });

  test.each(MUTANTS)("finds the rule that it takes out: $attack, $patch.path", ({ patch }) => {
    expect(applyPatch(read(patch.path), patch)).not.toBe(read(patch.path));
  });

  test("of a place that is not there, or there twice, is refused", () => {
    const patch = { path: "a.ts", find: "rule", replace: "" };
    expect(() => applyPatch("nothing", patch)).toThrow("0 times");
    expect(() => applyPatch("rule rule", patch)).toThrow("2 times");
  });
});
