import { randomBytes } from "node:crypto";

import { describe, expect, it } from "vitest";

import { cborTexts } from "../../src/theft/cborTexts.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");

describe("the texts of CBOR", () => {
  it("are found in maps, arrays and byte strings that hold CBOR, also behind a signature", () => {
    const inner = Buffer.concat([bytes("a1616b"), bytes("7828"), Buffer.alloc(40, "z")]);
    const signed = Buffer.concat([randomBytes(64).fill(0xff, 0, 1), inner]);
    const outer = Buffer.concat([
      bytes("826161"),
      bytes("58"),
      Uint8Array.of(signed.length),
      signed,
    ]);
    expect(cborTexts(outer)).toEqual(["a", "k", "z".repeat(40)]);
  });

  it("are not told of bytes that are no CBOR, or hold more than it", () => {
    for (const hex of ["", "61", "a16161", "0000", "ff", "5a7fffffff00", "9b7fffffffffffffff"])
      expect(cborTexts(bytes(hex))).toBeNull();
  });

  it("are not made of ids and hashes", () => {
    for (let run = 0; run < 500; run++) {
      const id = Buffer.concat([bytes("6f"), randomBytes(15)]);
      expect(cborTexts(Buffer.concat([bytes("50"), id]))).toEqual([]);
    }
  });

  it("end with any bytes, however deep they say that they go", () => {
    for (let run = 0; run < 3000; run++) cborTexts(randomBytes(200));
    expect(cborTexts(Buffer.alloc(10_000, 0x81))).toBeNull();
  });
});
