import { Inflate } from "fflate";
import { bytesToHex } from "@sinetti/core";
import { ExportError } from "./exportError.ts";
import type { ManifestPart, RunningHash } from "./zipFile.ts";

/** Bytes of the directory at a zip's end that are looked at. */
const TAIL_BYTES = 8 * 1024 * 1024;
const LOCAL_BYTES = 30;
/** Bytes of one file that are kept at most: a few compressed ones can promise any number. */
const KEPT_BYTES = 16 * 1024 * 1024;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly sizeBytes: number;
  readonly offset: number;
}

/**
 * Hashes every file of a zip and gives the bytes of those in `keep`. Reads the zip twice and never holds it: first for the
 * directory at its end, then file by file. Error: `package-broken`.
 */
export async function readZip(
  source: () => AsyncGenerator<Uint8Array>,
  options: { startHash: () => RunningHash; keep: readonly string[] },
): Promise<{ parts: ManifestPart[]; kept: Map<string, Uint8Array> }> {
  const entries = readDirectory(await readTail(source()));
  const parts: ManifestPart[] = [];
  const kept = new Map<string, Uint8Array>();
  const reader = new EntryReader(entries, options, (part, bytes) => {
    parts.push(part);
    if (bytes !== null) kept.set(part.name, bytes);
  });
  for await (const chunk of source()) reader.push(chunk);
  if (parts.length !== entries.length) throw new ExportError("package-broken");
  return { parts, kept };
}

async function readTail(
  source: AsyncGenerator<Uint8Array>,
): Promise<{ bytes: Uint8Array; start: number }> {
  let tail: Uint8Array[] = [];
  let held = 0;
  let total = 0;
  for await (const chunk of source) {
    tail.push(chunk);
    held += chunk.length;
    total += chunk.length;
    while (held - (tail[0]?.length ?? 0) > TAIL_BYTES) held -= tail.shift()?.length ?? 0;
  }
  const bytes = joinBytes(tail);
  tail = [];
  return { bytes, start: total - bytes.length };
}

function readDirectory({ bytes, start }: { bytes: Uint8Array; start: number }): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - 22;
  if (end < 0 || view.getUint32(end, true) !== END) throw new ExportError("package-broken");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true) - start;
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at < 0 || at + 46 > end || view.getUint32(at, true) !== CENTRAL)
      throw new ExportError("package-broken");
    const nameLength = view.getUint16(at + 28, true);
    const skip = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      sizeBytes: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + skip;
  }
  return entries;
}

/** Follows a zip's bytes from file to file. */
class EntryReader {
  readonly #entries: readonly ZipEntry[];
  readonly #options: { startHash: () => RunningHash; keep: readonly string[] };
  readonly #done: (part: ManifestPart, bytes: Uint8Array | null) => void;
  readonly #header = new Uint8Array(LOCAL_BYTES);
  #index = 0;
  #position = 0;
  #dataStart: number | null = null;
  #take: ((bytes: Uint8Array, final: boolean) => void) | null = null;

  constructor(
    entries: readonly ZipEntry[],
    options: { startHash: () => RunningHash; keep: readonly string[] },
    done: (part: ManifestPart, bytes: Uint8Array | null) => void,
  ) {
    this.#entries = entries;
    this.#options = options;
    this.#done = done;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const entry = this.#entries[this.#index];
      const left = chunk.length - at;
      const used = entry === undefined ? left : this.#step(entry, chunk.subarray(at));
      at += used;
      this.#position += used;
      this.#finish();
    }
  }

  /** Bytes that were used up, one at least. */
  #step(entry: ZipEntry, bytes: Uint8Array): number {
    const { offset, sizeBytes } = entry;
    if (this.#position < offset) return Math.min(bytes.length, offset - this.#position);
    if (this.#dataStart === null) {
      const from = this.#position - offset;
      const used = Math.min(bytes.length, LOCAL_BYTES - from);
      this.#header.set(bytes.subarray(0, used), from);
      if (from + used === LOCAL_BYTES) this.#open(entry);
      return used;
    }
    if (this.#position < this.#dataStart)
      return Math.min(bytes.length, this.#dataStart - this.#position);
    const used = Math.min(bytes.length, this.#dataStart + sizeBytes - this.#position);
    this.#take?.(bytes.subarray(0, used), false);
    return used;
  }

  #open(entry: ZipEntry): void {
    const view = new DataView(this.#header.buffer);
    if (view.getUint32(0, true) !== LOCAL) throw new ExportError("package-broken");
    this.#dataStart =
      entry.offset + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
    this.#take = this.#consumer(entry);
  }

  #finish(): void {
    const entry = this.#entries[this.#index];
    if (entry === undefined || this.#dataStart === null) return;
    if (this.#position < this.#dataStart + entry.sizeBytes) return;
    this.#take?.(new Uint8Array(0), true);
    this.#index++;
    this.#dataStart = null;
    this.#take = null;
    const next = this.#entries[this.#index];
    if (next !== undefined && next.offset < this.#position) throw new ExportError("package-broken");
  }

  #consumer({ name, method }: ZipEntry): (bytes: Uint8Array, final: boolean) => void {
    const hash = this.#options.startHash();
    const chunks: Uint8Array[] = [];
    const isKept = this.#options.keep.includes(name);
    let sizeBytes = 0;
    const plain = (bytes: Uint8Array, final: boolean): void => {
      hash.update(bytes);
      sizeBytes += bytes.length;
      if (isKept && sizeBytes > KEPT_BYTES) throw new ExportError("package-broken");
      if (isKept) chunks.push(Uint8Array.from(bytes));
      if (!final) return;
      const part = { name, sizeBytes, sha256: bytesToHex(hash.digest()) };
      this.#done(part, isKept ? joinBytes(chunks) : null);
    };
    if (method === STORED) return plain;
    if (method !== DEFLATED) throw new ExportError("package-broken");
    const inflate = new Inflate(plain);
    return (bytes, final) => {
      try {
        inflate.push(bytes, final);
      } catch (cause) {
        throw new ExportError("package-broken", { cause });
      }
    };
  }
}

function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
