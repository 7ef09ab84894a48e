import { describe, expect, it } from "vitest";

import type { Seen } from "../../src/theft/live/attempt.ts";
import { countAttempts, judge } from "../../src/theft/live/attempt.ts";
import { countLiveLosses, type LiveThief } from "../../src/theft/live/robLive.ts";

const HONEST: Seen = { entries: ["one", "two"], access: "holders" };
const judged = (seen: Seen | null) => judge(() => Promise.resolve([seen]), [HONEST]);

describe("what a client shows of a record that somebody has worked on", () => {
  it("is believed when an entry, its order, or who may read it is not what was signed", async () => {
    expect(await judged({ ...HONEST, entries: ["one", "two", "forged"] })).toBe("believed");
    expect(await judged({ ...HONEST, entries: ["two", "one"] })).toBe("believed");
    expect(await judged({ ...HONEST, entries: ["one", "other"] })).toBe("believed");
    expect(await judged({ ...HONEST, access: "holders and a stranger" })).toBe("believed");
  });

  it("is withheld when it is less, and unchanged when it is the same", async () => {
    expect(await judged({ ...HONEST, entries: ["one"] })).toBe("withheld");
    expect(await judged(null)).toBe("withheld");
    expect(await judged(HONEST)).toBe("unchanged");
  });

  it("is no outcome when the drill itself failed", async () => {
    await expect(judge(() => Promise.reject(new TypeError("a fault")), [HONEST])).rejects.toThrow(
      "a fault",
    );
  });
});

const ATTEMPTS = countAttempts([{ name: "a lie", outcome: "stopped", named: true }]);
const ROBBED: Extract<LiveThief, { id: "T7" }>["yields"] = {
  ...ATTEMPTS,
  read: 0,
  overheardBytes: 1,
  control: { opened: 2, of: 2 },
};
const FORMER: Extract<LiveThief, { id: "T10" }>["yields"] = {
  requests: 5,
  refused: 5,
  onceAnswered: 3,
  after: { entries: 2, opened: 0 },
  before: { entries: 2, openedByKeptKeys: 2, openedByDevice: 0 },
  control: { opened: 2, of: 2 },
};

describe("the losses to a live thief", () => {
  it("are none when nothing was believed, and what a former member had is none", () => {
    expect(countLiveLosses({ id: "T7", yields: ROBBED })).toBe(0);
    expect(countLiveLosses({ id: "T10", yields: FORMER })).toBe(0);
  });

  it("count what was believed or read, and records that the same path does not open", () => {
    expect(countLiveLosses({ id: "T7", yields: { ...ROBBED, believed: 1 } })).toBe(1);
    expect(countLiveLosses({ id: "T7", yields: { ...ROBBED, read: 1 } })).toBe(1);
    const control = { opened: 1, of: 2 };
    expect(countLiveLosses({ id: "T7", yields: { ...ROBBED, control } })).toBe(1);
  });

  it("count a former member's answered request and new entry", () => {
    expect(countLiveLosses({ id: "T10", yields: { ...FORMER, refused: 4 } })).toBe(1);
    const after = { entries: 2, opened: 1 };
    expect(countLiveLosses({ id: "T10", yields: { ...FORMER, after } })).toBe(1);
  });
});
