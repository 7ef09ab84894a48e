import { inflateSync } from "node:zlib";

import type { Block, Paper } from "@sinetti/paper";
import { renderPdf } from "@sinetti/paper/pdf";
import { expect, test } from "vitest";

import { paperOf, sentence } from "./samplePaper.ts";

const text = async (paper: Paper): Promise<string> =>
  Buffer.from(await renderPdf(paper)).toString("latin1");
const pageCount = async (...blocks: Block[]): Promise<number> =>
  (await text(paperOf(blocks))).match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
const slipOf = (lines: number): Block => ({
  type: "slip",
  blocks: Array.from({ length: lines }, () => ({ type: "paragraph", text: "one line" }) as const),
});

/** The drawing orders of every page. */
async function drawing(paper: Paper): Promise<string> {
  const file = await renderPdf(paper);
  const raw = Buffer.from(file).toString("latin1");
  const streams = raw.matchAll(/\/Length (\d+)\s*\/Filter \/FlateDecode\s*>>\s*stream\n/g);
  return Array.from(streams, (found) => {
    const start = found.index + found[0].length;
    return inflateSync(file.subarray(start, start + Number(found[1]))).toString("latin1");
  }).join("\n");
}

test("the same paper gives the same bytes", async () => {
  const paper = paperOf([{ type: "paragraph", text: sentence }], { watermark: "DRILL" });
  expect(Buffer.compare(await renderPdf(paper), await renderPdf(paper))).toBe(0);
});

test("the document says its language, its title and its date", async () => {
  const file = await text(paperOf([], { language: "fi" }));
  expect(file.startsWith("%PDF-1.7")).toBe(true);
  expect(file).toContain("/Lang (fi)");
  expect(file).toContain("(A sample)");
  expect(file).toContain("(D:20261121100000Z)");
});

test("what the faces lack is drawn as its code point, and takes its place on the page", async () => {
  const mono = (shown: string): Paper =>
    paperOf([{ type: "paragraph", text: [{ text: shown, mono: true }] }]);
  expect(await drawing(mono("a一b"))).toBe(await drawing(mono("a[U+4E00]b")));
  const plain = (shown: string): Paper => paperOf([{ type: "paragraph", text: shown }]);
  expect(await drawing(plain("😀\u202E"))).toBe(await drawing(plain("[U+1F600][U+202E]")));
  expect(await drawing(plain("Ж"))).not.toBe(await drawing(plain("[U+0416]")));
});

test("a fixed-width span borrows what Courier lacks from the text face", async () => {
  const file = await text(paperOf([{ type: "paragraph", text: [{ text: "Ж", mono: true }] }]));
  expect(file).toMatch(/\/BaseFont \/\w+\+Roboto/);
});

test("a slip goes to the next page whole", async () => {
  expect(await pageCount(slipOf(12), slipOf(12))).toBe(1);
  expect(await pageCount(slipOf(20), slipOf(20))).toBe(2);
});

test("a slip taller than a page is refused, because its end would be lost", async () => {
  await expect(renderPdf(paperOf([slipOf(80)]))).rejects.toThrow(RangeError);
});

test("a heading stays with what it heads", async () => {
  const paragraphs = Array.from({ length: 31 }, () => ({ type: "paragraph", text: "x" }) as const);
  const heading: Block = { type: "heading", level: 2, text: "Alone" };
  const pages = await pageCount(...paragraphs);
  expect(pages).toBe(1);
  expect(await pageCount(...paragraphs, heading)).toBe(2);
});

test("what cannot be printed whole is refused", async () => {
  const refused: Block[] = [
    { type: "code", text: "x".repeat(200) },
    { type: "code", text: "x\n".repeat(30) },
    { type: "qr", text: "x".repeat(2332) },
    { type: "table", head: ["a", "b"], rows: [["1"]] },
  ];
  for (const block of refused)
    await expect(renderPdf(paperOf([block]))).rejects.toThrow(RangeError);
  await expect(renderPdf(paperOf([], { made: "today" }))).rejects.toThrow(RangeError);
});

test("a QR code holds its limit", async () => {
  expect(await pageCount({ type: "qr", text: "x".repeat(2331), caption: "much" })).toBe(1);
});
