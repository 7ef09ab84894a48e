import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  CHAIN_ROUTES,
  CoreError,
  LIMITS,
  bytesToHex,
  decodeCbor,
  decodeShape,
  encodeCbor,
  encodeShape,
  hexToBytes,
  readAcceptance,
  readAppend,
  readApproval,
  readCancellation,
  readOrder,
  readOrderStatement,
  readStatement,
  type FileId,
  type Hash,
  type Wire,
} from "@sinetti/core";
import { readDeviceRequest } from "@sinetti/core/secret";
import { TestPractice, loadSuite } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

const decode = (hex: string): string => refusal(() => decodeCbor(hexToBytes(hex)));

describe("deterministic CBOR (RFC 8949 §4.2.1)", () => {
  test.each([
    ["0", 0, "00"],
    ["23", 23, "17"],
    ["24", 24, "1818"],
    ["100", 100, "1864"],
    ["1000", 1000, "1903e8"],
    ["1000000", 1_000_000, "1a000f4240"],
    ["1000000000000", 1_000_000_000_000, "1b000000e8d4a51000"],
    ["false", false, "f4"],
    ["true", true, "f5"],
    ["null", null, "f6"],
    ["h''", new Uint8Array(0), "40"],
    ["h'01020304'", Uint8Array.of(1, 2, 3, 4), "4401020304"],
    ["an empty text", "", "60"],
    ["IETF", "IETF", "6449455446"],
    ["ü", "ü", "62c3bc"],
    ["水", "水", "63e6b0b4"],
    ["[]", [], "80"],
    ["[1, 2, 3]", [1, 2, 3], "83010203"],
    ["[1, [2, 3], [4, 5]]", [1, [2, 3], [4, 5]], "8301820203820405"],
    ["{}", new Map(), "a0"],
    [
      "{a: 1, b: [2, 3]}",
      new Map<string, Wire>([
        ["a", 1],
        ["b", [2, 3]],
      ]),
      "a26161016162820203",
    ],
  ] as [string, Wire, string][])("the example %s of RFC 8949 appendix A", (_name, value, hex) => {
    expect(bytesToHex(encodeCbor(value))).toBe(hex);
    expect(decodeCbor(hexToBytes(hex))).toEqual(value);
  });

  test("keys are sorted by their encoded bytes, shorter first", () => {
    const map = new Map<string, Wire>([
      ["b", 0],
      ["aa", 1],
      ["", 2],
      ["a", 3],
    ]);
    expect(bytesToHex(encodeCbor(map))).toBe("a4600261610361620062616101");
  });

  test.each([
    ["an integer in two bytes that fits in one", "1817"],
    ["an integer in three bytes that fits in two", "1900ff"],
    ["an integer in five bytes that fits in three", "1a0000ffff"],
    ["an integer in nine bytes that fits in five", "1b00000000ffffffff"],
    ["a length that is not the shortest", "580101"],
    ["an array length that is not the shortest", "980101"],
    ["a map length that is not the shortest", "b801616101"],
    ["keys in falling order", "a2616200616100"],
    ["a longer key before a shorter one", "a262616100616100"],
    ["the same key twice", "a2616100616101"],
    ["__proto__ twice", "a2695f5f70726f746f5f5f00695f5f70726f746f5f5f01"],
    ["an array of indefinite length", "9f01ff"],
    ["a map of indefinite length", "bf616101ff"],
    ["bytes of indefinite length", "5f4101ff"],
    ["text of indefinite length", "7f6161ff"],
    ["a reserved length", "1c"],
  ])("%s is not canonical", (_name, hex) => {
    expect(decode(hex)).toBe("not-canonical");
  });

  test.each([
    ["nothing", ""],
    ["a trailing byte", "0000"],
    ["a break alone", "ff"],
    ["a tag", "c100"],
    ["a tag in two bytes", "d81800"],
    ["a half float", "f93c00"],
    ["a float", "fa47c35000"],
    ["a double", "fb3ff199999999999a"],
    ["NaN", "f97e00"],
    ["undefined", "f7"],
    ["a simple value", "f0"],
    ["a simple value in two bytes", "f820"],
    ["a key that is a number", "a10102"],
    ["a key that is bytes", "a1416100"],
    ["a key that is a map", "a1a000"],
    ["bytes that are cut", "4401"],
    ["a cut head", "19"],
    ["an array that is cut", "8201"],
    ["a map without its last value", "a16161"],
    ["an integer above 2^53", "1b0020000000000000"],
    ["a negative integer below -(2^53 - 1)", "3b001fffffffffffff"],
    ["the largest integer", "1bffffffffffffffff"],
    ["a length beyond the input", "5a7fffffff00"],
    ["an array length beyond the input", "9a7fffffff00"],
    ["a map length that doubles beyond numbers", "bb001fffffffffffff00"],
    ["text that is not UTF-8", "61ff"],
  ])("%s is malformed", (_name, hex) => {
    expect(decode(hex)).toBe("malformed");
  });

  test("__proto__ is a key like others and touches no prototype", () => {
    const decoded = decodeCbor(hexToBytes("a1695f5f70726f746f5f5fa1616101")) as Map<string, Wire>;
    expect(decoded.get("__proto__")).toEqual(new Map([["a", 1]]));
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });

  test("depth ends at its limit", () => {
    const nested = (depth: number): string => "81".repeat(depth) + "00";
    expect(decode(nested(LIMITS.depth))).toBe("accepted");
    expect(decode(nested(LIMITS.depth + 1))).toBe("too-large");
    expect(decode("81".repeat(5_000_00) + "00")).toBe("too-large");
  });

  test("the count of values ends at its limit: what is small on the wire is not small in memory", () => {
    const many = (count: number, fill: number): Uint8Array => {
      const bytes = new Uint8Array(5 + count).fill(fill);
      bytes.set([0x9a, count >>> 24, (count >> 16) & 255, (count >> 8) & 255, count & 255]);
      return bytes;
    };
    expect(refusal(() => decodeCbor(many(LIMITS.items, 0x00)))).toBe("too-large");
    expect(refusal(() => decodeCbor(many(LIMITS.messageBytes - 5, 0xa0)))).toBe("too-large");
    expect(refusal(() => decodeCbor(many(LIMITS.items - 1, 0x00)))).toBe("accepted");
    const own = many(LIMITS.items, 0x00);
    expect(refusal(() => decodeCbor(own, Number.MAX_SAFE_INTEGER))).toBe("accepted");
  });

  test("the longest list of lost heads keeps to the count", () => {
    const head = { seq: LIMITS.chainLength, hash: "11".repeat(32) as Hash };
    const lost = Array.from({ length: LIMITS.lostHeads }, () => ({
      file: "22".repeat(16) as FileId,
      record: head,
    }));
    const request = {
      order: new Uint8Array(1000),
      approvals: Array.from({ length: LIMITS.approvals }, () => new Uint8Array(100)),
      lost,
    };
    const { resume } = CHAIN_ROUTES;
    const decoded = decodeShape(resume.request, encodeShape(resume.request, request));
    expect(decoded.lost).toHaveLength(LIMITS.lostHeads);
  });

  test("size ends at its limit", () => {
    const bytes = encodeCbor(new Uint8Array(100));
    expect(refusal(() => decodeCbor(bytes, bytes.length))).toBe("accepted");
    expect(refusal(() => decodeCbor(bytes, bytes.length - 1))).toBe("too-large");
  });
});

const wire: fc.Arbitrary<Wire> = fc.letrec<{ value: Wire }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.nat(),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    fc.string({ unit: "binary" }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 5, depthIdentifier: "value" }),
    fc
      .array(fc.tuple(fc.string({ unit: "binary", maxLength: 30 }), tie("value")), {
        maxLength: 5,
        depthIdentifier: "value",
      })
      .map((entries) => new Map(entries)),
  ),
})).value;

/** Whether bytes are refused with a CoreError, or decode to a value whose one form they are. */
function reencoded(bytes: Uint8Array): boolean {
  let value: Wire;
  try {
    value = decodeCbor(bytes);
  } catch (error) {
    return error instanceof CoreError;
  }
  return bytesToHex(encodeCbor(value)) === bytesToHex(bytes);
}

describe("properties", () => {
  test("what is encoded is decoded to the same and encoded to the same bytes", () => {
    fc.assert(
      fc.property(wire, (value) => {
        const bytes = encodeCbor(value);
        fc.pre(refusal(() => decodeCbor(bytes)) !== "too-large");
        expect(decodeCbor(bytes)).toEqual(value);
        expect(encodeCbor(decodeCbor(bytes))).toEqual(bytes);
      }),
      { numRuns: 400 },
    );
  });

  test("whatever bytes decode have one form, and whatever do not fail as CoreError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(reencoded(bytes)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("a flipped bit gives another value in its one form, or a CoreError", () => {
    fc.assert(
      fc.property(wire, fc.nat(), (value, at) => {
        const bytes = encodeCbor(value);
        const flipped = Uint8Array.from(bytes);
        const bit = at % (bytes.length * 8);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(reencoded(flipped)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("no reader of signed objects fails with anything but CoreError, whatever bytes or flipped bits it gets", () => {
    const practice = new TestPractice({ week: 3000 });
    const order = practice.order(practice.founder, "freeze", { member: null });
    const objects = [
      practice.genesis,
      order,
      practice.approval(practice.founder, order),
      practice.statement(practice.founder, order),
      ...practice.links.map(({ acceptance }) => acceptance),
    ];
    const readers = [
      readOrder,
      readApproval,
      readCancellation,
      readAcceptance,
      (bytes: Uint8Array) => readOrderStatement(readStatement(bytes)),
      (bytes: Uint8Array) => readAppend(readStatement(bytes)),
      (bytes: Uint8Array) => readDeviceRequest("0000", bytes),
    ];
    const mutated = fc.tuple(fc.constantFrom(...objects), fc.nat()).map(([object, at]) => {
      const flipped = Uint8Array.from(object);
      const bit = at % (object.length * 8);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return flipped;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        for (const read of readers) expect(typeof refusal(() => read(bytes))).toBe("string");
      }),
      { numRuns: 600 },
    );
  });
});
