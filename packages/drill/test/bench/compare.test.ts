import { expect, it } from "vitest";

import { compare } from "../../src/bench/compare.ts";

const row = { work: "work", unit: "ms", aim: null };
/** Gives the figures one after the other, and writes down whose turn it was. */
function turns(name: string, figures: readonly number[], said: string[]): () => Promise<number> {
  let next = 0;
  return () => {
    said.push(name);
    return Promise.resolve(figures[next++] ?? Number.NaN);
  };
}

it("measures both sides in turns and leaves the first out", async () => {
  const said: string[] = [];
  const found = await compare({
    ...row,
    runs: 3,
    ours: turns("ours", [1000, 3, 1, 2], said),
    limit: turns("limit", [1000, 4, 8, 6], said),
  });
  expect(said).toEqual(Array.from({ length: 4 }, () => ["ours", "limit"]).flat());
  expect(found).toEqual({ ...row, runs: 3, ours: 2, limit: 6, ratio: 2 / 6 });
});

it("takes the middle of an even number of runs", async () => {
  const found = await compare({
    ...row,
    runs: 2,
    ours: turns("ours", [0, 1, 3], []),
    limit: turns("limit", [0, 4, 4], []),
  });
  expect(found.ours).toBe(2);
  expect(found.ratio).toBe(0.5);
});

it("warms up as often as asked", async () => {
  const said: string[] = [];
  const figures = [9, 9, 9, 1];
  const sides = { ours: turns("ours", figures, said), limit: turns("limit", figures, said) };
  const found = await compare({ ...row, runs: 1, ...sides }, { warmUps: 3 });
  expect(said).toHaveLength(8);
  expect(found.ours).toBe(1);
});

it("refuses to say anything of no runs", async () => {
  const sides = { ours: turns("ours", [1], []), limit: turns("limit", [1], []) };
  await expect(compare({ ...row, runs: 0, ...sides })).rejects.toThrow(RangeError);
});
