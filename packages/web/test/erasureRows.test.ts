import type { Erasure, WaitingErasure } from "@sinetti/client";
import type { FileId, Hash, MemberId } from "@sinetti/core";
import { describe, expect, it } from "vitest";

import {
  countElsewhere,
  isWaiting,
  ownRow,
  waitingRows,
} from "../src/worker/erasure/erasureRows.ts";

const NOW = 1_800_000_000;
const ME = "a".repeat(32) as MemberId;
const OTHER = "b".repeat(32) as MemberId;

const erasure: Erasure = {
  request: "1f0a22b3-77c01d9e",
  patient: { identity: "1".repeat(32) as FileId, name: "Maija Korhonen" },
  reason: "request",
  files: ["one", "two"].map((order) => ({
    file: order as FileId,
    vault: "who",
    compartment: "identity",
    entries: 2,
    order: order as Hash,
  })),
  cells: [],
  finished: null,
};

const lying = (order: string, more: Partial<WaitingErasure> = {}): WaitingErasure => ({
  order: order as Hash,
  file: order as FileId,
  compartment: "identity",
  request: "1f0a22b3",
  reason: "request",
  by: ME,
  approvals: 0,
  dueAt: null,
  ...more,
});

const stateOf = (...waiting: WaitingErasure[]): string => ownRow(erasure, waiting, NOW).state;

describe("an erasure that this device proposed", () => {
  it("waits for a second person until each of its orders is approved", () => {
    expect(stateOf(lying("one"), lying("two"))).toBe("person");
    expect(stateOf(lying("one", { approvals: 1 }), lying("two"))).toBe("person");
    expect(stateOf(lying("one", { approvals: 1 }), lying("two", { approvals: 1 }))).toBe("ready");
  });

  it("waits for its day in a practice of one, and is ready when that is over", () => {
    expect(stateOf(lying("one", { dueAt: NOW + 1 }), lying("two", { dueAt: NOW + 1 }))).toBe("day");
    expect(stateOf(lying("one", { dueAt: NOW }), lying("two", { dueAt: NOW }))).toBe("ready");
  });

  it("is ready when a colleague's device has erased it, whatever else waits", () => {
    expect(stateOf(lying("another"))).toBe("ready");
  });

  it("has no name when it is finished", () => {
    const done = { ...erasure, patient: null, finished: "2026-11-21T10:00:00.000Z" };
    expect(ownRow(done, [], NOW)).toMatchObject({ state: "finished", name: null, records: 2 });
  });
});

describe("an erasure that another device of the same person proposed", () => {
  it("is counted, and none of this device or of somebody else is", () => {
    const waiting = [lying("one"), lying("far"), lying("theirs", { by: OTHER })];
    expect(countElsewhere(waiting, ME, [erasure])).toBe(1);
  });
});

describe("an erasure of somebody else", () => {
  const waiting = [
    lying("one", { by: OTHER }),
    lying("two", { by: OTHER, request: "77c01d9e" }),
    lying("own"),
  ];
  const rows = waitingRows(waiting, ME, () => "Aino Laine");

  it("shows who asks, why and for how many records, and none of one's own", () => {
    expect(rows).toEqual([
      { by: "Aino Laine", reason: "request", parts: ["1f0a22b3", "77c01d9e"], records: 2 },
    ]);
  });

  it("is named by its number, however it is typed, and by no other", () => {
    expect(isWaiting(" 1F0A22B3 - 77c01d9e", rows)).toBe(true);
    expect(isWaiting("1f0a22b3-00000000", rows)).toBe(false);
    expect(isWaiting("", rows)).toBe(false);
  });
});
