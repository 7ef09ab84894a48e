const WAL_PAGE_BYTES = 8192;
const SHORT_HEADER = 24;
const LONG_HEADER = 40;
const LONG = 0x0002;
const CONTINUED = 0x0001;
/** The first byte of the magic is the version; the second is the same in all of them. */
const MAGIC_HIGH = 0xd1;
const RECORD_HEADER = 24;
const RECORD_MOST = 1024 * 1024 * 1024;
const align = (length: number): number => Math.ceil(length / 8) * 8;

/** One record; `isJoined`: it lies across pages, and nowhere in one piece. */
export interface LoggedRecord {
  readonly bytes: Uint8Array;
  readonly isJoined: boolean;
}

/** Takes the pages of one write-ahead log file apart into whole records; what other segments hold of a record is left out. */
export function* walRecords(segment: Uint8Array): Generator<LoggedRecord> {
  const open = new OpenRecord();
  for (let start = 0; start + WAL_PAGE_BYTES <= segment.length; start += WAL_PAGE_BYTES) {
    const page = segment.subarray(start, start + WAL_PAGE_BYTES);
    const view = new DataView(page.buffer, page.byteOffset, WAL_PAGE_BYTES);
    if (page[1] !== MAGIC_HIGH) {
      open.drop();
      continue;
    }
    const info = view.getUint16(2, true);
    let at = (info & LONG) === 0 ? SHORT_HEADER : LONG_HEADER;
    const left = (info & CONTINUED) === 0 ? 0 : view.getUint32(16, true);
    if (left > 0) {
      const part = page.subarray(at, Math.min(WAL_PAGE_BYTES, at + left));
      const whole = open.continue(part, left);
      if (whole !== null) yield { bytes: whole, isJoined: true };
      at = align(at + left);
    } else open.drop();
    while (at + 4 <= WAL_PAGE_BYTES) {
      const length = view.getUint32(at, true);
      if (length < RECORD_HEADER || length > RECORD_MOST) break;
      if (at + length <= WAL_PAGE_BYTES)
        yield { bytes: page.subarray(at, at + length), isJoined: false };
      else open.begin(page.subarray(at), length);
      at = align(at + length);
    }
  }
}

/** A record whose pages have not all come. */
class OpenRecord {
  #parts: Uint8Array[] = [];
  #missing = 0;

  begin(part: Uint8Array, length: number): void {
    this.#parts = [part];
    this.#missing = length - part.length;
  }

  /** `left`: what the page says is still to come of the record. */
  continue(part: Uint8Array, left: number): Uint8Array | null {
    if (this.#missing !== left) {
      this.drop();
      return null;
    }
    this.#parts.push(part);
    this.#missing -= part.length;
    if (this.#missing > 0) return null;
    const whole = Buffer.concat(this.#parts);
    this.drop();
    return whole;
  }

  drop(): void {
    this.#parts = [];
    this.#missing = 0;
  }
}
