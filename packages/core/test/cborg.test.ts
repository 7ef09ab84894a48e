import { decode, encode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CoreError, decodeCbor, encodeCbor, type Wire } from "@sinetti/core";

const STRICT = {
  strict: true,
  useMaps: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowBigInt: false,
};

const wire: fc.Arbitrary<Wire> = fc.letrec<{ value: Wire }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.maxSafeInteger(),
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

test("a second implementation writes the same bytes and reads the same value", () => {
  fc.assert(
    fc.property(wire, (value) => {
      const bytes = encodeCbor(value);
      expect(bytes).toEqual(Uint8Array.from(encode(value, rfc8949EncodeOptions)));
      expect(decode(bytes, STRICT)).toEqual(value);
    }),
    { numRuns: 600 },
  );
});

test("whatever is read here, a second implementation reads as the same", () => {
  let read = 0;
  fc.assert(
    fc.property(wire, fc.nat(), fc.nat(255), (value, at, byte) => {
      const bytes = encodeCbor(value);
      bytes[at % bytes.length] = byte;
      let own: Wire;
      try {
        own = decodeCbor(bytes);
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
        return;
      }
      read++;
      expect(decode(bytes, STRICT)).toEqual(own);
    }),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(100);
});

test("half a surrogate pair is written as the replacement character, as platforms do", () => {
  expect(encodeCbor("a\ud800b")).toEqual(Uint8Array.from(encode("a\ufffdb", rfc8949EncodeOptions)));
});

test("what was read shares no memory with the input", () => {
  const bytes = Buffer.from(encodeCbor(Uint8Array.of(1, 2, 3)));
  const read = decodeCbor(bytes);
  bytes.fill(0);
  expect(read).toEqual(Uint8Array.of(1, 2, 3));
});
