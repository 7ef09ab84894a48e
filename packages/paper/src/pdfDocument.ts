import type { Content, TDocumentDefinitions } from "pdfmake/interfaces.js";

import { blocksContent } from "./blockContent.ts";
import { loadedPdfMake } from "./faces.ts";
import type { Block, Paper } from "./paper.ts";
import { BODY_SIZE, colours, LINE_HEIGHT, MARGINS, styles, TEXT_WIDTH } from "./sheet.ts";
import { textRuns } from "./textRuns.ts";

const pageWords: Record<Paper["language"], (page: number, pages: number) => string> = {
  en: (page, pages) => `Page ${page} of ${pages}`,
  fi: (page, pages) => `Sivu ${page}/${pages}`,
  sv: (page, pages) => `Sida ${page} av ${pages}`,
};

function header(paper: Paper, page: number): Content {
  if (page === 1) return "";
  const margin: [number, number, number, number] = [MARGINS.left, 40, MARGINS.right, 0];
  return { text: textRuns(paper.title), style: "edge", margin };
}

function footer(paper: Paper, page: number, pages: number): Content {
  return {
    columns: [
      { text: textRuns(paper.footer ?? ""), style: "edge", width: "*" },
      { text: pageWords[paper.language](page, pages), style: "edge", width: "auto" },
    ],
    columnGap: 24,
    margin: [MARGINS.left, 30, MARGINS.right, 0],
  };
}

function definition(paper: Paper, content: Content[]): TDocumentDefinitions {
  const made = new Date(paper.made);
  if (Number.isNaN(made.getTime())) throw new RangeError("made is an ISO 8601 instant");
  return {
    version: "1.7",
    language: paper.language,
    displayTitle: true,
    info: {
      title: paper.title,
      creator: "Sinetti",
      producer: "Sinetti",
      creationDate: made,
      modDate: made,
    },
    pageSize: "A4",
    pageMargins: [MARGINS.left, MARGINS.top, MARGINS.right, MARGINS.bottom],
    defaultStyle: {
      font: "Text",
      fontSize: BODY_SIZE,
      lineHeight: LINE_HEIGHT,
      color: colours.ink,
    },
    styles,
    header: (page) => header(paper, page),
    footer: (page, pages) => footer(paper, page, pages),
    ...(paper.watermark === undefined
      ? {}
      : {
          watermark: {
            text: paper.watermark,
            font: "Text",
            bold: true,
            color: colours.alarm,
            opacity: 0.07,
          },
        }),
    content,
  };
}

/** The layout drops what an unbreakable block has beyond one page, without a word: so each is tried on pages of its own. */
async function refuseTallSlips(paper: Paper): Promise<void> {
  const slips = paper.blocks.filter(
    (block): block is Extract<Block, { type: "slip" }> => block.type === "slip",
  );
  if (slips.length === 0) return;
  let pageCount = 0;
  const content = blocksContent(slips, TEXT_WIDTH).map((slip, index): Content =>
    Object.assign(
      slip,
      { unbreakable: false, margin: 0 },
      index === 0 ? {} : { pageBreak: "before" },
    ),
  );
  const probe = definition(paper, content);
  const counted = { ...probe, footer: (_: number, pages: number) => ((pageCount = pages), "") };
  await loadedPdfMake().createPdf(counted).getStream();
  if (pageCount > slips.length) throw new RangeError("a slip is taller than a page");
}

/** The document's bytes, by the library. */
export async function makePdf(paper: Paper): Promise<Uint8Array> {
  await refuseTallSlips(paper);
  const made = loadedPdfMake().createPdf(
    definition(paper, blocksContent(paper.blocks, TEXT_WIDTH)),
  );
  return new Uint8Array(await made.getBuffer());
}
