import { readFacts } from "@sinetti/response";
import { describe, expect, test } from "vitest";

import {
  faultsByChance,
  faultsOf,
  soundRefused,
  type Decoders,
} from "../../../../tools/decoderFaults.ts";
import { PLANTED, hostileText, plannedTexts } from "../../../../tools/hostileText.ts";
import { readTime } from "../../src/facts/time.ts";
import { readValue } from "../../src/facts/value.ts";
import { fact, factsText } from "../sampleFacts.ts";

const SOUND = factsText(fact() + fact({ id: "two", value: "2020-10", precision: "month" }));
/** A file of facts is refused by what is said of it, never by an error. */
const neverThrows = (): boolean => false;

/** Reads a file; an error when what is said of it repeats the planted name. */
function read(text: string): void {
  const found = readFacts(text, [PLANTED]);
  if (!found.ok && JSON.stringify(found.rejections).includes(PLANTED))
    throw new TypeError("a rejection repeats what stands in the file");
}

const bombs = [
  `a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n`,
  `${"- ".repeat(5000)}x`,
  "a: {".repeat(5000),
  Array.from({ length: 5000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  `"${"\\u0041".repeat(50_000)}"`,
  `!!js/function x: 1\n`,
  `? ${"? ".repeat(3000)}x`,
  `a: |\n${" x\n".repeat(100_000)}`,
  "a".repeat(1_000_001),
];

const DECODERS: Decoders<string> = {
  readFacts: { valid: [SOUND], decode: read, cost: 2 },
  readTime: { valid: ["2020-10-21T04:00+03:00", "2020-autumn"], decode: (text) => readTime(text) },
  readValue: {
    valid: ["2020-10"],
    decode: (text) => [
      readValue({ value: text, precision: "about" }),
      readValue({ value: [text, 3], precision: "between" }),
    ],
  },
};

describe(
  "whatever a file of facts holds, it is read or refused in words of ours",
  { timeout: 600_000 },
  () => {
    test("what no chance would find", () => {
      expect(soundRefused(DECODERS)).toEqual([]);
      expect(readFacts(SOUND).ok).toBe(true);
      const planned = faultsOf(DECODERS, neverThrows, ({ valid }) => [
        ...plannedTexts(valid),
        ...bombs,
      ]);
      expect(planned).toEqual([]);
    });

    test("arbitrary and changed", () => {
      const found = faultsByChance(DECODERS, neverThrows, ({ valid }) => hostileText(valid));
      expect(found).toEqual([]);
    });
  },
);
