import type { Block, Field, Item, Paper, Span } from "@sinetti/paper";

import { readTime, timeText } from "../facts/time.ts";
import type { Label, Mark, Report, Section, Statement } from "./report.ts";

type Body = Omit<Label, "label">;

const markText = ({ number, at }: Mark): string =>
  `[S${number}${at === undefined ? "" : `, ${at}`}]`;

/** Where a statement comes from, and how far it holds: ` [S3] [S5, section 2] claimed`. */
function marksText({ sources, status }: Statement): string {
  return ` ${sources.map(markText).join(" ")} ${status}`;
}

function statementSpans(statement: Statement): Span[] {
  const { lead, text } = statement;
  const head: Span[] = lead === undefined ? [] : [{ text: `${lead}:`, bold: true }, { text: " " }];
  return [...head, { text }, { text: marksText(statement), quiet: true }];
}

/** Remarks as sentences. */
function remarkText(remarks: readonly string[]): string {
  return remarks.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(" ");
}

function remarkItem(remarks: readonly string[]): Item {
  return { text: [{ text: remarkText(remarks), italic: true }] };
}

function below({ remarks, others }: Statement): Item[] {
  return [...(remarks.length === 0 ? [] : [remarkItem(remarks)]), ...others.map(statementItem)];
}

function statementItem(statement: Statement): Item {
  const items = below(statement);
  return { text: statementSpans(statement), ...(items.length === 0 ? {} : { items }) };
}

const missing = (reason: string): string => `Not established: ${reason}`;

function field({ label, reference, statements, notEstablished }: Label): Field {
  if (reference !== undefined) {
    const items =
      notEstablished === undefined
        ? statements.map(statementItem)
        : [{ text: missing(notEstablished) }];
    return { label, value: [{ text: reference, quiet: true }], items };
  }
  if (notEstablished !== undefined) return { label, value: missing(notEstablished) };
  const [only, ...more] = statements;
  return only !== undefined && more.length === 0
    ? { label, value: statementSpans(only), items: below(only) }
    : { label, value: "", items: statements.map(statementItem) };
}

function bodyBlocks({ statements, notEstablished }: Body): Block[] {
  if (notEstablished !== undefined) return [{ type: "paragraph", text: missing(notEstablished) }];
  if (statements.some(({ lead }) => lead !== undefined))
    return [{ type: "list", items: statements.map(statementItem) }];
  return statements.flatMap((statement): Block[] => {
    const { remarks, others } = statement;
    const paragraph: Block = { type: "paragraph", text: statementSpans(statement) };
    if (others.length > 0) return [paragraph, { type: "list", items: below(statement) }];
    return remarks.length === 0
      ? [paragraph]
      : [paragraph, { type: "paragraph", text: remarkItem(remarks).text, tone: "quiet" }];
  });
}

/** `Note:` in italics, as one sentence after the other, each with its sources. */
function noteBlock({ statements, notEstablished }: Body): Block {
  const said = statements.map((one) => {
    const remarks = one.remarks.length === 0 ? "" : ` ${remarkText(one.remarks)}`;
    return `${one.text}${remarks} (${marksText(one).trim()})`;
  });
  const text = notEstablished === undefined ? said.join(" ") : missing(notEstablished);
  return { type: "paragraph", text: [{ text: `Note: ${text}`, italic: true }] };
}

function sectionBlocks({ level, heading, body, note, labels }: Section): Block[] {
  return [
    { type: "heading", level, text: heading },
    ...(body === undefined ? [] : bodyBlocks(body)),
    ...(note === undefined ? [] : [noteBlock(note)]),
    ...(labels.length === 0 ? [] : [{ type: "fields", rows: labels.map(field) } as const]),
  ];
}

function dateText(date: string | number): string {
  const time = readTime(String(date));
  return time === undefined ? String(date) : timeText(time);
}

function sourceRow({
  number,
  title,
  publisher,
  date,
  url,
  gap,
  kind,
  public: isPublic,
}: Report["sources"][number]): Field {
  const said = [
    `${title}.`,
    `${publisher},`,
    date === undefined ? "undated;" : `${dateText(date)};`,
    `${kind}${isPublic ? "" : ", not public"}.`,
  ];
  const items: Item[] = [
    ...(url === undefined ? [] : [{ text: [{ text: url, quiet: true }] }]),
    ...(gap === undefined ? [] : [{ text: [{ text: `Not checked: ${gap}`, italic: true }] }]),
  ];
  return { label: `S${number}`, value: said.join(" "), ...(items.length === 0 ? {} : { items }) };
}

const INTRODUCTION =
  "Each statement carries its sources in brackets and how far it holds: claimed (one source says so), corroborated (two that do not copy each other), verified (read in the original), inferred (on the grounds given) or refuted. Where sources differ, all are given, and one is used with a reason. What nobody has established is said to be not established.";

/** The report as a paper, for Markdown and for PDF: headings and labels as they stand, and the sources at the end. */
export function reportPaper(report: Report): Paper {
  const { title, compiled, sections, sources } = report;
  return {
    title: `Incident Report: ${title}`,
    language: "en",
    footer: `Compiled ${dateText(compiled)}`,
    made: `${compiled}T00:00:00Z`,
    blocks: [
      { type: "heading", level: 1, text: `Incident Report: ${title}` },
      { type: "paragraph", text: `Compiled ${dateText(compiled)}. ${INTRODUCTION}`, tone: "quiet" },
      ...sections.flatMap(sectionBlocks),
      { type: "heading", level: 2, text: "Sources" },
      { type: "fields", rows: sources.map(sourceRow) },
    ],
  };
}
