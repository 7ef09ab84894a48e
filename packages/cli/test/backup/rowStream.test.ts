import { describe, expect, it } from "vitest";

import { encodePart, encodeRows, readParts, type RowPart } from "../../src/backup/rowStream.ts";

const HEADER: RowPart = {
  type: "header",
  format: 1,
  backup: "ab".repeat(16),
  service: "who",
  schema: [{ id: "0001.sql", hash: "00".repeat(32) }],
  practices: [],
  publicKey: "cd".repeat(32),
  serviceKey: null,
  backupKey: "ef".repeat(32),
};
const TABLE: RowPart = { type: "table", table: "files", columns: ["practice", "file"], rows: 2 };
const END: RowPart = { type: "end", tables: 1 };
const rows = (text: string): RowPart => ({ type: "rows", bytes: Buffer.from(text) });

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(bytes: Uint8Array, size = bytes.length): Promise<RowPart[]> {
  const parts: RowPart[] = [];
  for await (const part of readParts(inPieces(bytes, size)))
    parts.push(part.type === "rows" ? rows(Buffer.from(part.bytes).toString()) : part);
  return parts;
}

const encode = (parts: readonly RowPart[]): Uint8Array => Buffer.concat(parts.map(encodePart));

describe("the file of a service", () => {
  it("reads as it was written, in pieces of any size", async () => {
    const parts = [HEADER, TABLE, rows("first"), rows("second"), END];
    const bytes = encode(parts);
    for (const size of [1, 4, 5, 6, 100, bytes.length])
      expect(await read(bytes, size)).toEqual(parts);
  });

  it("gathers rows into parts, and loses none", async () => {
    async function* many(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 10_000; count++) yield Buffer.alloc(100, count % 256);
    }
    const parts: Uint8Array[] = [];
    for await (const part of encodeRows(many())) parts.push(part);
    expect(parts.length).toBeLessThan(10);
    const bodies = await read(Buffer.concat([encodePart(HEADER), ...parts, encodePart(END)]));
    const sizes = bodies.map((part) => (part.type === "rows" ? part.bytes.length : 0));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(1_000_000);
  });

  it("is refused when it is cut off anywhere, or goes on", async () => {
    const bytes = encode([HEADER, TABLE, rows("a row"), END]);
    for (let end = 0; end < bytes.length; end += 7)
      await expect(read(bytes.subarray(0, end))).rejects.toMatchObject({ code: "damaged" });
    const longer = Buffer.concat([bytes, encodePart(rows("more"))]);
    await expect(read(longer)).rejects.toMatchObject({ code: "damaged" });
  });

  it("is refused without a header, with two, with unknown parts, or with sizes beyond the limit", async () => {
    const unknown = { type: "script" } as unknown as RowPart;
    for (const parts of [
      [TABLE, END],
      [HEADER, HEADER, END],
      [HEADER, unknown, END],
    ])
      await expect(read(encode(parts))).rejects.toMatchObject({ code: "damaged" });
    const vast = Buffer.from([0x52, 0xff, 0xff, 0xff, 0xff]);
    await expect(read(Buffer.concat([encodePart(HEADER), vast]))).rejects.toMatchObject({
      code: "damaged",
    });
    const letter = Buffer.from(encode([HEADER, END]));
    letter.writeUInt8(0x58, 0);
    await expect(read(letter)).rejects.toMatchObject({ code: "damaged" });
  });

  it("is refused with a header or a table that is out of shape", async () => {
    const wrong = [
      { backupKey: undefined },
      { serviceKey: "short" },
      { publicKey: 7 },
      { practices: [{ practice: "../../x", seq: 0, hash: "00".repeat(32) }] },
      { schema: [null] },
    ];
    for (const change of wrong) {
      const header = { ...HEADER, ...change } as unknown as RowPart;
      await expect(read(encode([header, END]))).rejects.toMatchObject({ code: "damaged" });
    }
    const table = { ...TABLE, columns: [1] } as unknown as RowPart;
    await expect(read(encode([HEADER, table, END]))).rejects.toMatchObject({ code: "damaged" });
  });

  it("is refused when a newer version wrote it", async () => {
    const newer = { ...HEADER, format: 2 } as unknown as RowPart;
    await expect(read(encode([newer, END]))).rejects.toMatchObject({ code: "newer-format" });
  });
});
