import type { CsvEncoding, Units } from "@sinetti/practice";
import type { ByteSource } from "./byteSource.ts";
import type { DetectedEncoding } from "./detectEncoding.ts";

/** A file as the units that rows are cut from: bytes, or UTF-16 code units; places count from after the byte order mark. */
export class UnitReader {
  readonly length: number;
  readonly #source: ByteSource;
  readonly #encoding: CsvEncoding;
  readonly #markBytes: number;
  readonly #unitBytes: 1 | 2;
  readonly #decoder: InstanceType<typeof TextDecoder>;

  constructor(source: ByteSource, { encoding, markBytes }: DetectedEncoding) {
    this.#source = source;
    this.#encoding = encoding;
    this.#markBytes = markBytes;
    this.#unitBytes = encoding === "utf-16le" || encoding === "utf-16be" ? 2 : 1;
    this.length = Math.floor((source.sizeBytes - markBytes) / this.#unitBytes);
    const name = this.#unitBytes === 2 ? "utf-16le" : encoding;
    this.#decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  }

  /** The units from `from` up to `to`, or to the end. */
  async read(from: number, to: number): Promise<Units> {
    const place = (unit: number): number => this.#markBytes + unit * this.#unitBytes;
    const bytes = await this.#source.read(place(from), place(Math.min(to, this.length)));
    if (this.#unitBytes === 1) return bytes;
    const copy = Uint8Array.from(bytes);
    if (this.#encoding === "utf-16be") swapPairs(copy);
    return new Uint16Array(copy.buffer, 0, copy.length >> 1);
  }

  /** The text of units; null: they are not of this encoding. */
  decode(units: Units): string | null {
    try {
      return this.#decoder.decode(
        units instanceof Uint8Array
          ? units
          : new Uint8Array(units.buffer, units.byteOffset, units.byteLength),
      );
    } catch (error) {
      if (error instanceof TypeError) return null;
      throw error;
    }
  }
}

function swapPairs(bytes: Uint8Array): void {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const first = bytes[at] ?? 0;
    bytes[at] = bytes[at + 1] ?? 0;
    bytes[at + 1] = first;
  }
}
