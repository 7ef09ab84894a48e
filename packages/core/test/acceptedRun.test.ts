import { beforeAll, describe, expect, test, vi } from "vitest";
import { LIMITS, RunReader, concatBytes, encodeRunFrame, type RunFrame } from "@sinetti/core";
import { loadSuite, TestPractice } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

function frames(): RunFrame[] {
  const practice = new TestPractice();
  const file = practice.createFile(practice.founder, "care");
  const acceptance = practice.acceptAccess([file.statement]);
  const named = { statement: file.statement, acceptance: file.link.hash };
  return [
    { kind: "start", v: 1, practice: practice.id },
    { kind: "practice", links: practice.links },
    { kind: "stops", orders: [] },
    { kind: "acceptances", signed: [acceptance] },
    {
      kind: "files",
      files: [
        {
          file: file.file,
          statements: [named],
          shares: [{ epoch: 1, sealed: new Uint8Array(72) }],
        },
      ],
    },
    { kind: "end" },
  ];
}

function readWhole(bytes: Uint8Array, chunk = bytes.length): RunFrame[] {
  const reader = new RunReader();
  const read: RunFrame[] = [];
  for (let from = 0; from < bytes.length; from += chunk)
    read.push(...reader.take(bytes.slice(from, from + chunk)));
  reader.finish();
  return read;
}

/** Bytes that are copied from one array into another while `work` runs. */
function countMoved(work: () => void): number {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const set = vi.spyOn(prototype, "set");
  try {
    work();
    return set.mock.calls.reduce((sum, [from]) => sum + from.length, 0);
  } finally {
    set.mockRestore();
  }
}

describe("a run from one service to another", () => {
  test("reads as it was written, in pieces of any size", () => {
    const written = frames();
    const bytes = concatBytes(...written.map(encodeRunFrame));
    for (const chunk of [1, 3, 4, 777, bytes.length])
      expect(readWhole(bytes, chunk)).toEqual(written);
  });

  test("is refused when it is cut off anywhere, or goes on", () => {
    const bytes = concatBytes(...frames().map(encodeRunFrame));
    for (let end = 1; end < bytes.length; end += 97)
      expect(refusal(() => readWhole(bytes.subarray(0, end)))).toBe("malformed");
    expect(refusal(() => readWhole(concatBytes(bytes, encodeRunFrame({ kind: "end" }))))).toBe(
      "malformed",
    );
  });

  test("is refused without its start, with two, in another version, or with an unknown frame", () => {
    const [start, ...rest] = frames();
    if (start === undefined) throw new TypeError("a start");
    const encode = (list: readonly RunFrame[]): Uint8Array =>
      concatBytes(...list.map(encodeRunFrame));
    expect(refusal(() => readWhole(encode(rest)))).toBe("malformed");
    expect(refusal(() => readWhole(encode([start, start, ...rest])))).toBe("malformed");
    const later = { ...start, v: 2 } as unknown as RunFrame;
    expect(refusal(() => readWhole(encode([later, ...rest])))).toBe("unknown-version");
  });

  test("takes no frame beyond the limit of a message", () => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, LIMITS.messageBytes + 1);
    expect(refusal(() => new RunReader().take(length))).toBe("too-large");
  });

  test("moves each byte a few times at most, in however small pieces it comes", () => {
    const practice = new TestPractice();
    const start = encodeRunFrame({ kind: "start", v: 1, practice: practice.id });
    const signed = [new Uint8Array(LIMITS.statementBytes)];
    const bytes = concatBytes(start, encodeRunFrame({ kind: "acceptances", signed }));
    const reader = new RunReader();
    const read: RunFrame[] = [];
    const moved = countMoved(() => {
      for (let from = 0; from < bytes.length; from += 64)
        read.push(...reader.take(bytes.subarray(from, from + 64)));
    });
    expect(read.map(({ kind }) => kind)).toEqual(["start", "acceptances"]);
    expect(moved).toBeLessThan(4 * bytes.length);
  });

  test("refuses an empty frame, at once and not with the next piece", () => {
    expect(refusal(() => new RunReader().take(new Uint8Array(4)))).toBe("malformed");
  });
});
