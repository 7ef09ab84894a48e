import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  CoreError,
  LABELS,
  LIMITS,
  PROBLEM_CODES,
  PROBLEM_STATUS,
  bytesToId,
  decodePaperCode,
  decodeShape,
  encodeCbor,
  encodePaperCode,
  encodeShape,
  endWeekOf,
  hexToBytes,
  paddedSize,
  parseHash,
  parseId,
  problemOf,
  problemShape,
  weekOf,
  weekStart,
} from "@sinetti/core";
import { asciiToBytes } from "../src/bytes.ts";
import { labelled, type Label } from "../src/labels.ts";
import { pad, unpad } from "../src/padding.ts";
import {
  anyWire,
  code,
  dictionary,
  fixedBytes,
  list,
  maxBytes,
  nullable,
  optional,
  record,
  text,
  uint,
  variant,
  version,
} from "../src/shape.ts";
import { loadSuite } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

describe("padding", () => {
  test("every class ends where the next begins, with one byte at least added", () => {
    const KIB = 1024;
    expect(
      [
        0,
        255,
        256,
        1023,
        1024,
        4095,
        4096,
        16 * KIB - 1,
        16 * KIB,
        64 * KIB - 1,
        64 * KIB,
        128 * KIB - 1,
        128 * KIB,
      ].map(paddedSize),
    ).toEqual([
      256,
      256,
      KIB,
      KIB,
      4 * KIB,
      4 * KIB,
      16 * KIB,
      16 * KIB,
      64 * KIB,
      64 * KIB,
      128 * KIB,
      128 * KIB,
      192 * KIB,
    ]);
  });

  test("what is padded is found again, whatever it ends with", () => {
    for (const body of [
      new Uint8Array(0),
      new Uint8Array(255),
      Uint8Array.of(0x80),
      Uint8Array.of(0x80, 0, 0),
      new Uint8Array(256).fill(0x80),
    ]) {
      expect(pad(body)).toHaveLength(paddedSize(body.length));
      expect(unpad(pad(body))).toEqual(body);
    }
  });

  test("any other form is open-failed: no mark, another mark, a class too large", () => {
    expect(refusal(() => unpad(new Uint8Array(0)))).toBe("open-failed");
    expect(refusal(() => unpad(new Uint8Array(256)))).toBe("open-failed");
    const other = pad(new Uint8Array(3).fill(1));
    other[3] = 0x81;
    expect(refusal(() => unpad(other))).toBe("open-failed");
    const large = new Uint8Array(1024);
    large[3] = 0x80;
    expect(refusal(() => unpad(large))).toBe("open-failed");
    const odd = new Uint8Array(300);
    odd[290] = 0x80;
    expect(refusal(() => unpad(odd))).toBe("open-failed");
  });
});

describe("ids and hashes", () => {
  test("have one length and one spelling", () => {
    expect(parseId("ab".repeat(16))).toBe("ab".repeat(16));
    for (const bad of ["", "ab".repeat(15), "ab".repeat(17), "AB".repeat(16), "g0".repeat(16)])
      expect(refusal(() => parseId(bad))).toBe("malformed");
    expect(parseHash("ab".repeat(32))).toBe("ab".repeat(32));
    for (const bad of ["ab".repeat(31), "ab".repeat(33), "AB".repeat(32)])
      expect(refusal(() => parseHash(bad))).toBe("malformed");
    expect(refusal(() => bytesToId(new Uint8Array(15)))).toBe("malformed");
    expect(refusal(() => bytesToId(new Uint8Array(17)))).toBe("malformed");
  });

  test("our own mistakes are TypeErrors and RangeErrors", () => {
    expect(() => hexToBytes("0")).toThrow(TypeError);
    expect(() => hexToBytes("AB")).toThrow(TypeError);
    expect(() => asciiToBytes("ä")).toThrow(TypeError);
  });
});

describe("labels", () => {
  test("are unique, of suite 1, and none is the beginning of another labelled string", () => {
    const labels = Object.values(LABELS);
    expect(new Set(labels).size).toBe(labels.length);
    for (const label of labels) {
      expect(label).toMatch(/^sinetti\/1\/[a-z-]+$/);
      expect(labelled(label).at(-1)).toBe(0);
    }
    expect(() => labelled("sinetti/2/statement" as Label)).toThrow(TypeError);
  });
});

describe("shapes", () => {
  const shape = record({ a: uint(9), b: optional(text(2)) });

  test("take exactly their keys", () => {
    const decode = (entries: [string, number | string][]) =>
      refusal(() => decodeShape(shape, encodeCbor(new Map(entries))));
    expect(decode([])).toBe("malformed");
    expect(decode([["b", "x"]])).toBe("malformed");
    expect(
      decode([
        ["a", 1],
        ["c", 1],
      ]),
    ).toBe("malformed");
    expect(
      decode([
        ["a", 1],
        ["__proto__", 1],
      ]),
    ).toBe("malformed");
    expect(decode([["a", 1]])).toBe("accepted");
    expect(
      decode([
        ["a", 1],
        ["b", "x"],
      ]),
    ).toBe("accepted");
    expect(refusal(() => decodeShape(shape, encodeCbor([1])))).toBe("malformed");
  });

  test("end at their limits: n is taken, n + 1 is not", () => {
    const take = (of: Parameters<typeof decodeShape>[0], value: Parameters<typeof encodeCbor>[0]) =>
      refusal(() => decodeShape(of, encodeCbor(value)));
    expect([take(uint(9), 9), take(uint(9), 10), take(uint(9), -1), take(uint(9), "9")]).toEqual([
      "accepted",
      "malformed",
      "malformed",
      "malformed",
    ]);
    expect([take(text(2), "ab"), take(text(2), "abc")]).toEqual(["accepted", "malformed"]);
    const bytes = (length: number) => new Uint8Array(length);
    expect([take(maxBytes(2), bytes(2)), take(maxBytes(2), bytes(3))]).toEqual([
      "accepted",
      "malformed",
    ]);
    expect([
      take(fixedBytes(2), bytes(2)),
      take(fixedBytes(2), bytes(1)),
      take(fixedBytes(2), bytes(3)),
    ]).toEqual(["accepted", "malformed", "malformed"]);
    const two = list(uint(), { min: 1, max: 2 });
    expect([take(two, []), take(two, [1]), take(two, [1, 2]), take(two, [1, 2, 3])]).toEqual([
      "malformed",
      "accepted",
      "accepted",
      "too-large",
    ]);
    const one = dictionary(uint(), 1);
    expect([
      take(one, new Map([["a", 1]])),
      take(
        one,
        new Map([
          ["a", 1],
          ["b", 2],
        ]),
      ),
    ]).toEqual(["accepted", "too-large"]);
    expect([take(nullable(uint(1)), null), take(nullable(uint(1)), 2)]).toEqual([
      "accepted",
      "malformed",
    ]);
    expect([take(code(["x"]), "x"), take(code(["x"]), "toString")]).toEqual([
      "accepted",
      "malformed",
    ]);
    expect([take(version, 1), take(version, 0), take(version, 2), take(version, "1")]).toEqual([
      "accepted",
      "unknown-version",
      "unknown-version",
      "unknown-version",
    ]);
  });

  test("of a variant are found by own names alone", () => {
    const either = variant("kind", { a: record({ x: uint() }), b: record({}) });
    const take = (entries: [string, number | string][]) =>
      refusal(() => decodeShape(either, encodeCbor(new Map(entries))));
    expect(
      take([
        ["kind", "a"],
        ["x", 1],
      ]),
    ).toBe("accepted");
    expect(
      take([
        ["kind", "b"],
        ["x", 1],
      ]),
    ).toBe("malformed");
    for (const name of ["c", "toString", "__proto__", "constructor"])
      expect(take([["kind", name]])).toBe("malformed");
    expect(take([["x", 1]])).toBe("malformed");
  });

  test("a dictionary keeps __proto__ as a key", () => {
    const decoded = decodeShape(dictionary(anyWire, 5), encodeCbor(new Map([["__proto__", 1]])));
    expect(Object.keys(decoded)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(decoded)).toBeNull();
  });

  test("a field that is missing when encoding is our own bug", () => {
    expect(() => encodeShape(shape, {} as { a: number })).toThrow(TypeError);
  });
});

describe("codes for paper", () => {
  test("round-trip in groups, whatever case, spaces or look-alikes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 32 }), (bytes) => {
        const printed = encodePaperCode(bytes);
        expect(printed).toMatch(/^[0-9A-HJKMNP-TV-Z]{1,4}(-[0-9A-HJKMNP-TV-Z]{1,4})*$/);
        expect(decodePaperCode(printed, bytes.length)).toEqual(bytes);
        const sloppy = printed
          .toLowerCase()
          .replace(/-/g, " ")
          .replace(/0/g, "o")
          .replace(/1/g, "l");
        expect(decodePaperCode(sloppy, bytes.length)).toEqual(bytes);
      }),
    );
  });

  test("a wrong, missing or added character is malformed but for chance", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 7);
    const printed = encodePaperCode(bytes).replace(/-/g, "");
    expect(printed).toHaveLength(28);
    expect(refusal(() => decodePaperCode(printed.slice(1), 16))).toBe("malformed");
    expect(refusal(() => decodePaperCode(`${printed}0`, 16))).toBe("malformed");
    expect(refusal(() => decodePaperCode(printed, 15))).toBe("malformed");
    expect(refusal(() => decodePaperCode("", 16))).toBe("malformed");
    expect(refusal(() => decodePaperCode(printed.replace(/.$/, "U"), 16))).toBe("malformed");
    let passed = 0;
    for (let at = 0; at < printed.length; at++) {
      const other = printed[at] === "Z" ? "Y" : "Z";
      if (
        refusal(() => decodePaperCode(printed.slice(0, at) + other + printed.slice(at + 1), 16)) ===
        "accepted"
      )
        passed++;
    }
    expect(passed).toBe(0);
  });
});

describe("weeks", () => {
  test("begin on Monday and round an end up", () => {
    const monday = Date.UTC(2026, 7, 3) / 1000;
    const week = weekOf(monday);
    expect(weekStart(week)).toBe(monday);
    expect(weekOf(monday - 1)).toBe(week - 1);
    expect(weekOf(monday + 7 * 86_400 - 1)).toBe(week);
    expect(endWeekOf(monday)).toBe(week);
    expect(endWeekOf(monday + 1)).toBe(week + 1);
    expect(weekOf(0)).toBe(0);
    expect(weekStart(0)).toBe(4 * 86_400);
  });
});

describe("problems", () => {
  test("each code has a status and a form that echoes nothing", () => {
    for (const problem of PROBLEM_CODES) {
      const details = problemOf(problem, 3);
      expect(decodeShape(problemShape, encodeShape(problemShape, details))).toEqual(details);
      expect(details).toEqual({
        type: `urn:sinetti:problem:${problem}`,
        status: PROBLEM_STATUS[problem],
        code: problem,
        index: 3,
      });
    }
  });

  test("an error of core has a fixed message without payload", () => {
    const error = new CoreError("open-failed", { cause: new Error("detail") });
    expect(error.message).toBe("the sealed object could not be opened");
    expect(String(error)).toBe("CoreError: the sealed object could not be opened");
    expect(LIMITS.depth).toBe(12);
  });
});
