import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { root } from "../step.ts";
import {
  readBlock,
  replaceBlock,
  theftBlock,
  theftPage,
  type TheftFigures,
} from "../theftTable.ts";

const FIGURES: TheftFigures = {
  made: "2026-11-21T09:00:00.000Z",
  machine: "a machine",
  patients: 2000,
  entries: 71_234,
  planted: 100,
  searchedBytes: 1_250_000_000,
  found: 0,
  seconds: 1,
  rows: [
    ["thief", "looks for", "gets"],
    ["T3", "strings", "0"],
    ["T3", "guesses", "4.8"],
    ["T4", "strings", "0"],
    ["T4", "guesses", "4.8"],
    ["control", "the same, unsealed", "7 of 7"],
  ],
  cost: [
    ["what", "measured"],
    ["memory", "1 MB"],
  ],
};

const read = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");

describe("the README's table of thefts", () => {
  it("is what the run in docs/bench gave, to the letter, and so is the page with every row", () => {
    const figures = JSON.parse(read("docs", "bench", "theft.json")) as TheftFigures;
    expect(readBlock(read("README.md"))).toBe(theftBlock(figures));
    expect(read("docs", "bench", "theft.md")).toBe(theftPage(figures));
  });

  it("shows the first row of every thief, also of one who is new, and thieves who get the same together", () => {
    const rows = [...FIGURES.rows, ["T11", "what a new thief | wants", "nothing"]];
    expect(
      theftBlock({ ...FIGURES, rows })
        .split("\n")
        .slice(2, -2),
    ).toEqual([
      "2026-11-21: 2,000 invented patients with 71,234 entries, 100 strings looked for in 1.3 GB. Found: none.",
      "",
      "| thief   | looks for                 | gets    |",
      "| ------- | ------------------------- | ------- |",
      "| T3, T4  | strings                   | 0       |",
      "| control | the same, unsealed        | 7 of 7  |",
      "| T11     | what a new thief \\| wants | nothing |",
    ]);
  });

  it("leaves no row out of the page", () => {
    const page = theftPage(FIGURES).split("\n");
    expect(page.filter((line) => line.startsWith("| T3, T4 "))).toHaveLength(2);
    expect(page).toContain("| memory | 1 MB     |");
  });

  it("says so when something was found", () => {
    expect(theftBlock({ ...FIGURES, found: 1200 })).toContain("Found: 1,200.");
  });

  it("is put where the last one stood, and leaves everything else", () => {
    const before = `above\n\n${theftBlock(FIGURES)}\n\nbelow\n`;
    const next = theftBlock({ ...FIGURES, found: 3 });
    expect(replaceBlock(before, next)).toBe(`above\n\n${next}\n\nbelow\n`);
    expect(() => replaceBlock("no markers", next)).toThrow(RangeError);
  });
});
