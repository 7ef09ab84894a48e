import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { strToU8, zipSync } from "fflate";
import {
  FUZZ_RUNS,
  faultLater,
  faultsByChance,
  faultsOf,
  soundRefused,
  type Decoder,
  type Decoders,
} from "../../../../tools/decoderFaults.ts";
import { hostileBytes, plannedBytes } from "../../../../tools/hostileBytes.ts";
import { hostileJsonText, hostileText, plannedTexts } from "../../../../tools/hostileText.ts";
import { ExportError } from "../../src/export/exportError.ts";
import { toFolderManifest } from "../../src/export/exportFolder.ts";
import { parsePackageManifest } from "../../src/export/packageManifest.ts";
import { readZip } from "../../src/export/readZip.ts";

const isTyped = (error: unknown): boolean => error instanceof ExportError;
const MINUTES = 600_000;
const SHA = "ab".repeat(32);
const PART = { name: "bundle.json", sizeBytes: 2, sha256: SHA };
const FILE = { file: "index.age", bytes: 3, sha256: SHA };
const FOLDER = {
  v: 1,
  kind: "practice-export",
  practice: "11".repeat(16),
  begun: "2026-03-02T10:00:00Z",
  recipients: SHA,
  packages: [FILE],
  gaps: [{ package: "p.age", compartment: "care", outcome: "on-hold" }],
  rest: [],
  finished: null,
};

const ZIP = zipSync(
  { "bundle.json": strToU8("{}"), "note.txt": [strToU8("a".repeat(500)), { level: 0 }] },
  { mtime: new Date(1980, 0, 1) },
);

/** In pieces that cut headers in two. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 37) yield bytes.subarray(at, at + 37);
}
const read = (bytes: Uint8Array): ReturnType<typeof readZip> =>
  readZip(() => inPieces(bytes), { startHash: () => createHash("sha256"), keep: ["bundle.json"] });
const outcome = async (bytes: Uint8Array): Promise<string> =>
  read(bytes).then(
    () => "read",
    (error: unknown) => (error instanceof ExportError ? error.code : String(error)),
  );

/** The zip with a number of its second directory row changed. */
function withSecondRow(at: number, value: number): Uint8Array {
  const bytes = Uint8Array.from(ZIP);
  const view = new DataView(bytes.buffer);
  const first = view.getUint32(bytes.length - 6, true);
  const second = first + 46 + view.getUint16(first + 28, true);
  view.setUint32(second + at, value, true);
  return bytes;
}

describe("a zip", { timeout: MINUTES }, () => {
  test("is read, whatever the size of its pieces", async () => {
    expect((await read(ZIP)).parts.map(({ name }) => name)).toEqual(["bundle.json", "note.txt"]);
  });

  test("whose files lie inside each other is broken", async () => {
    for (const offset of [0, 1, 29, 30, 31, 40])
      expect(await outcome(withSecondRow(42, offset))).toBe("package-broken");
  });

  test("that inflates what is kept of it beyond any manifest is broken", async () => {
    const bomb = zipSync({ "bundle.json": new Uint8Array(17 * 1024 * 1024) });
    expect(await outcome(bomb)).toBe("package-broken");
  });

  test("of any bytes is read or broken, and nothing else", async () => {
    const faults = new Set<string | null>();
    for (const bytes of plannedBytes([ZIP]))
      faults.add(await faultLater(() => read(bytes), isTyped));
    for (let at = 0; at < 46 * 2; at++)
      for (const value of [0, 31, 0x7fffffff, 0xffffffff])
        faults.add(await faultLater(() => read(withSecondRow(at - 46, value)), isTyped));
    expect([...faults]).toEqual([null]);
    await fc.assert(
      fc.asyncProperty(hostileBytes([ZIP]), async (bytes) => {
        expect(await faultLater(() => read(bytes), isTyped)).toBeNull();
      }),
      { numRuns: 3 * FUZZ_RUNS },
    );
  });
});

const TEXTS: Decoders<string> = {
  "(folder)": { valid: [JSON.stringify(FOLDER)], decode: (text) => toFolderManifest(text) },
  "(package)": {
    valid: [JSON.stringify({ v: 1, parts: [PART] })],
    decode: (text) => parsePackageManifest(Buffer.from(text)),
  },
};

describe("a manifest", { timeout: MINUTES }, () => {
  test("of any text or value is taken or refused", () => {
    expect(soundRefused(TEXTS)).toEqual([]);
    expect(faultsOf(TEXTS, isTyped, ({ valid }) => plannedTexts(valid))).toEqual([]);
    expect(faultsByChance(TEXTS, isTyped, ({ valid }) => hostileText(valid))).toEqual([]);
    const values = ({ valid }: Decoder<string>): fc.Arbitrary<string> =>
      hostileJsonText(valid.map((text) => JSON.parse(text) as unknown));
    expect(faultsByChance(TEXTS, isTyped, values)).toEqual([]);
  });

  test("of a folder is taken only with every field in its form", () => {
    expect(toFolderManifest(JSON.stringify(FOLDER))).toEqual(FOLDER);
    expect(toFolderManifest("null")).toBeNull();
    const taken = Object.keys(FOLDER).flatMap((key) =>
      [undefined, 7, [null], {}]
        .filter((value) => toFolderManifest(JSON.stringify({ ...FOLDER, [key]: value })) !== null)
        .map(() => key),
    );
    expect(taken).toEqual([]);
  });

  test("of a package is refused with a part that is none", () => {
    for (const part of [null, 7, {}, { ...PART, name: 1 }, { ...PART, sha256: "x" }])
      expect(() => parsePackageManifest(Buffer.from(JSON.stringify({ parts: [part] })))).toThrow(
        ExportError,
      );
  });
});
