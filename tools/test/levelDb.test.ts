import { describe, expect, it } from "vitest";

import { readTable } from "../levelDb.ts";
import { unsnap } from "../snappy.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** A literal of up to 60 bytes, as Snappy writes it. */
const literal = (words: string): number[] => [(words.length - 1) << 2, ...Buffer.from(words)];

describe("a Snappy stream", () => {
  it("is joined from literals and copies, those that reach into themselves among them", () => {
    const stream = [
      17,
      ...literal("maple "),
      0x01 | (2 << 2),
      6,
      ...literal("!"),
      0x02 | (3 << 2),
      1,
      0,
    ];
    expect(text(unsnap(Uint8Array.from(stream)))).toBe("maple maple !!!!!");
  });

  it("is refused when it ends early, copies from nowhere or makes more than it says", () => {
    const wrong = [
      [5, ...literal("abc")],
      [9, ...literal("abc"), 0x01, 9],
      [2, ...literal("abc")],
      [4, (9 - 1) << 2, 65],
    ];
    for (const stream of wrong) expect(() => unsnap(Uint8Array.from(stream))).toThrow(RangeError);
  });
});

/** A table of one data block with one entry, both blocks compressed where asked. */
function tableOf(value: string): Uint8Array {
  const entry = (key: string, body: Uint8Array): number[] => [
    0,
    key.length,
    body.length,
    ...Buffer.from(key),
    ...body,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
  ];
  const plain = entry("k", Buffer.from(value));
  const data = [plain.length, (plain.length - 1) << 2, ...plain];
  const handle = Uint8Array.from([0, data.length]);
  const index = entry("z", handle);
  const indexAt = data.length + 5;
  const footer = Buffer.alloc(48);
  footer.set([0, 0, indexAt, index.length]);
  footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
  return Uint8Array.from([...data, 1, 0, 0, 0, 0, ...index, 0, 0, 0, 0, 0, ...footer]);
}

describe("a LevelDB table", () => {
  it("gives its blocks as they were before they were compressed", () => {
    const blocks = [...readTable(tableOf("maple in a box"))];
    expect(blocks.map(text).join()).toContain("maple in a box");
  });

  it("is passed over when it is none", () => {
    expect([...readTable(new Uint8Array(200))]).toEqual([]);
    expect([...readTable(new Uint8Array(3))]).toEqual([]);
  });
});
