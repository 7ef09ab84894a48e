const MORE = 15;
const SHORTEST = 4;

/**
 * Decompresses one LZ4 block (lz4_Block_format.md) of a known size: sequences of literals and a copy of what came before.
 * Gives as much as can be read; null: these bytes are no such block.
 */
export function decompressLz4(source: Uint8Array, rawBytes: number): Uint8Array | null {
  const out = new Uint8Array(rawBytes);
  let [from, to] = [0, 0];
  const more = (length: number): number => {
    if (length !== MORE) return length;
    let total = length;
    for (let byte = 255; byte === 255 && from < source.length;)
      total += byte = source[from++] as number;
    return total;
  };
  while (from < source.length) {
    const token = source[from++] as number;
    const literals = more(token >> 4);
    const end = Math.min(from + literals, source.length, from + rawBytes - to);
    out.set(source.subarray(from, end), to);
    to += end - from;
    from += literals;
    if (from + 1 >= source.length || to >= rawBytes) break;
    const back = (source[from] as number) | ((source[from + 1] as number) << 8);
    from += 2;
    if (back === 0 || back > to) return null;
    const length = more(token & 0x0f) + SHORTEST;
    for (const stop = Math.min(to + length, rawBytes); to < stop; to++)
      out[to] = out[to - back] as number;
  }
  return out.subarray(0, to);
}
