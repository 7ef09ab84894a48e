import { randomBytes } from "node:crypto";

import { describe, expect, it } from "vitest";

import { decompressLz4 } from "../../src/theft/lz4Block.ts";
import { decompressPglz } from "../../src/theft/pglz.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");
const text = (out: Uint8Array | null): string => Buffer.from(out ?? []).toString("latin1");

describe("an LZ4 block", () => {
  it("gives its literals and its copies (lz4_Block_format.md)", () => {
    // Three literals, a copy of 9 from 3 back, then five literals.
    expect(text(decompressLz4(bytes("356162630300504142434445"), 17))).toBe("abcabcabcabcABCDE");
  });

  it("takes lengths over 15 and 255 from the bytes behind", () => {
    const literals = Buffer.alloc(15 + 255 + 7, "x");
    const block = Buffer.concat([bytes("ffff07"), literals, bytes("0100ff011061")]);
    // 15 + 255 + 1 + 4 copied, then one literal.
    const out = decompressLz4(block, 10_000);
    expect(out?.length).toBe(literals.length + 15 + 255 + 1 + 4 + 1);
  });

  it("gives what it can of a block that is cut, and nothing of a copy from before the beginning", () => {
    expect(text(decompressLz4(bytes("3561626303"), 17))).toBe("abc");
    expect(decompressLz4(bytes("3561626309005041"), 17)).toBeNull();
  });

  it("never writes more than it was told, whatever the bytes", () => {
    for (let run = 0; run < 2000; run++) {
      const block = randomBytes(64);
      expect(decompressLz4(block, 50)?.length ?? 0).toBeLessThanOrEqual(50);
      expect(decompressPglz(block, 50)?.length ?? 0).toBeLessThanOrEqual(50);
    }
  });
});

describe("a pglz stream", () => {
  it("gives its literals and its copies (pg_lzcompress.c)", () => {
    // Control: three literals, a copy of 9 from 3 back.
    expect(text(decompressPglz(bytes("086162630603"), 12))).toBe("abcabcabcabc");
  });

  it("gives nothing of a copy from before the beginning", () => {
    expect(decompressPglz(bytes("0861626306ff"), 12)).toBeNull();
  });
});
