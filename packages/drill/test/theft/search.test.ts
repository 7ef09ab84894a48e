import { randomBytes } from "node:crypto";
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { Search } from "../../src/theft/search.ts";

const NEEDLE = "Säde Kuusisto-Ågren";
const utf8 = (text: string): Buffer => Buffer.from(text, "utf8");

/** In the middle of bytes that say nothing. */
const between = (bytes: Uint8Array): Buffer =>
  Buffer.concat([randomBytes(300), bytes, randomBytes(300)]);

function find(bytes: Uint8Array, needles: readonly string[] = ["nothing like it", NEEDLE]): Search {
  const search = new Search(needles);
  search.bytes("here", bytes);
  return search;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

function zipMember(content: Uint8Array): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(8, 8);
  header.writeUInt16LE(5, 26);
  return Buffer.concat([header, utf8("a.txt"), deflateRawSync(content)]);
}

const written: Record<string, Uint8Array> = {
  "as it is": utf8(NEEDLE),
  "in other letters": utf8("säDE kUUSISTO-Ågren"),
  "UTF-16 little-endian": Buffer.from(NEEDLE, "utf16le"),
  "UTF-16 big-endian": Buffer.from(NEEDLE, "utf16le").swap16(),
  hex: utf8(utf8(NEEDLE).toString("hex")),
  "capital hex": utf8(utf8(NEEDLE).toString("hex").toUpperCase()),
  "base64 from its first byte": utf8(utf8(`${NEEDLE} more`).toString("base64")),
  "base64 from its second byte": utf8(utf8(`x${NEEDLE} more`).toString("base64")),
  "base64 from its third byte": utf8(utf8(`xy${NEEDLE} more`).toString("base64")),
  "base64 in lines": utf8(
    utf8(`some words before ${NEEDLE} and after`)
      .toString("base64")
      .replace(/(.{20})/g, "$1\r\n"),
  ),
  base64url: utf8(utf8(`?>?${NEEDLE}?>?`).toString("base64url")),
  "percent-encoded": utf8(encodeURIComponent(NEEDLE)),
  "a form's percent encoding": utf8(encodeURIComponent(NEEDLE).replaceAll("%20", "+")),
  "JSON with escapes": utf8("S\\u00e4de Kuusisto-\\u00c5gren"),
  "as the lookup normalises it": utf8("kuusisto säde ågren"),
  gzip: gzipSync(utf8(`a little text around ${NEEDLE}, before and behind`)),
  zlib: deflateSync(utf8(`a little text around ${NEEDLE}, before and behind`)),
  zstd: zstdCompressSync(utf8(`a little text around ${NEEDLE}, before and behind`)),
  "a member of a ZIP": zipMember(utf8(`a little text around ${NEEDLE}, before and behind`)),
  "gzip in zlib in gzip": gzipSync(deflateSync(gzipSync(utf8(NEEDLE)))),
};

describe("the search finds a string", () => {
  for (const [how, bytes] of Object.entries(written))
    it(`written ${how}`, () => {
      const { hits } = find(between(bytes));
      expect(hits.map(({ needle }) => needle)).toContain(1);
      expect(JSON.stringify(hits)).not.toContain("Kuusisto");
    });

  it("across the chunks of a stream, at its right place", async () => {
    const bytes = Buffer.concat([randomBytes(10_000), utf8(NEEDLE), randomBytes(10_000)]);
    for (const size of [1, 7, 1000, 10_003]) {
      const search = new Search([NEEDLE]);
      await search.stream("stream", inPieces(bytes, size));
      expect(search.hits).toEqual([
        { needle: 0, encoding: "utf-8", source: "stream", offset: 10_000 + utf8(NEEDLE).length },
      ]);
    }
  });

  it("compressed across the chunks of a stream, and base64 across them", async () => {
    const filler = utf8(randomBytes(3000).toString("hex"));
    const packed = gzipSync(Buffer.concat([filler, utf8(NEEDLE), filler]));
    const digits = utf8(utf8(`x${NEEDLE}`).toString("base64"));
    const search = new Search([NEEDLE]);
    const bytes = Buffer.concat([
      randomBytes(3000),
      packed,
      randomBytes(3000),
      digits,
      randomBytes(9),
    ]);
    await search.stream("stream", inPieces(bytes, 777));
    expect(search.hits.map(({ source }) => source)).toEqual(["stream", "stream!gzip@3000"]);
  });

  it("behind megabytes of a stream, compressed at its end too", async () => {
    const search = new Search([NEEDLE]);
    const bytes = Buffer.concat([
      Buffer.alloc(3 * 1024 * 1024),
      zstdCompressSync(utf8(NEEDLE.repeat(9))),
    ]);
    await search.stream("stream", inPieces(bytes, 65_536));
    expect(search.hits.map(({ source }) => source)).toContain(`stream!zstd@${3 * 1024 * 1024}`);
    expect(search.hitCount).toBeGreaterThanOrEqual(9);
  });
});

describe("the search does not find", () => {
  it("what is not there", async () => {
    const search = new Search([NEEDLE, "another string of it"]);
    await search.stream("random", inPieces(randomBytes(2 * 1024 * 1024), 65_536));
    expect(search.hits).toEqual([]);
  });

  it("base64 in other letters: it is another text", () => {
    const digits = utf8(NEEDLE).toString("base64");
    const swapped = digits.replace(/[a-z]/i, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    );
    expect(find(utf8(swapped)).hits).toEqual([]);
  });

  it("what is too short to be told from chance, and says which", () => {
    expect(find(utf8("abcde"), ["abcde", "abcdef"]).tooShort).toEqual([0]);
  });
});

it("keeps only the hits that it is asked to keep, and counts the others", () => {
  const search = new Search([NEEDLE, "Varpu Vehmas"], { isKept: ({ needle }) => needle === 1 });
  search.bytes("here", utf8(`${NEEDLE}, ${NEEDLE} and Varpu Vehmas`));
  expect(new Set(search.hits.map(({ needle }) => needle))).toEqual(new Set([1]));
  expect(search.hitCount).toBeGreaterThan(search.hits.length);
});
