/** A number of seven bits a byte, lowest first. Throws RangeError where it does not end. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  throw new RangeError("a number does not end");
}

const littleEndian = (bytes: Uint8Array, at: number, count: number): number => {
  let value = 0;
  for (let index = count - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
};

/** Decompresses a raw Snappy stream (google/snappy format_description.txt). Throws RangeError for what is none. */
export function unsnap(bytes: Uint8Array): Uint8Array {
  const { value: length, next: start } = readVarint(bytes, 0);
  const out = new Uint8Array(length);
  let to = 0;
  const copy = (from: number, count: number): void => {
    if (from < 0 || from >= to || to + count > length) throw new RangeError("no such bytes");
    // Byte by byte: what is copied may reach into what it makes.
    for (let index = 0; index < count; index++) out[to + index] = out[from + index] ?? 0;
    to += count;
  };
  for (let at = start; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const upper = tag >>> 2;
    if ((tag & 3) === 0) {
      const extra = upper < 60 ? 0 : upper - 59;
      const count = (extra === 0 ? upper : littleEndian(bytes, at + 1, extra)) + 1;
      const from = at + 1 + extra;
      if (from + count > bytes.length || to + count > length) throw new RangeError("too short");
      out.set(bytes.subarray(from, from + count), to);
      to += count;
      at = from + count;
    } else if ((tag & 3) === 1) {
      copy(to - ((tag >>> 5) * 256 + (bytes[at + 1] ?? 0)), (upper & 7) + 4);
      at += 2;
    } else {
      const size = (tag & 3) === 2 ? 2 : 4;
      copy(to - littleEndian(bytes, at + 1, size), upper + 1);
      at += 1 + size;
    }
  }
  if (to !== length) throw new RangeError("too short");
  return out;
}
