/** Offset of a table of a TrueType face by its four-letter name (OpenType 1.9, table directory). */
function tableOffset(face: DataView, name: string): number {
  const count = face.getUint16(4);
  for (let index = 0; index < count; index += 1) {
    const at = 12 + 16 * index;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((step) => face.getUint8(at + step)));
    if (tag === name) return face.getUint32(at + 8);
  }
  throw new TypeError(`the face has no table ${name}`);
}

function unicodeSubtable(face: DataView): number {
  const start = tableOffset(face, "cmap");
  const count = face.getUint16(start + 2);
  for (let index = 0; index < count; index += 1) {
    const at = start + face.getUint32(start + 4 + 8 * index + 4);
    if (face.getUint16(at) === 4) return at;
  }
  throw new TypeError("the face has no character map of format 4");
}

/** The code points of the Basic Multilingual Plane that a TrueType face has a glyph for (OpenType 1.9, cmap format 4). */
export function readCharacterMap(bytes: Uint8Array): ReadonlySet<number> {
  const face = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const map = unicodeSubtable(face);
  const doubled = face.getUint16(map + 6);
  const [ends, starts] = [map + 14, map + 16 + doubled];
  const [deltas, ranges] = [starts + doubled, starts + 2 * doubled];
  const found = new Set<number>();
  for (let step = 0; step < doubled; step += 2) {
    const [start, end] = [face.getUint16(starts + step), face.getUint16(ends + step)];
    const range = face.getUint16(ranges + step);
    for (let code = start; code <= end && code < 0xffff; code += 1) {
      const glyph = range === 0 ? code : face.getUint16(ranges + step + range + 2 * (code - start));
      const isThere = range !== 0 && glyph === 0 ? 0 : glyph + face.getUint16(deltas + step);
      if ((isThere & 0xffff) !== 0) found.add(code);
    }
  }
  return found;
}
