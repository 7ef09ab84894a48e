import type { Content, ContentText } from "pdfmake/interfaces.js";

import { faceRuns } from "./faces.ts";
import type { Block } from "./paper.ts";
import { codeLayout } from "./sheet.ts";
import { textRuns } from "./textRuns.ts";

const LARGEST = 17;
const SMALLEST = 5;
/** Advance of Courier's characters, per point of size. */
const ADVANCE = 0.6;
const PADDING = 12;
const MOST_LINES = 24;
/** What a code of version 40 with medium correction holds (ISO/IEC 18004 table 7). */
const MOST_QR_BYTES = 2331;

function codeSize(lines: readonly string[], room: number): number {
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const size = Math.min(LARGEST, room / (longest * ADVANCE));
  if (size < SMALLEST || lines.length > MOST_LINES)
    throw new RangeError("a code of this length cannot be printed without breaking it");
  return size;
}

/** A code in large type of fixed width: the size gives way, the line never does. */
export function codeContent(text: string, width: number): Content {
  const runs = faceRuns(text, "Mono");
  const room = width - 2 * PADDING - 2;
  const size = codeSize(
    runs
      .map((run) => run.text)
      .join("")
      .split("\n"),
    room,
  );
  const content: ContentText[] = runs.map((run) => ({
    text: run.text,
    font: run.face,
    bold: true,
    fontSize: size,
    preserveLeadingSpaces: true,
  }));
  return {
    table: { widths: [width - 2 * PADDING], body: [[{ text: content, noWrap: true }]] },
    layout: codeLayout,
    unbreakable: true,
    margin: [0, 2, 0, 10],
  };
}

/** Points of a side: modules of 2 to 3 points (0.7 to 1 mm), which a phone reads off paper. */
function qrSize(sizeBytes: number): number {
  const [, size = 400] =
    [[150, 116] as const, [400, 140] as const, [900, 240] as const].find(
      ([most]) => sizeBytes < most,
    ) ?? [];
  return size;
}

/** A QR code with its quiet zone, larger the more it holds, and its caption. */
export function qrContent({ text, caption }: Extract<Block, { type: "qr" }>): Content {
  const sizeBytes = new TextEncoder().encode(text).length;
  if (sizeBytes > MOST_QR_BYTES) throw new RangeError(`a QR code holds ${MOST_QR_BYTES} bytes`);
  const fit = qrSize(sizeBytes);
  const below: Content[] =
    caption === undefined ? [] : [{ text: textRuns(caption), style: "quiet" }];
  return {
    stack: [
      { qr: text, eccLevel: "M", fit, padding: 0 },
      { text: "", margin: [0, 4, 0, 0], fontSize: 1 },
      ...below,
    ],
    unbreakable: true,
    margin: [0, 6, 0, 12],
  };
}
