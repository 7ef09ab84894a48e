import { inflateSync } from "node:zlib";

/** What stands in a PDF in a fixed-width face, as codes do: each piece of a line is a string of its own in the drawing orders. */
export function readFixedWidthText(file: Buffer): string {
  const raw = file.toString("latin1");
  const streams = raw.matchAll(/\/Length (\d+)\s*\/Filter \/FlateDecode\s*>>\s*stream\n/g);
  return Array.from(streams, (found) => {
    const start = found.index + found[0].length;
    const drawn = inflateSync(file.subarray(start, start + Number(found[1]))).toString("latin1");
    return Array.from(drawn.matchAll(/\[([^\]]*)\] TJ/g), ([, pieces = ""]) =>
      Array.from(pieces.matchAll(/<([0-9a-f]*)>/g), ([, hex = ""]) =>
        Buffer.from(hex, "hex").toString("latin1"),
      ).join(""),
    ).join("\n");
  }).join("\n");
}
