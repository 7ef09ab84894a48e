/** Bytes of the control byte's items. */
const ITEMS = 8;
const SHORTEST = 3;
const LONGEST_SHORT = 18;

/**
 * Decompresses PostgreSQL's own format (src/common/pg_lzcompress.c): a control byte says of each of eight items whether it
 * is a literal or a copy of what came before. Gives as much as can be read up to `rawBytes`; null: these bytes are no such stream.
 */
export function decompressPglz(source: Uint8Array, rawBytes: number): Uint8Array | null {
  const out = new Uint8Array(rawBytes);
  let [from, to] = [0, 0];
  while (from < source.length && to < rawBytes) {
    let control = source[from++] as number;
    for (
      let item = 0;
      item < ITEMS && from < source.length && to < rawBytes;
      item++, control >>= 1
    ) {
      if ((control & 1) === 0) {
        out[to++] = source[from++] as number;
        continue;
      }
      if (from + 1 >= source.length) return out.subarray(0, to);
      const [first, second] = [source[from] as number, source[from + 1] as number];
      let length = (first & 0x0f) + SHORTEST;
      const back = ((first & 0xf0) << 4) | second;
      from += 2;
      if (length === LONGEST_SHORT) length += source[from++] ?? 0;
      if (back === 0 || back > to) return null;
      for (const end = Math.min(to + length, rawBytes); to < end; to++)
        out[to] = out[to - back] as number;
    }
  }
  return out.subarray(0, to);
}
