import { beforeAll, describe, expect, test } from "vitest";
import {
  HINT_FILES,
  HintReader,
  NO_HINT,
  bytesToId,
  encodeHint,
  mergeHints,
  randomBytes,
  type FileId,
  type Hint,
} from "@sinetti/core";
import { loadSuite } from "../../../tools/testPractice.ts";

const files = (count: number): FileId[] =>
  Array.from({ length: count }, () => bytesToId<FileId>(randomBytes(16)));
const hintOf = (count: number): Hint => ({ ...NO_HINT, stops: true, files: files(count) });
const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

beforeAll(loadSuite);

describe("the sequence of hints", () => {
  test.each([0, 1, 2, 12, HINT_FILES])("is read as it was written, with %d files", (count) => {
    const hint = hintOf(count);
    expect(new HintReader().read(encodeHint(hint))).toEqual([hint]);
  });

  test("is read in whatever pieces it comes", () => {
    const hints = [hintOf(3), NO_HINT, hintOf(HINT_FILES)];
    const bytes = joined(...hints.map(encodeHint));
    for (const size of [1, 2, 7, 300, bytes.length]) {
      const reader = new HintReader();
      const read: Hint[] = [];
      for (let at = 0; at < bytes.length; at += size)
        read.push(...reader.read(bytes.subarray(at, at + size)));
      expect(read).toEqual(hints);
    }
  });

  test.each([
    ["an item that is no byte string", Uint8Array.of(0xa0), "malformed"],
    ["a length of four bytes", Uint8Array.of(0x5a, 0, 0, 0, 1), "malformed"],
    ["a length without end", Uint8Array.of(0x5f), "malformed"],
    ["a longer form than needed", Uint8Array.of(0x58, 1, 0xa0), "not-canonical"],
    ["a longer form than needed, of two bytes", Uint8Array.of(0x59, 0, 30), "not-canonical"],
    ["an item larger than any hint", Uint8Array.of(0x59, 8, 1), "too-large"],
    ["an empty item", Uint8Array.of(0x40), "malformed"],
    ["a field too many", Uint8Array.of(0x44, 0xa1, 0x61, 0x61, 0x01), "malformed"],
  ])("is refused with %s", (_, bytes, code) => {
    expect(() => new HintReader().read(bytes)).toThrow(expect.objectContaining({ code }));
  });

  test("is refused with one file more than a hint may name", () => {
    const bytes = encodeHint(hintOf(HINT_FILES + 1));
    expect(() => new HintReader().read(bytes)).toThrow(
      expect.objectContaining({ code: "too-large" }),
    );
  });
});

describe("two hints as one", () => {
  test("say what either said, each file once", () => {
    const [a, b] = files(2) as [FileId, FileId];
    const one = mergeHints(
      { ...NO_HINT, practice: true, files: [a] },
      { ...NO_HINT, orders: true, files: [a, b] },
    );
    expect(one).toEqual({ ...NO_HINT, practice: true, orders: true, files: [a, b] });
  });

  test("say `all` past the limit, and name nothing then", () => {
    const most = { ...NO_HINT, files: files(HINT_FILES) };
    expect(mergeHints(most, NO_HINT)).toEqual(most);
    expect(mergeHints(most, hintOf(1))).toEqual({ ...NO_HINT, stops: true, all: true });
  });
});
