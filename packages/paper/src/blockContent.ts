import type { Content, TableCell } from "pdfmake/interfaces.js";

import { codeContent, qrContent } from "./codeContent.ts";
import type { Block, Field, Item, Text } from "./paper.ts";
import { colours, headingMargins, SLIP_PADDING, slipLayout, tableLayout } from "./sheet.ts";
import { drop, textRuns } from "./textRuns.ts";

type BlockOf<Type extends Block["type"]> = Extract<Block, { type: Type }>;

const PARAGRAPH_SPACE = 7;
const COLUMN_SPACE = 14;
/** What must fit below a heading, or the heading goes to the next page too. */
const ROOM_BELOW_HEADING = 46;
const LONGEST_HEADING = 800;
/** Characters of a label that needs a narrow column only: S12. */
const SHORT_LABEL = 5;
/** Characters of what is short enough to stand on one page. */
const KEPT_WHOLE = 400;

function headings(blocks: readonly BlockOf<"heading">[]): Content {
  const stack = blocks.map(({ level, text }, index): Content => {
    const [left, top, right, bottom] = headingMargins[level];
    // The first heading of several gives the space above them.
    const above = index === 0 ? top : Math.min(top, 4);
    return {
      text: textRuns(text),
      style: `heading${level}`,
      margin: [left, above, right, bottom],
    };
  });
  // What cannot be broken and fills a page would lose its end.
  const isLong = blocks.reduce((sum, { text }) => sum + text.length, 0) > LONGEST_HEADING;
  const room: Content = { text: "", fontSize: 1, margin: [0, 0, 0, ROOM_BELOW_HEADING] };
  return { stack: [...stack, room], unbreakable: !isLong, margin: [0, 0, 0, -ROOM_BELOW_HEADING] };
}

function paragraph({ text, tone }: BlockOf<"paragraph">): Content {
  return {
    text: textRuns(text),
    unbreakable: lengthOf(text) < KEPT_WHOLE,
    margin: [0, 0, 0, PARAGRAPH_SPACE],
    ...(tone === undefined ? {} : { style: tone }),
  };
}

function item({ text, items }: Item): Content {
  const line: Content = { text: textRuns(text), margin: [0, drop(text), 0, 2] };
  return items === undefined || items.length === 0 ? line : { stack: [line, list(items, false)] };
}

function list(items: readonly Item[], isOrdered: boolean): Content {
  const content = items.map(item);
  const margin: [number, number, number, number] = [0, 0, 0, 2];
  if (isOrdered) return { ol: content, markerColor: colours.quiet, margin };
  return { ul: content, markerColor: colours.quiet, margin };
}

/** The same for all papers, as far as the labels allow: what stands below each other should start below each other. */
function labelWidth(rows: readonly Field[], width: number): number {
  const longest = Math.max(0, ...rows.map(({ label }) => label.length));
  if (longest <= SHORT_LABEL) return 34;
  return Math.min(width * 0.36, Math.max(116, longest * 5.2 + 8));
}

function lengthOf(text: Text, items: readonly Item[] = []): number {
  const own =
    typeof text === "string" ? text.length : text.reduce((sum, span) => sum + span.text.length, 0);
  return items.reduce((sum, one) => sum + lengthOf(one.text, one.items), own);
}

function field({ label, value, items = [] }: Field, labels: number, width: number): Content {
  const below = items.length === 0 ? [] : [list(items, false)];
  const isEmpty = value.length === 0 && below.length > 0;
  const line: Content[] = isEmpty
    ? []
    : [{ text: textRuns(value), margin: [0, drop(value), 0, 2] }];
  return {
    columns: [
      { width: labels, text: textRuns(`${label}:`), style: "label" },
      { width: width - labels - COLUMN_SPACE, stack: [...line, ...below] },
    ],
    columnGap: COLUMN_SPACE,
    unbreakable: lengthOf(value, items) < KEPT_WHOLE,
    margin: [0, 0, 0, 3],
  };
}

function fields({ rows }: BlockOf<"fields">, width: number): Content {
  const labels = labelWidth(rows, width);
  const stack = rows.map((row) => field(row, labels, width));
  return { stack, margin: [0, 0, 0, PARAGRAPH_SPACE - 3] };
}

function columnWidths({ head, widths }: BlockOf<"table">, width: number): number[] {
  const shares = widths ?? head.map(() => 1);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const room = width - COLUMN_SPACE * (head.length - 1);
  return shares.map((share) => (share / whole) * room);
}

function table(block: BlockOf<"table">, width: number): Content {
  const { head, rows, numeric = [], widths } = block;
  if ([...rows, widths ?? head].some((cells) => cells.length !== head.length))
    throw new RangeError("each row of a table has as many cells as its head");
  const line = (cells: readonly Text[], style?: string): TableCell[] =>
    cells.map((cell, column) => ({
      text: textRuns(cell),
      margin: [0, drop(cell), 0, 0],
      ...(style === undefined ? {} : { style }),
      ...(numeric.includes(column) ? { alignment: "right" } : {}),
    }));
  return {
    table: {
      headerRows: 1,
      widths: columnWidths(block, width),
      body: [line(head, "head"), ...rows.map((row) => line(row))],
    },
    layout: tableLayout,
    margin: [0, 0, 0, PARAGRAPH_SPACE + 3],
  };
}

function slip({ blocks }: BlockOf<"slip">, width: number): Content {
  const inner = width - 2 * SLIP_PADDING - 2;
  return {
    table: { widths: [inner], body: [[{ stack: blocksContent(blocks, inner) }]] },
    layout: slipLayout,
    unbreakable: true,
    margin: [0, 2, 0, 14],
  };
}

function rule(width: number): Content {
  const line = { type: "line", x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.6 } as const;
  return { canvas: [{ ...line, lineColor: colours.line }], margin: [0, 5, 0, 11] };
}

function blockContent(block: Block, width: number): Content {
  switch (block.type) {
    case "heading":
      return headings([block]);
    case "paragraph":
      return paragraph(block);
    case "list":
      return {
        stack: [list(block.items, block.ordered === true)],
        margin: [0, 0, 0, PARAGRAPH_SPACE - 2],
      };
    case "fields":
      return fields(block, width);
    case "table":
      return table(block, width);
    case "code":
      return codeContent(block.text, width);
    case "qr":
      return qrContent(block);
    case "slip":
      return slip(block, width);
    case "rule":
      return rule(width);
    default:
      return { text: "", fontSize: 1, pageBreak: "after" };
  }
}

/** Blocks as the content of a column of `width` points; headings that follow each other stay together. */
export function blocksContent(blocks: readonly Block[], width: number): Content[] {
  const result: Content[] = [];
  let run: BlockOf<"heading">[] = [];
  for (const block of blocks) {
    if (block.type === "heading") {
      run.push(block);
      continue;
    }
    if (run.length > 0) result.push(headings(run));
    run = [];
    result.push(blockContent(block, width));
  }
  if (run.length > 0) result.push(headings(run));
  return result;
}
