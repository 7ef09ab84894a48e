import { describe, expect, test } from "vitest";
import { History, Random, planFaults, type Fault, type Reported } from "@sinetti/drill";

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

  test("wants a note that its device said it keeps, wherever among the others, and once", () => {
    const first = [note("a:0", false), note("a:0", true), note("a:1", false)];
    const kept = historyOf(...first, note("a:2", false), note("a:2", true));
    kept.add({ what: "kept", done: false, file: FILE, key: "a:1" });
    expect(kept.check(found("a:0", "a:2")).map(({ why }) => why)).toEqual(["lost"]);
    expect(kept.check(found("a:0", "a:2", "a:1"))).toEqual([]);
    expect(kept.check(found("a:0", "a:1", "a:2", "a:1")).map(({ why }) => why)).toEqual([
      "doubled",
    ]);
    expect([kept.acknowledged, kept.kept, kept.open]).toEqual([2, 1, 0]);
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

const TARGETS = {
  processes: ["service gate", "client c0"],
  disks: ["disk gate"],
  clocks: ["clock gate", "clock all"],
};

function firstFaults(seed: string, count: number): Fault[] {
  const plan = planFaults(new Random(seed), TARGETS);
  return Array.from({ length: count }, () => {
    const { value, done } = plan.next();
    if (done === true) throw new TypeError("a plan has no end");
    return value.fault;
  });
}

test("a plan of faults is the same for the same seed, and another for another", () => {
  expect(firstFaults("1", 20)).toEqual(firstFaults("1", 20));
  expect(firstFaults("1", 20)).not.toEqual(firstFaults("2", 20));
});

test("a plan has every kind of fault among its first eight, and no jump that reaches a week", () => {
  const first = firstFaults("1", 8);
  expect(new Set(first.map(({ kind }) => kind))).toEqual(
    new Set(["kill", "pause", "fill", "jump"]),
  );
  const jumps = firstFaults("1", 400).flatMap((fault) =>
    fault.kind === "jump" ? [Math.abs(fault.seconds)] : [],
  );
  expect(jumps.some((seconds) => seconds <= 300)).toBe(true);
  expect(jumps.some((seconds) => seconds > 86_400)).toBe(true);
  expect(Math.max(...jumps)).toBeLessThan(7 * 86_400);
});
