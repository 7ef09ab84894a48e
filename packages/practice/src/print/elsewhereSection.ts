import type { Block } from "@sinetti/paper";
import { liveCare } from "./careSections.ts";
import { elsewhereDay, elsewhereText } from "../chart/elsewhereText.ts";
import { section, type Printing } from "./printing.ts";

const ELSEWHERE = [
  "encounter",
  "observations",
  "procedure",
  "communication",
  "consent",
  "questionnaireAnswers",
] as const;

/** What other systems recorded: contacts and what was done, line by line; the rest by kind. */
export function elsewhereSection(printing: Printing): Block[] {
  const { word, date, say } = printing;
  const rows = ELSEWHERE.flatMap((type) =>
    liveCare(printing, type).map(({ body }) => ({
      on: elsewhereDay(body),
      text: elsewhereText(body),
      kind: type,
    })),
  ).sort((a, b) => (a.on < b.on ? -1 : 1));
  const kept = new Map<string, number>();
  for (const { compartment, body } of printing.record.entries) {
    if (compartment !== "care" || body.type !== "sourceDocument") continue;
    for (const { kind, originalOf, part } of body.documents)
      if (originalOf === undefined && (part?.index ?? 0) === 0)
        kept.set(kind, (kept.get(kind) ?? 0) + 1);
  }
  if (rows.length === 0 && kept.size === 0) return [];
  const blocks: Block[] = [{ type: "paragraph", tone: "quiet", text: word("elsewhereText") }];
  if (rows.length > 0)
    blocks.push({
      type: "table",
      head: [word("when"), word("kind"), word("what")],
      rows: rows.map(({ on, text, kind }) => [on === "" ? "" : date(on), say(kind), text]),
      widths: [18, 22, 60],
    });
  if (kept.size > 0)
    blocks.push({
      type: "table",
      head: [word("kind"), word("count")],
      rows: [...kept]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, count]) => [kind, String(count)]),
      widths: [80, 20],
      numeric: [1],
    });
  return section(word("elsewhere"), blocks);
}
