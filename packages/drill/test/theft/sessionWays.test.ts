import { parseId, type FileId } from "@sinetti/core";
import { expect, it } from "vitest";

import { takeUntil } from "../../src/theft/session/sessionWays.ts";
import type { Target } from "../../src/theft/session/robber.ts";

const targets = Array.from({ length: 3000 }, (_, index): Target => ({
  file: parseId<FileId>(index.toString(16).padStart(32, "0")),
  vault: "who",
  compartment: "identity",
}));

/** Somebody to whom the gate says these words, one file after the other. */
function thief(words: (asked: number) => string): {
  take: () => Promise<string>;
  asked: () => number;
} {
  let asked = 0;
  return { take: () => Promise.resolve(words(asked++)), asked: () => asked };
}

it("ends a theft at the word that stops it, and after a thousand refusals, whatever was released in between", async () => {
  const stopped = thief((asked) => (asked === 40 ? "canary" : "over-budget"));
  expect(await takeUntil(stopped, targets, (code) => code === "canary")).toBe("canary");
  expect(stopped.asked()).toBe(41);
  const refused = thief((asked) => (asked % 50 === 0 ? "released" : "over-budget"));
  expect(await takeUntil(refused, targets, (code) => code === "canary")).toBe("over-budget");
  expect(refused.asked()).toBe(1021);
});

it("goes on to the last file where fewer are refused", async () => {
  const now = thief((asked) => (asked % 4 !== 0 ? "released" : "over-budget"));
  expect(await takeUntil(now, targets, () => false)).toBe("everything");
  expect(now.asked()).toBe(targets.length);
});
