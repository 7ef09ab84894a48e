import { assert as holds, array, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { measureJoins, type SeenFile } from "../../src/theft/joins.ts";

const COUNT = 12;
const care = (number: number): string => `care-${number}`;
const careOf = new Map(
  Array.from({ length: COUNT }, (_, number) => [`identity-${number}`, care(number)]),
);

function files(
  name: (number: number) => string,
  seen: (number: number) => Partial<SeenFile>,
): SeenFile[] {
  return Array.from({ length: COUNT }, (_, number) => ({
    file: name(number),
    holders: "",
    place: (number * 5) % COUNT,
    sizeBytes: (number * 7) % COUNT,
    committed: null,
    ...seen(number),
  }));
}

function top1(who: readonly SeenFile[], what: readonly SeenFile[], by: string): number | undefined {
  return measureJoins(who, what, careOf).find((rate) => rate.by === by)?.top1;
}

const identity = (number: number): string => `identity-${number}`;

describe("joining who with what", () => {
  it("is right wherever both vaults are in one order, of places or of sizes", () => {
    const who = files(identity, () => ({}));
    const what = files(care, () => ({}));
    expect(top1(who, what, "order")).toBe(1);
    expect(top1(who, what, "size")).toBe(1);
    expect(top1(who, what, "chance")).toBeCloseTo(1 / COUNT);
  });

  it("is right by time where each patient has a commit of their own, and shares the guess where many have one", () => {
    const who = files(identity, (number) => ({ committed: number * 1000 }));
    const alone = files(care, (number) => ({ committed: number * 1000 + 3 }));
    expect(top1(who, alone, "walTime")).toBe(1);
    const together = files(care, () => ({ committed: 77 }));
    expect(top1(who, together, "walTime")).toBeCloseTo(1 / COUNT);
    expect(
      top1(
        who,
        files(care, () => ({})),
        "walTime",
      ),
    ).toBe(0);
  });

  it("takes the nearest commit before or after, both when they are as near, as if each were held against each", () => {
    const moments = array(integer({ min: 0, max: 30 }), { minLength: COUNT, maxLength: COUNT });
    holds(
      property(moments, moments, (early, late) => {
        const who = files(identity, (number) => ({ committed: early[number] ?? 0 }));
        const what = files(care, (number) => ({ committed: late[number] ?? 0 }));
        const right = early.map((moment, number) => {
          const distances = late.map((each) => Math.abs(each - moment));
          const least = Math.min(...distances);
          const nearest = distances.filter((distance) => distance === least).length;
          return distances[number] === least ? 1 / nearest : 0;
        });
        const share = right.reduce((sum, each) => sum + each, 0) / COUNT;
        expect(top1(who, what, "walTime")).toBeCloseTo(share);
      }),
    );
  });

  it("is as good by the members as their caseloads are small", () => {
    const held = (number: number) => ({ holders: `member-${number % 3}` });
    expect(top1(files(identity, held), files(care, held), "graph")).toBeCloseTo(3 / COUNT);
  });

  it("counts only the patients whose pairs are asked for, among everybody", () => {
    const who = files(identity, (number) => ({ place: number }));
    const what = files(care, (number) => ({ place: number < 6 ? 5 - number : number }));
    const late = new Map([...careOf].slice(6));
    const rates = measureJoins(who, what, late);
    expect(rates.find(({ by }) => by === "order")?.top1).toBe(1);
    expect(top1(who, what, "order")).toBe(0.5);
  });
});
