import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readWish } from "../../src/drill/wishOptions.ts";
import { InputError, UsageError } from "../../src/inputError.ts";

const words = (given: Record<string, string>) => ({
  args: [],
  text: (name: string) => given[name],
  list: () => [],
  flag: () => false,
});

describe("the options of an invented practice", () => {
  it("refuse a number that is none", () => {
    for (const patients of ["many", "0", "-3", "1.5", "1000001"])
      expect(() => readWish(words({ patients }))).toThrow(UsageError);
  });

  it("refuse a file of strings that is not there", () => {
    expect(() => readWish(words({ plant: "/nowhere/strings.txt" }))).toThrow(InputError);
  });

  it("refuse strings that no record could hold", () => {
    const folder = mkdtempSync(join(tmpdir(), "sinetti-wish-"));
    const plant = join(folder, "strings.txt");
    writeFileSync(plant, "x".repeat(20_001));
    expect(() => readWish(words({ plant }))).toThrow(InputError);
    writeFileSync(plant, Array.from({ length: 201 }, (_, number) => `string ${number}`).join("\n"));
    expect(() => readWish(words({ plant, patients: "1" }))).toThrow(UsageError);
    expect(readWish(words({ plant, patients: "2" })).wish.plant).toHaveLength(201);
    rmSync(folder, { recursive: true });
  });

  it("take each string once, one a line, and everything else as it is when left out", () => {
    const folder = mkdtempSync(join(tmpdir(), "sinetti-wish-"));
    const plant = join(folder, "strings.txt");
    writeFileSync(plant, "one string\r\n\nanother  one \none string\n");
    const { wish } = readWish(words({ plant, patients: "7" }));
    expect(wish).toMatchObject({
      plant: ["one string", "another  one "],
      patients: 7,
      meanEntries: 30,
    });
    rmSync(folder, { recursive: true });
  });
});
