import { renderMarkdown, type Block } from "@sinetti/paper";
import { renderPdf } from "@sinetti/paper/pdf";
import fc from "fast-check";
import { expect, test } from "vitest";

import { paperOf } from "./samplePaper.ts";

const anyText = fc.string({ unit: "binary", maxLength: 80 });
const markup = fc.string({
  unit: fc.constantFrom(..."*_`[]()<>#-+=~|\\$&; \n1.ax".split("")),
  maxLength: 60,
});

const blocksOf = (text: string): Block[] => [
  { type: "heading", level: 2, text },
  { type: "paragraph", text: [{ text, bold: true }, { text, mono: true }, { text }] },
  { type: "list", items: [{ text, items: [{ text }] }] },
  { type: "fields", rows: [{ label: "Label", value: text }] },
  { type: "table", head: ["Head"], rows: [[text]] },
  { type: "slip", blocks: [{ type: "paragraph", text }] },
];

test("whatever the text, both forms are made", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const paper = paperOf(blocksOf(text));
      expect((await renderPdf(paper)).length).toBeGreaterThan(0);
      expect(renderMarkdown(paper).isWellFormed()).toBe(true);
    }),
    { numRuns: 12 },
  );
}, 60_000);

test("no text opens a block, a link or a tag of its own in Markdown", () => {
  fc.assert(
    fc.property(markup, (text) => {
      const body = renderMarkdown(paperOf([{ type: "paragraph", text }]));
      for (const line of body.split("\n")) {
        expect(line).not.toMatch(/^\s*(?:#|>|[-+=*](?:\s|$)|\d+[.)]|`{3}|~{3})/);
        expect(line).not.toMatch(/(?<!\\)(?:\\\\)*[*_`<~$]/);
        expect(line).not.toMatch(/(?<!\\)(?:\\\\)*\](?:\(|\[|:)/);
      }
    }),
    { numRuns: 500 },
  );
});
