import { describe, expect, test } from "vitest";
import { History, Random, planFaults, type Reported } from "@sinetti/drill";

const FILE = "f1";
const note = (key: string, done: boolean): Reported => ({ what: "note", file: FILE, key, done });
const access = (key: string, given: boolean, done: boolean): Reported => ({
  what: "access",
  file: FILE,
  colleague: "b",
  key,
  given,
  done,
});

function historyOf(...reported: Reported[]): History {
  const history = new History();
  for (const each of reported) history.add(each);
  return history;
}

const found = (...notes: string[]) => [{ reader: "a", file: FILE, isGranted: true, notes }];

describe("a history of faults", () => {
  const sound = historyOf(
    note("a:0", false),
    note("a:0", true),
    note("a:1", false),
    note("a:2", false),
    note("a:2", true),
  );

  test("is sound when all that was acknowledged is there once and in order, whether or not the rest came through", () => {
    expect(sound.check(found("a:0", "a:2"))).toEqual([]);
    expect(sound.check(found("a:0", "a:1", "a:2"))).toEqual([]);
    expect(sound.check(found("a:0", "a:2", "a:1"))).toEqual([]);
    expect([sound.acknowledged, sound.open]).toEqual([2, 1]);
  });

  test("names what was lost, doubled, reordered or never written", () => {
    const reasons = (...notes: string[]) => sound.check(found(...notes)).map(({ why }) => why);
    expect(reasons("a:0")).toEqual(["lost"]);
    expect(reasons("a:0", "a:2", "a:2")).toEqual(["doubled"]);
    expect(reasons("a:0", "a:1", "a:1", "a:2")).toEqual(["doubled"]);
    expect(reasons("a:2", "a:0")).toEqual(["reordered"]);
    expect(reasons("a:0", "a:2", "z:9")).toEqual(["never-written"]);
  });

  test("counts a file that does not open as one whose notes are lost", () => {
    const closed = [{ reader: "a", file: FILE, isGranted: true, notes: null }];
    expect(sound.check(closed).map(({ why }) => why)).toEqual(["lost", "lost"]);
    const made = historyOf({ what: "file", key: FILE, done: true });
    expect(made.check(closed).map(({ why }) => why)).toEqual(["not-openable"]);
    expect(made.check(found())).toEqual([]);
  });

  test("holds the last word on access, and leaves open what was not acknowledged", () => {
    const opens = [{ reader: "b", file: FILE, isGranted: true, notes: null }];
    const given = historyOf(access("a:1", true, false), access("a:1", true, true));
    expect(given.check(opens)).toEqual([]);
    expect(given.check([]).map(({ why }) => why)).toEqual(["not-granted"]);
    given.add(access("a:2", false, false));
    expect(given.check(opens)).toEqual([]);
    given.add(access("a:2", false, true));
    expect(given.check(opens).map(({ why }) => why)).toEqual(["still-granted"]);
    expect(given.check([])).toEqual([]);
  });
});

test("a plan of faults is the same for the same seed, and another for another", () => {
  const first = (seed: string) => {
    const plan = planFaults(new Random(seed), ["service gate", "client c0"]);
    return Array.from({ length: 20 }, () => plan.next().value);
  };
  expect(first("1")).toEqual(first("1"));
  expect(first("1")).not.toEqual(first("2"));
});
