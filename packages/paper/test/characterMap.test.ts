import robotoFiles from "pdfmake/build/vfs_fonts.js";
import { expect, test } from "vitest";

import { readCharacterMap } from "../src/characterMap.ts";

const maps = Object.values(robotoFiles).map((file) =>
  readCharacterMap(Buffer.from(file, "base64")),
);

const missing = (map: ReadonlySet<number>, text: string): string[] =>
  Array.from(text).filter((character) => !map.has(character.codePointAt(0) ?? 0));

test("the text face has Latin, Greek and Cyrillic in each of its styles", () => {
  expect(maps).toHaveLength(4);
  for (const map of maps) expect(missing(map, "azåäöÅÄÖšžőßĐ–—’…€½ΑωЖя0189")).toEqual([]);
});

test("it has no ideographs, no arrows, no Hebrew", () => {
  for (const map of maps) expect(missing(map, "一→א")).toEqual(["一", "→", "א"]);
});

test("a face cut short is refused", () => {
  expect(() => readCharacterMap(new Uint8Array(12))).toThrow(TypeError);
});
