import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import {
  decoderNames,
  faultsByChance,
  faultsOf,
  soundRefused,
  type Decoders,
} from "../../../../tools/decoderFaults.ts";
import { hostileBytes, plannedBytes } from "../../../../tools/hostileBytes.ts";
import * as cbor from "../../src/theft/cborTexts.ts";
import * as compressed from "../../src/theft/decompress.ts";
import * as lz4 from "../../src/theft/lz4Block.ts";
import * as pages from "../../src/theft/pages.ts";
import * as pglz from "../../src/theft/pglz.ts";
import * as walPages from "../../src/theft/walPages.ts";
import * as walRecord from "../../src/theft/walRecord.ts";

const { PAGE_BYTES, ToastValues, readChunk, toastChunks } = pages;
const MINUTES = 600_000;
/** These programs read what lies on a disk, half written over or not theirs: they say null, and refuse nothing. */
const refusesNothing = (): boolean => false;

const ROW_BYTES = 24 + 12 + 100;

/** A page of a TOAST table with one row of 100 bytes. */
function toastPage(): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES);
  const view = new DataView(page.buffer);
  const at = PAGE_BYTES - ROW_BYTES;
  view.setUint16(12, 28, true);
  view.setUint16(14, at, true);
  view.setUint16(18, PAGE_BYTES | 4, true);
  view.setUint32(24, (ROW_BYTES << 17) | (1 << 15) | at, true);
  view.setUint16(at + 18, 3, true);
  view.setUint8(at + 22, 24);
  view.setUint32(at + 24, 77, true);
  view.setUint32(at + 28, 0, true);
  view.setUint32(at + 32, 104 << 2, true);
  return page;
}

/** A page of the log with a record that goes on from the page before, and one of its own with a page image. */
function walPage(left = 40): Uint8Array {
  const page = new Uint8Array(8192);
  const view = new DataView(page.buffer);
  view.setUint16(0, 0xd118, true);
  view.setUint16(2, 1, true);
  view.setUint32(16, left, true);
  view.setUint32(64, 200, true);
  page.set(walBytes().subarray(4), 68);
  return page;
}

function walBytes(): Uint8Array {
  const record = new Uint8Array(200);
  const view = new DataView(record.buffer);
  view.setUint32(0, 200, true);
  view.setUint8(25, 0x30);
  view.setUint16(26, 8, true);
  view.setUint16(28, 60, true);
  view.setUint8(32, 0x09);
  return record;
}

const toChunk = (bytes: Uint8Array): pages.ToastChunk => ({ value: 7, seq: 0, bytes });
const plain = Buffer.from("a text that is long enough to be found ".repeat(4));
const pglzStream = Uint8Array.from(Buffer.from("086162630603", "hex"));
const lz4Block = Uint8Array.from(Buffer.from("356162630300504142434445", "hex"));
const signed = Buffer.concat([Buffer.alloc(64, 0xff), Buffer.from("a1616b6161", "hex")]);

const DECODERS: Decoders<Uint8Array> = {
  cborTexts: {
    valid: [Buffer.concat([Buffer.from("825845", "hex"), signed, Buffer.from("6161", "hex")])],
    decode: (input) => cbor.cborTexts(input),
  },
  decompressLz4: { valid: [lz4Block], decode: (input) => lz4.decompressLz4(input, 5000) },
  decompressPglz: { valid: [pglzStream], decode: (input) => pglz.decompressPglz(input, 5000) },
  inflateDatum: {
    valid: [Uint8Array.from([12, 0, 0, 0, ...pglzStream])],
    decode: (input) => compressed.inflateDatum(input),
  },
  "nextSign inflateAt": {
    valid: [gzipSync(plain), deflateSync(plain), zstdCompressSync(plain)],
    decode: (input) => {
      for (let at = compressed.nextSign(input, 0); at < input.length;) {
        compressed.inflateAt(input, at);
        at = compressed.nextSign(input, at + 1);
      }
    },
  },
  "toastChunks ToastValues": {
    valid: [toastPage()],
    decode: (input) => {
      const values = new ToastValues(() => undefined);
      for (const chunk of toastChunks(input)) values.add("1", chunk);
      values.end();
    },
  },
  readChunk: { valid: [toastPage().subarray(-112)], decode: (input) => readChunk(input) },
  walRecords: {
    valid: [Buffer.concat([walPage(), walPage(0)])],
    decode: (input) =>
      [...walPages.walRecords(input)].map(({ bytes }) => walRecord.readWalRecord(bytes)),
  },
  readWalRecord: { valid: [walBytes()], decode: (input) => walRecord.readWalRecord(input) },
};

test("whatever reads what lies on a disk is tried here", () => {
  const read = [cbor, compressed, lz4, pages, pglz, walPages, walRecord];
  const tried = Object.keys(DECODERS).flatMap((name) => name.split(" "));
  expect(decoderNames(read, /^/)).toEqual(tried.toSorted());
  expect(soundRefused(DECODERS)).toEqual([]);
});

describe("whatever lies on a disk, the thief's reading goes on", { timeout: MINUTES }, () => {
  test("what no chance would find", () => {
    const planned = faultsOf(DECODERS, refusesNothing, ({ valid }) => plannedBytes(valid));
    expect(planned).toEqual([]);
  });

  test("arbitrary and injured bytes", () => {
    const inputs = ({ valid }: { valid: readonly Uint8Array[] }) => hostileBytes(valid);
    expect(faultsByChance(DECODERS, refusesNothing, inputs)).toEqual([]);
  });

  test("a page of the log that says of its record that gigabytes are to come", () => {
    for (const left of [0x7fff_ffff, 0x8000_0000, 0xffff_ffe8, 0xffff_ffff])
      expect([...walPages.walRecords(walPage(left))]).toEqual([]);
  });

  test("a value in two hundred thousand pieces, in any order", () => {
    const given: number[] = [];
    const values = new ToastValues((_, { length }) => given.push(length));
    const count = 200_000;
    for (let seq = count - 1; seq >= 0; seq--)
      values.add("1", { ...toChunk(Uint8Array.of(1)), seq });
    values.end();
    expect(given).toEqual([count]);
  });

  test("a value of which a piece is found twice, of other lengths", () => {
    const given: number[] = [];
    const values = new ToastValues((_, { length }) => given.push(length), 5000);
    for (let turn = 0; turn < 10_000; turn++)
      values.add("1", { ...toChunk(new Uint8Array(turn % 2 === 0 ? 1996 : 1)), seq: 1 });
    values.end();
    expect(given.length).toBe(1);
  });

  test("a string with half a million texts inside", () => {
    const texts = Buffer.alloc(500_000, 0x60);
    const inner = Buffer.concat([Buffer.from("9a0007a120", "hex"), texts]);
    const outer = Buffer.concat([Buffer.from("5a0007a125", "hex"), inner]);
    expect(cbor.cborTexts(outer)?.length).toBe(500_000);
  });
});
