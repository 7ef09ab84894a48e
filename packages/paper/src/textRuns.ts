import type { ContentText } from "pdfmake/interfaces.js";

import { faceRuns } from "./faces.ts";
import type { Span, Text } from "./paper.ts";
import { colours, MONO_DROP, MONO_LINE_HEIGHT } from "./sheet.ts";

/** An option of a command is typed as one word, so it is printed as one; longer words may break. */
const option = /^--[a-z-]{2,18} ?$/;

function spanRuns(span: Span): ContentText[] {
  const { bold = false, italic = false, mono = false, quiet = false } = span;
  const words = mono ? span.text.split(/(?<= )/) : [span.text];
  return words.flatMap((word) =>
    faceRuns(word, mono ? "Mono" : "Text").map(({ text, face }) => ({
      text,
      font: face,
      ...(face === "Mono" ? { lineHeight: MONO_LINE_HEIGHT } : {}),
      ...(option.test(word) ? { noWrap: true } : {}),
      ...(italic ? { italics: true } : {}),
      ...(bold ? { bold } : {}),
      ...(quiet ? { color: colours.quiet, fontSize: 8 } : {}),
    })),
  );
}

/** How much lower a line of fixed width starts, so that it stands on the line of the text beside it. */
export function drop(text: Text): number {
  const isMono =
    typeof text !== "string" && text.length > 0 && text.every(({ mono }) => mono === true);
  return isMono ? MONO_DROP : 0;
}

/** The runs of a text, each in a face that has its characters. */
export function textRuns(text: Text): ContentText[] {
  return (typeof text === "string" ? [{ text }] : text).flatMap(spanRuns);
}
