import { renderMarkdown, type Block, type Text } from "@sinetti/paper";
import { expect, test } from "vitest";

import { paperOf } from "./samplePaper.ts";

const markdown = (...blocks: Block[]): string => renderMarkdown(paperOf(blocks));
const paragraph = (text: Text): string => markdown({ type: "paragraph", text }).trimEnd();

test("a label stands on its own line, its items below it", () => {
  const rows = [
    { label: "Date/Time", value: "28 Sep 2020" },
    { label: "Details", value: "", items: [{ text: "first" }, { text: "second" }] },
  ];
  expect(markdown({ type: "fields", rows })).toBe(
    "- Date/Time: 28 Sep 2020\n- Details:\n  - first\n  - second\n",
  );
});

test.each([
  ["*bold*", String.raw`\*bold\*`],
  ["# heading", String.raw`\# heading`],
  ["- item", String.raw`\- item`],
  ["12. item", String.raw`12\. item`],
  ["> quote", String.raw`\> quote`],
  ["<script>", String.raw`\<script>`],
  ["&amp;", String.raw`\&amp;`],
  ["[a](b)", String.raw`[a\](b)`],
  ["[a]: b", String.raw`[a\]: b`],
  ["    code", "code"],
  ["`code`", String.raw`\`code\``],
  ["~~gone~~ $x$ a_b_", String.raw`\~\~gone\~\~ \$x\$ a\_b\_`],
  ["setext\n===", "setext\\\n\\==="],
])("text is never markup: %j", (text, shown) => {
  expect(paragraph(text)).toBe(shown);
});

test("what is no markup is left as it is", () => {
  const text = "R&D, 3 * 4 is not here; [S3] 40,000 EUR (about 12.5) -- 100 %!";
  expect(paragraph(text)).toBe(text.replace("*", String.raw`\*`));
});

test("a bracket does not meet its partner in the next span", () => {
  expect(paragraph([{ text: "[a]" }, { text: "(b)", bold: true }])).toBe(String.raw`[a\]**(b)**`);
});

test("emphasis that would not be read as emphasis is left out, its text is not", () => {
  expect(paragraph([{ text: "Theme:", bold: true }, { text: "text" }])).toBe("Theme:text");
  expect(paragraph([{ text: "Theme: ", bold: true }, { text: "text" }])).toBe("**Theme:** text");
});

test("a fixed-width span holds ticks as they stand", () => {
  expect(paragraph([{ text: "a`b", mono: true }])).toBe("``a`b``");
  expect(markdown({ type: "code", text: "```\nx" })).toBe("````\n```\nx\n````\n");
});

test("what shows nothing prints as its code point", () => {
  expect(paragraph("a\u202Eb\u200Bc\u0000")).toBe("a[U+202E]b[U+200B]c[U+0000]");
});

test("a cell holds bars and line ends", () => {
  const table = markdown({
    type: "table",
    head: ["a", "b"],
    rows: [["x|y", "1\n2"]],
    numeric: [1],
  });
  expect(table).toBe("| a | b |\n| --- | ---: |\n| x\\|y | 1<br>2 |\n");
});

test("a slip is set apart, whatever it holds", () => {
  const blocks: Block[] = [
    { type: "heading", level: 3, text: "Slip #" },
    { type: "code", text: "AB-CD" },
  ];
  expect(markdown({ type: "slip", blocks })).toBe("> ### Slip \\#\n>\n> ```\n> AB-CD\n> ```\n");
});

test("two lists in a row stay two", () => {
  const list: Block = { type: "list", items: [{ text: "one" }] };
  expect(markdown(list, list)).toContain("- one\n\n<!-- -->\n\n- one");
});

test("watermark and footer are said", () => {
  const text = renderMarkdown(paperOf([], { watermark: "DRILL", footer: "Sinetti" }));
  expect(text).toBe("**DRILL**\n\n---\n\n*Sinetti*\n");
});
