import type { Paper } from "./paper.ts";

/**
 * Renders a paper as PDF 1.7 on A4: the file's bytes, the same for the same paper.
 * Throws RangeError when `made` is no instant, a row of a table has too few or too many cells, a slip is taller than
 * a page, a code cannot be printed without breaking it, or a QR code would hold too much.
 */
export async function renderPdf(paper: Paper): Promise<Uint8Array> {
  // The library and its faces are large: a program that prints nothing does not load them.
  const { makePdf } = await import("./pdfDocument.ts");
  return makePdf(paper);
}
