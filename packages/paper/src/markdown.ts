import type { Block, Field, Item, Paper, Text } from "./paper.ts";
import { markdownCode, markdownHeading, markdownText } from "./markdownText.ts";

const prefixed = (lines: readonly string[], prefix: string): string[] =>
  lines.map((line) => (line === "" ? prefix.trimEnd() : prefix + line));

function textLines(text: Text): string[] {
  return markdownText(text).split("\n");
}

/** What belongs to an item is indented to where its text starts. */
function itemLines(item: Item, marker: string): string[] {
  const indent = " ".repeat(marker.length);
  const [first = "", ...rest] = textLines(item.text);
  return [marker + first, ...prefixed([...rest, ...listLines(item.items ?? [], false)], indent)];
}

function listLines(items: readonly Item[], ordered: boolean): string[] {
  return items.flatMap((item, index) => itemLines(item, ordered ? `${index + 1}. ` : "- "));
}

function fieldLines({ label, value, items }: Field): string[] {
  const [first = "", ...rest] = textLines(value);
  const line = `- ${markdownText(label)}: ${first}`.trimEnd();
  return [line, ...prefixed([...rest, ...listLines(items ?? [], false)], "  ")];
}

function cell(text: Text): string {
  return markdownText(text).replaceAll("|", "\\|").replaceAll(/\\?\n/g, "<br>");
}

function tableLines({ head, rows, numeric }: Extract<Block, { type: "table" }>): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (numeric?.includes(column) === true ? "---:" : "---"));
  return [line(head.map(cell)), line(rule), ...rows.map((row) => line(row.map(cell)))];
}

function loud(text: Text): Text {
  const spans = typeof text === "string" ? [{ text }] : text;
  return spans.map((span) => ({ ...span, bold: true }));
}

function qrLines({ text, caption }: Extract<Block, { type: "qr" }>): string[] {
  const code = markdownCode(text);
  return caption === undefined ? code : [...textLines(caption), "", ...code];
}

function blockLines(block: Block): string[] {
  switch (block.type) {
    case "heading":
      return [`${"#".repeat(block.level)} ${markdownHeading(block.text)}`];
    case "paragraph":
      return textLines(block.tone === "alarm" ? loud(block.text) : block.text);
    case "list":
      return listLines(block.items, block.ordered === true);
    case "fields":
      return block.rows.flatMap(fieldLines);
    case "table":
      return tableLines(block);
    case "code":
      return markdownCode(block.text);
    case "qr":
      return qrLines(block);
    case "slip":
      return prefixed(manyLines(block.blocks), "> ");
    default:
      return ["---"];
  }
}

/** Two lists that follow each other would be read as one: an empty comment keeps them apart. */
function needsComment(before: Block | undefined, block: Block): boolean {
  const isList = (one: Block | undefined): boolean =>
    one?.type === "list" || one?.type === "fields";
  return isList(before) && isList(block);
}

function manyLines(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block, index) => {
    const lines = blockLines(block);
    if (index === 0) return lines;
    return needsComment(blocks[index - 1], block) ? ["", "<!-- -->", "", ...lines] : ["", ...lines];
  });
}

/**
 * Renders a paper as Markdown (CommonMark with GitHub's tables): UTF-8 text that ends with a line end.
 * Text is never markup: what stands in a block is escaped, and characters that show nothing print as their code point.
 */
export function renderMarkdown(paper: Paper): string {
  const head: Block[] =
    paper.watermark === undefined
      ? []
      : [{ type: "paragraph", text: paper.watermark, tone: "alarm" }];
  const foot: Block[] =
    paper.footer === undefined
      ? []
      : [{ type: "rule" }, { type: "paragraph", text: [{ text: paper.footer, italic: true }] }];
  return `${manyLines([...head, ...paper.blocks, ...foot]).join("\n")}\n`;
}
